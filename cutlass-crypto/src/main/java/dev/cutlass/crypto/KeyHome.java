package dev.cutlass.crypto;

import dev.cutlass.crypto.KeyFileException.Reason;
import dev.cutlass.crypto.file.PrivateFiles;
import dev.cutlass.crypto.primitive.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** The key file in its home directory. Whoever writes holds the directory's lock, so two processes never make two identities. */
final class KeyHome {
    private final Path home;
    private final Path file;
    private final KeyFile.Cost cost;

    KeyHome(Path home) {
        this(home, KeyFile.Cost.DEFAULT);
    }

    /** For tests, which cannot wait for Argon2id a thousand times. */
    KeyHome(Path home, KeyFile.Cost cost) {
        this.home = home;
        this.file = home.resolve(Identity.KEY_FILE);
        this.cost = cost;
    }

    Identity loadOrCreate(char @Nullable [] passphrase) throws KeyFileException {
        return Files.exists(file)
                ? load(passphrase)
                : locked(() -> Files.exists(file) ? load(passphrase) : createLocked(passphrase));
    }

    Identity create(char @Nullable [] passphrase) throws KeyFileException {
        return locked(() -> {
            if (Files.exists(file)) {
                throw alreadyExists("");
            }
            return createLocked(passphrase);
        });
    }

    Identity load(char @Nullable [] passphrase) throws KeyFileException {
        byte[] bytes;
        try {
            if (Files.notExists(file)) {
                throw new KeyFileException(
                        Reason.MISSING,
                        "there is no key file " + file + ": check the directory, or create an identity in it");
            }
            if (PrivateFiles.isOpenToOthers(file)) {
                throw new KeyFileException(
                        Reason.PERMISSIONS_TOO_OPEN,
                        "other users may read or write " + file + ": make it private with chmod 600 " + file
                                + ", and think of the key as known if they can have read it");
            }
            bytes = PrivateFiles.read(file, KeyFile.MAX_LENGTH);
        } catch (KeyFileException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable("read", e);
        }
        return KeyFile.decode(bytes, passphrase, file.toString());
    }

    void changePassphrase(char @Nullable [] old, char @Nullable [] replacement) throws KeyFileException {
        locked(() -> {
            try (Identity identity = load(old)) {
                write(identity, replacement);
                return identity;
            }
        });
    }

    void save(Identity identity, char @Nullable [] passphrase) throws KeyFileException {
        locked(() -> {
            if (Files.exists(file)) {
                try (Identity present = load(passphrase)) {
                    if (!present.id().equals(identity.id())) {
                        throw alreadyExists(" of another identity");
                    }
                }
            }
            write(identity, passphrase);
            return identity;
        });
    }

    private Identity createLocked(char @Nullable [] passphrase) throws KeyFileException {
        Identity identity = Identity.generate();
        boolean written = false;
        try {
            write(identity, passphrase);
            written = true;
            return identity;
        } finally {
            if (!written) {
                identity.close();
            }
        }
    }

    private void write(Identity identity, char @Nullable [] passphrase) throws KeyFileException {
        byte[] bytes = KeyFile.encode(identity, passphrase, cost, new SecureRandom());
        try {
            PrivateFiles.replace(file, bytes);
        } catch (IOException e) {
            throw unreadable("write", e);
        } finally {
            Secrets.wipe(bytes); // not encrypted, it is the key itself
        }
    }

    private Identity locked(Action action) throws KeyFileException {
        try {
            PrivateFiles.createDirectory(home);
            try (PrivateFiles.Lock held = PrivateFiles.lock(home)) {
                assert held != null; // it is held, not used, which the compiler would warn about
                return action.run();
            }
        } catch (KeyFileException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable("write", e);
        }
    }

    private KeyFileException alreadyExists(String whose) {
        return new KeyFileException(
                Reason.ALREADY_EXISTS,
                "there is a key file" + whose + " already: " + file
                        + ". Open it, or take another directory; it is never overwritten");
    }

    private KeyFileException unreadable(String verb, IOException cause) {
        return new KeyFileException(
                Reason.UNREADABLE,
                "cannot " + verb + " " + file + " (" + cause.getClass().getSimpleName() + ": " + cause.getMessage()
                        + "): check that " + home
                        + " is a directory that you may read and write, and that the disk is not full",
                cause);
    }

    /** What is done under the lock. */
    private interface Action {
        Identity run() throws IOException;
    }
}
