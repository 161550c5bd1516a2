package dev.cutlass.cables.setup;

import dev.cutlass.cables.pki.OwnKeys;
import dev.cutlass.cables.queue.Volume;
import dev.cutlass.crypto.primitive.Secrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;

/** The folder of keys: written beside and renamed, so that it is whole or not there. */
final class KeyFiles {
    /** Bytes: a key of 16,384 bits takes a fifth. */
    private static final int MAX_LENGTH = 64 << 10;

    private final Volume volume;
    private final HomeFolder home;

    KeyFiles(Volume volume, HomeFolder home) {
        this.volume = volume;
        this.home = home;
    }

    boolean areThere() throws IOException {
        return !volume.names(home.keys()).isEmpty();
    }

    boolean isNextThere() throws IOException {
        return !volume.names(home.nextKeys()).isEmpty();
    }

    /**
     * Reads them; a key that is to come counts already.
     *
     * @throws IllegalArgumentException if they are no good: names the file and says why
     */
    OwnKeys read(Instant now) throws IOException {
        return read(isNextThere() ? home.nextKeys() : home.keys(), now);
    }

    /** The certificate that is in its place, be another to come or not. */
    byte[] currentVerifyPem() throws IOException {
        return file(home.keys(), HomeFolder.VERIFY);
    }

    private OwnKeys read(Path signing, Instant now) throws IOException {
        final byte[] root = file(home.keys(), HomeFolder.ROOT_KEY);
        final byte[] sign = file(signing, HomeFolder.SIGN_KEY);
        try {
            return OwnKeys.read(root, sign, file(home.keys(), HomeFolder.CA), file(signing, HomeFolder.VERIFY), now);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    home.keys() + ": " + e.getMessage() + "; put back a copy of the folder, or begin with a new home",
                    e);
        } finally {
            Secrets.wipe(root);
            Secrets.wipe(sign);
        }
    }

    private byte[] file(Path folder, String name) throws IOException {
        final byte[] bytes = volume.read(folder.resolve(name), MAX_LENGTH);
        if (bytes == null) {
            throw new IllegalArgumentException(
                    folder.resolve(name) + " is missing; put back a copy of the folder, or begin with a new home");
        }
        return bytes;
    }

    /** Writes all of a new user. */
    void create(OwnKeys keys) throws IOException {
        clear(home.newKeys());
        volume.createDirectory(home.newKeys());
        write(home.newKeys(), HomeFolder.ROOT_KEY, keys.rootPem());
        write(home.newKeys(), HomeFolder.SIGN_KEY, keys.signPem());
        volume.write(home.newKeys().resolve(HomeFolder.CA), keys.caPem());
        volume.write(home.newKeys().resolve(HomeFolder.VERIFY), keys.verifyPem());
        volume.write(home.newKeys().resolve(HomeFolder.USER), (keys.user() + "\n").getBytes(StandardCharsets.US_ASCII));
        volume.rename(home.newKeys(), home.keys());
    }

    /** Writes another key that signs; from the end of this on it counts. */
    void createNext(OwnKeys keys) throws IOException {
        clear(home.newKeys());
        volume.createDirectory(home.newKeys());
        write(home.newKeys(), HomeFolder.SIGN_KEY, keys.signPem());
        volume.write(home.newKeys().resolve(HomeFolder.VERIFY), keys.verifyPem());
        volume.rename(home.newKeys(), home.nextKeys());
    }

    /** Puts the key that is to come into its place. May be cut off and repeated. */
    void install(OwnKeys keys) throws IOException {
        write(home.keys(), HomeFolder.SIGN_KEY, keys.signPem());
        volume.write(home.keys().resolve(HomeFolder.VERIFY), keys.verifyPem());
        publish(keys);
        // First out of sight in one step: without one of its files it would be taken for broken.
        clear(home.newKeys());
        volume.rename(home.nextKeys(), home.newKeys());
        clear(home.newKeys());
    }

    /** Copies for those who look; the service has them in memory. */
    void publish(OwnKeys keys) throws IOException {
        volume.createDirectory(home.certificates());
        volume.write(home.certificates().resolve(HomeFolder.CA), keys.caPem());
        volume.write(home.certificates().resolve(HomeFolder.VERIFY), keys.verifyPem());
    }

    private void write(Path folder, String name, byte[] secret) throws IOException {
        try {
            volume.write(folder.resolve(name), secret);
        } finally {
            Secrets.wipe(secret);
        }
    }

    private void clear(Path folder) throws IOException {
        for (String name : volume.names(folder)) {
            volume.delete(folder.resolve(name));
        }
        volume.delete(folder);
    }
}
