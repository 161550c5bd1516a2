package dev.cutlass.proto;

import java.util.ArrayDeque;

/** Packets that have left, whose arrays carry the next ones. They hold what was on the wire anyway. Only where packets flow: a connection at rest has none. */
final class SpareDatagrams {
    /** As many as leave in one go. */
    private static final int MAX_DATAGRAMS = 64;

    /** ... but not more bytes than this, however large the packets of a path are. */
    private static final int MAX_BYTES = 1 << 18;

    private final ArrayDeque<Output.Transmit> spare = new ArrayDeque<>();
    private int bytes;

    /** One with an array of at least {@code length} bytes, with anything in it. */
    Output.Transmit take(int length) {
        final Output.Transmit last = spare.poll();
        if (last == null) {
            return new Output.Transmit(new byte[length]);
        }
        bytes -= last.datagram().length;
        // else the path carries more by now
        return last.datagram().length >= length ? last : new Output.Transmit(new byte[length]);
    }

    /** Nobody looks at it any more. */
    void giveBack(Output.Transmit datagram) {
        if (spare.size() < MAX_DATAGRAMS && bytes + datagram.datagram().length <= MAX_BYTES) {
            spare.push(datagram); // the last one is still in the processor's cache
            bytes += datagram.datagram().length;
        }
    }
}
