package dev.cutlass.wire;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of opened packets. Frames with byte data point into the array, which stays the caller's: keep it
 * unchanged until the frames were handled.
 *
 * <p>One for a single packet makes an object of each frame, which is then the caller's. One for many packets, {@link #begin}, fills the same objects again and again for MESSAGE, ACK and
 * RECEIPT, of which nearly all packets consist: such a frame counts until {@link #next}, {@link #begin} or {@link #end} is called; afterwards it is another one, or none. Threads: none.
 */
public final class FrameReader {
    private static final byte[] NOTHING = {};

    /** Of the array that came last: mostly it is the same one for all packets. */
    private ByteBuffer in = ByteBuffer.wrap(NOTHING);

    private int end;

    // What is filled again and again; null if each frame is an object of its own.
    private final @Nullable MessageFrame message;
    private final @Nullable AckFrame ack;
    private final @Nullable ReceiptFrame receipt;

    /** For one packet after the other, with frames that count until the next one. */
    public FrameReader() {
        message = MessageFrame.reusable();
        ack = AckFrame.reusable();
        receipt = ReceiptFrame.reusable();
    }

    /**
     * For one packet, with frames that are the caller's.
     *
     * @throws IndexOutOfBoundsException if the part is not inside the array
     */
    public FrameReader(byte[] plain, int offset, int length) {
        message = null;
        ack = null;
        receipt = null;
        begin(plain, offset, length);
    }

    /**
     * The next packet.
     *
     * @throws IndexOutOfBoundsException if the part is not inside the array
     */
    public void begin(byte[] plain, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, plain.length);
        if (in.array() != plain) {
            in = ByteBuffer.wrap(plain);
        }
        end = offset + length;
        in.limit(end).position(offset);
    }

    /** The packet was dealt with: frames of it that are filled again are none, so that nobody who kept one takes it for what it was. */
    public void end() {
        in.position(end);
        if (message != null) {
            message.forget();
        }
    }

    /**
     * The next frame; padding is skipped.
     *
     * @return null at the end, which a {@link Malformed} also is
     */
    public @Nullable Decoded next() {
        skipPadding();
        if (!in.hasRemaining()) {
            return null;
        }
        final Decoded decoded = readFrame();
        if (decoded instanceof Malformed) {
            in.position(end);
        }
        return decoded;
    }

    private void skipPadding() {
        while (in.hasRemaining() && in.get(in.position()) == Frame.PADDING) {
            in.get();
        }
    }

    private Decoded readFrame() {
        final long type = Varint.get(in);
        if (type < 0) {
            return new Malformed(Malformed.NO_TYPE, Malformed.Why.TRUNCATED);
        }
        if (type == Frame.PADDING) {
            return new Malformed(type, Malformed.Why.VALUE); // padding is one zero byte, not a longer form of it
        }
        final long length = Varint.get(in);
        if (length < 0 || length > in.remaining()) {
            return new Malformed(type, Malformed.Why.TRUNCATED);
        }
        final int next = in.position() + (int) length;
        final FrameRegistry.Decoder decoder = FrameRegistry.find(type);
        if (decoder == null) {
            in.position(next);
            return new UnknownFrame(type);
        }
        in.limit(next);
        final Decoded decoded = decode(type, decoder);
        in.limit(end).position(next);
        return decoded;
    }

    private Decoded decode(long type, FrameRegistry.Decoder decoder) {
        if (type == MessageFrame.TYPE && message != null) {
            return message.read(in);
        }
        if (type == AckFrame.TYPE && ack != null) {
            return ack.read(in);
        }
        if (type == ReceiptFrame.TYPE && receipt != null) {
            return receipt.read(in);
        }
        return decoder.decode(in);
    }
}
