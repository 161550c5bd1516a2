package dev.cutlass.wire;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * ACK: which packets of a path arrived. docs/protocol.md section 5; gaps and lengths as in RFC 9000 section 19.3.1.
 * <pre>
 * field
 * path id         varint
 * largest         varint    highest packet number
 * delay           varint    microseconds from its arrival to this ACK
 * further ranges  varint    at most 64, else malformed
 * first range     varint    numbers below largest in the first range
 * per range:
 *   gap           varint    missing numbers between two ranges - 1
 *   length        varint    numbers in the range - 1
 * </pre>
 *
 * <p>No record, for the same reason and with the same rules as {@link MessageFrame}: one that {@link FrameReader} hands out, and its ranges, count until it is asked for the next frame.
 */
public final class AckFrame implements Frame {
    public static final int TYPE = 0x03;

    private final AckRanges ranges;
    private long pathId;
    private long delayMicros;

    private AckFrame(AckRanges ranges) {
        this.ranges = ranges;
    }

    /** @throws IllegalArgumentException if it cannot be sent */
    public AckFrame(long pathId, AckRanges ranges, long delayMicros) {
        this(ranges);
        set(pathId, delayMicros);
    }

    private void set(long path, long delay) {
        if (!Varint.fits(path) || !Varint.fits(delay)) {
            throw new IllegalArgumentException("path id " + path + ", delay " + delay + " us");
        }
        pathId = path;
        delayMicros = delay;
    }

    /** One to be filled: it is none until then. */
    public static AckFrame reusable() {
        return new AckFrame(AckRanges.reusable());
    }

    /** Makes a {@link #reusable} frame another one. So many calls of {@link #add} have to follow, at least one. */
    public AckFrame start(long path, long delay, int rangeCount) {
        set(path, delay);
        ranges.clear(rangeCount);
        return this;
    }

    /** The next lower range, with at least one number missing between it and the one before. */
    public void add(long largest, long smallest) {
        ranges.add(largest, smallest);
    }

    /** One that is the caller's to keep; also its ranges. */
    public AckFrame copy() {
        return new AckFrame(pathId, ranges.copy(), delayMicros);
    }

    static Decoded decode(ByteBuffer body) {
        return reusable().read(body);
    }

    /** Becomes what the body says; of a malformed one nothing that counts. */
    Decoded read(ByteBuffer body) {
        final long path = Varint.get(body);
        final long largest = Varint.get(body);
        final long delay = Varint.get(body);
        final long further = Varint.get(body);
        final long first = Varint.get(body);
        if (first < 0) {
            return new Malformed(TYPE, Malformed.Why.TRUNCATED);
        }
        if (further >= AckRanges.MAX_RANGES || first > largest) {
            return new Malformed(TYPE, Malformed.Why.VALUE);
        }
        start(path, delay, 1 + (int) further);
        long below = largest - first;
        add(largest, below);
        for (long i = 0; i < further; i++) {
            final long gap = Varint.get(body);
            final long length = Varint.get(body);
            if (length < 0) {
                return new Malformed(TYPE, Malformed.Why.TRUNCATED);
            }
            final long next = below - gap - 2;
            below = next - length;
            if (below < 0) {
                return new Malformed(TYPE, Malformed.Why.VALUE);
            }
            add(next, below);
        }
        if (body.hasRemaining()) {
            return new Malformed(TYPE, Malformed.Why.LENGTH);
        }
        return this;
    }

    public long pathId() {
        return pathId;
    }

    /** Counts as long as the frame. */
    public AckRanges ranges() {
        return ranges;
    }

    public long delayMicros() {
        return delayMicros;
    }

    public long largest() {
        return ranges.largest(0);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int bodyLength() {
        int length = Varint.length(pathId)
                + Varint.length(largest())
                + Varint.length(delayMicros)
                + Varint.length(ranges.count() - 1)
                + Varint.length(rangeLength(0));
        for (int i = 1; i < ranges.count(); i++) {
            length += Varint.length(gapBefore(i)) + Varint.length(rangeLength(i));
        }
        return length;
    }

    @Override
    public void encodeBodyTo(ByteBuffer out) {
        Varint.put(out, pathId);
        Varint.put(out, largest());
        Varint.put(out, delayMicros);
        Varint.put(out, ranges.count() - 1);
        Varint.put(out, rangeLength(0));
        for (int i = 1; i < ranges.count(); i++) {
            Varint.put(out, gapBefore(i));
            Varint.put(out, rangeLength(i));
        }
    }

    private long rangeLength(int index) {
        return ranges.largest(index) - ranges.smallest(index);
    }

    private long gapBefore(int index) {
        return ranges.smallest(index - 1) - ranges.largest(index) - 2;
    }

    @Override
    public boolean isAckEliciting() {
        return false;
    }

    @Override
    public void dispatchTo(Handler handler, long now) {
        handler.onAck(this, now);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AckFrame that
                && pathId == that.pathId
                && delayMicros == that.delayMicros
                && ranges.equals(that.ranges);
    }

    @Override
    public int hashCode() {
        return Objects.hash(pathId, ranges, delayMicros);
    }

    @Override
    public String toString() {
        return "AckFrame[pathId=" + pathId + ", ranges=" + ranges + ", delayMicros=" + delayMicros + "]";
    }
}
