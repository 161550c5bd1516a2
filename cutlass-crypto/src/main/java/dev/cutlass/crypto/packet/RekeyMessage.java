package dev.cutlass.crypto.packet;

import dev.cutlass.crypto.bc.MlKem768;
import dev.cutlass.crypto.bc.X25519;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * REKEY_PROPOSE and REKEY_ACCEPT: one step of the ratchet. docs/protocol.md section 4.6. A value; any thread.
 *
 * <pre>
 * offset  size  field
 *      0     1  kind       1 propose, 2 accept
 *      1     4  epoch      the epoch that the message leads to, 1 and up
 *      5    32  ephemeral  X25519
 *     37     1  kem        0 none; 1 the next field follows
 *     38     m  ML-KEM-768 encapsulation key (propose, 1,184) or ciphertext (accept, 1,088)
 * </pre>
 */
public final class RekeyMessage {
    /** {@link #lengthOf} does not know yet. */
    public static final int INCOMPLETE = 0;

    /** {@link #lengthOf} knows that no message begins like this. */
    public static final int MALFORMED = -1;

    static final int EPHEMERAL_OFFSET = 1 + Integer.BYTES;
    static final int KEM_OFFSET = EPHEMERAL_OFFSET + X25519.LENGTH;
    static final int HEADER_LENGTH = KEM_OFFSET + 1;

    /** The longest message: what a receiver must be able to buffer. */
    public static final int MAX_LENGTH = HEADER_LENGTH + MlKem768.PUBLIC_KEY_LENGTH;

    private static final int PROPOSE = 1;
    private static final int ACCEPT = 2;

    private final boolean propose;
    private final int epoch;
    private final byte[] ephemeral;
    private final byte @Nullable [] kem;

    /** Keeps the arrays that it gets. */
    RekeyMessage(boolean propose, int epoch, byte[] ephemeral, byte @Nullable [] kem) {
        this.propose = propose;
        this.epoch = epoch;
        this.ephemeral = ephemeral;
        this.kem = kem;
    }

    /**
     * How long the message is that begins here, for a reader of a stream.
     *
     * @param available bytes that are there
     * @return its length, which may be more than {@code available}; {@link #INCOMPLETE} or {@link #MALFORMED}
     */
    public static int lengthOf(byte[] bytes, int offset, int available) {
        if (available < 1) {
            return INCOMPLETE;
        }
        int kind = bytes[offset];
        if (kind != PROPOSE && kind != ACCEPT) {
            return MALFORMED;
        }
        if (available < HEADER_LENGTH) {
            return INCOMPLETE;
        }
        return switch (bytes[offset + KEM_OFFSET]) {
            case 0 -> HEADER_LENGTH;
            case 1 -> HEADER_LENGTH + (kind == PROPOSE ? MlKem768.PUBLIC_KEY_LENGTH : MlKem768.CIPHERTEXT_LENGTH);
            default -> MALFORMED;
        };
    }

    /** The message, or {@code null} if it is malformed. Keys are looked at by {@link Ratchet}. */
    public static @Nullable RekeyMessage decode(byte[] bytes) {
        if (bytes.length < HEADER_LENGTH || lengthOf(bytes, 0, bytes.length) != bytes.length) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        boolean propose = in.get() == PROPOSE;
        int epoch = in.getInt();
        if (epoch < 1) {
            return null; // also refuses 2^31 and up: at one epoch a second that is 68 years
        }
        byte[] ephemeral = Arrays.copyOfRange(bytes, EPHEMERAL_OFFSET, KEM_OFFSET);
        byte[] kem = bytes.length == HEADER_LENGTH ? null : Arrays.copyOfRange(bytes, HEADER_LENGTH, bytes.length);
        return new RekeyMessage(propose, epoch, ephemeral, kem);
    }

    /** The bytes of the message. */
    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(HEADER_LENGTH + (kem == null ? 0 : kem.length));
        out.put((byte) (propose ? PROPOSE : ACCEPT)).putInt(epoch).put(ephemeral);
        if (kem == null) {
            out.put((byte) 0);
        } else {
            out.put((byte) 1).put(kem);
        }
        return out.array();
    }

    /** Whether it proposes, else it accepts. */
    public boolean isPropose() {
        return propose;
    }

    /** The epoch that it leads to, 1 and up. */
    public int epoch() {
        return epoch;
    }

    /** The sender's ephemeral key; not copied. */
    byte[] ephemeral() {
        return ephemeral;
    }

    /** Encapsulation key or ciphertext; not copied. */
    byte @Nullable [] kem() {
        return kem;
    }

    @Override
    public String toString() {
        return (propose ? "REKEY_PROPOSE[" : "REKEY_ACCEPT[") + epoch + (kem == null ? "]" : ", with KEM]");
    }
}
