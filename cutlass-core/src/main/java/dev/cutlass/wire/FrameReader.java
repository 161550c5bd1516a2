package dev.cutlass.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of one opened packet. Frames with byte data point into the array, which stays the caller's: keep it
 * unchanged until the frames were handled.
 */
public final class FrameReader {
    private final ByteBuffer in;
    private final int end;

    /** @throws IndexOutOfBoundsException if the part is not inside the array */
    public FrameReader(byte[] plain, int offset, int length) {
        in = ByteBuffer.wrap(plain, offset, length);
        end = offset + length;
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
        final Decoded decoded = decoder.decode(in);
        in.limit(end).position(next);
        return decoded;
    }
}
