package dev.cutlass.cables.setup;

import dev.cutlass.cables.pki.OnionKey;
import dev.cutlass.cables.queue.Volume;
import dev.cutlass.crypto.file.PrivateFiles;
import dev.cutlass.crypto.primitive.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** The file with the key of our onion service. */
public final class OnionFile {
    /** Bytes: PKCS #8 of Ed25519 takes an eighth of it. */
    private static final int MAX_LENGTH = 1 << 10;

    private final Volume volume;
    private final Path file;

    /** In a home. */
    public OnionFile(Volume volume, HomeFolder home) {
        this.volume = volume;
        this.file = home.onionKey();
    }

    /**
     * Reads it.
     *
     * @return {@code null} if there is none
     * @throws IllegalArgumentException if others may read it, or it is no key: names the file and says what to do
     */
    public @Nullable OnionKey read() throws IOException {
        if (Files.exists(file) && PrivateFiles.isOpenToOthers(file)) {
            throw new IllegalArgumentException(
                    file + " can be read by others on this machine: chmod 600 it, and consider who may have read it");
        }
        final byte[] pem = volume.read(file, MAX_LENGTH);
        if (pem == null) {
            return null;
        }
        try {
            return OnionKey.read(pem);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    file + ": " + e.getMessage() + "; put back a copy, or move it away and call init --onion again,"
                            + " which makes another name",
                    e);
        } finally {
            Secrets.wipe(pem);
        }
    }

    OnionKey create(SecureRandom random) throws IOException {
        final OnionKey key = OnionKey.draw(random);
        final byte[] pem = key.pem();
        try {
            volume.write(file, pem);
        } finally {
            Secrets.wipe(pem);
        }
        return key;
    }
}
