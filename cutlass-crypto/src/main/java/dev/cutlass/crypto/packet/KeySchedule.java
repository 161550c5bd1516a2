package dev.cutlass.crypto.packet;

import dev.cutlass.crypto.noise.SessionSecrets;
import dev.cutlass.crypto.primitive.Hash;
import dev.cutlass.crypto.primitive.Hkdf;
import dev.cutlass.crypto.primitive.Labels;
import dev.cutlass.crypto.primitive.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * All secrets that follow from a handshake (docs/protocol.md section 4.1). {@link #close()} wipes those that it still has. One
 * thread at a time.
 */
public final class KeySchedule implements AutoCloseable {
    /** The longest secret that an application can export, in bytes. */
    public static final int MAX_EXPORT_LENGTH = Hkdf.MAX_OUTPUT;

    private final byte[] exporterSecret;
    private final byte[] ratchetRoot;
    private @Nullable TrafficSecrets traffic;
    private boolean rootForgotten;
    private boolean closed;

    /** Derives all secrets, and closes those of the handshake. */
    public KeySchedule(SessionSecrets session) {
        byte[] input = Arrays.copyOf(session.initiatorKey(), 2 * Hash.LENGTH);
        System.arraycopy(session.responderKey(), 0, input, Hash.LENGTH, Hash.LENGTH);
        byte[] root = Hkdf.extract(Hash.SHA_256, session.handshakeHash(), input);
        exporterSecret = Labels.expand(root, "exporter", Hash.LENGTH);
        ratchetRoot = Labels.expand(root, "ratchet", Hash.LENGTH);
        traffic = new TrafficSecrets(root);
        Secrets.wipe(input, root);
        session.close();
    }

    /**
     * The traffic secrets of epoch 0, until {@link #forgetTraffic}.
     *
     * @throws IllegalStateException if they are forgotten
     */
    public TrafficSecrets traffic() {
        if (traffic == null) {
            throw new IllegalStateException("the traffic secrets are forgotten");
        }
        return traffic;
    }

    /** The root from which the {@link Ratchet} starts: 32 bytes, not copied. */
    public byte[] ratchetRoot() {
        if (rootForgotten) {
            throw new IllegalStateException("the ratchet root is forgotten");
        }
        return ratchetRoot;
    }

    /**
     * A secret for the application that both sides can derive and that stays the same for the whole connection.
     *
     * @param length in bytes, 0 to {@link #MAX_EXPORT_LENGTH}
     * @throws IllegalArgumentException if the length is out of range
     * @throws IllegalStateException if closed
     */
    public byte[] export(String label, byte[] context, int length) {
        if (closed) {
            throw new IllegalStateException("the key schedule is closed");
        }
        byte[] info = Labels.prefix("export");
        int start = info.length;
        info = Arrays.copyOf(info, start + 2 * Hash.LENGTH);
        System.arraycopy(Hash.SHA_256.of(label.getBytes(StandardCharsets.UTF_8)), 0, info, start, Hash.LENGTH);
        System.arraycopy(Hash.SHA_256.of(context), 0, info, start + Hash.LENGTH, Hash.LENGTH);
        return Hkdf.expand(Hash.SHA_256, exporterSecret, info, length);
    }

    /** Wipes the traffic secrets, from which packet keys were made. */
    public void forgetTraffic() {
        if (traffic != null) {
            traffic.close();
            traffic = null;
        }
    }

    /** Wipes what the {@link Ratchet} started from. */
    public void forgetRatchetRoot() {
        rootForgotten = true;
        Secrets.wipe(ratchetRoot);
    }

    @Override
    public void close() {
        closed = true;
        forgetTraffic();
        forgetRatchetRoot();
        Secrets.wipe(exporterSecret);
    }

    @Override
    public String toString() {
        return "KeySchedule[redacted]";
    }
}
