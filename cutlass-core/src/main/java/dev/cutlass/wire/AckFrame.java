package dev.cutlass.wire;

import java.nio.ByteBuffer;

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
 */
public record AckFrame(long pathId, AckRanges ranges, long delayMicros) implements Frame {
    public static final int TYPE = 0x03;

    public AckFrame {
        if (!Varint.fits(pathId) || !Varint.fits(delayMicros)) {
            throw new IllegalArgumentException("path id " + pathId + ", delay " + delayMicros + " us");
        }
    }

    static Decoded decode(ByteBuffer body) {
        final long pathId = Varint.get(body);
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
        final long[] bounds = new long[2 * (1 + (int) further)];
        bounds[0] = largest;
        bounds[1] = largest - first;
        for (int i = 2; i < bounds.length; i += 2) {
            final long gap = Varint.get(body);
            final long length = Varint.get(body);
            if (length < 0) {
                return new Malformed(TYPE, Malformed.Why.TRUNCATED);
            }
            bounds[i] = bounds[i - 1] - gap - 2;
            bounds[i + 1] = bounds[i] - length;
            if (bounds[i + 1] < 0) {
                return new Malformed(TYPE, Malformed.Why.VALUE);
            }
        }
        if (body.hasRemaining()) {
            return new Malformed(TYPE, Malformed.Why.LENGTH);
        }
        return new AckFrame(pathId, AckRanges.ofOwn(bounds), delay);
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
}
