package dev.cutlass.proto;

import dev.cutlass.wire.AckFrame;
import dev.cutlass.wire.CloseFrame;
import dev.cutlass.wire.Frame;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.PathChallengeFrame;
import dev.cutlass.wire.PathResponseFrame;
import dev.cutlass.wire.PingFrame;
import dev.cutlass.wire.PongFrame;
import dev.cutlass.wire.ReceiptFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one packet carried, as far as somebody wants to hear what became of it: a few numbers of each ACK, fragment and receipt, side by side in one array, and other frames as they are. No
 * bytes of messages.
 *
 * <p>From {@link Pool}, and back there by whoever hears what became of the packet, who then lets go of it. Threads: none.
 */
final class SentFrames {
    /** What the cursor stands on. */
    enum Kind {
        ACK,
        FRAGMENT,
        RECEIPT,
        OTHER
    }

    private static final Kind[] KINDS = Kind.values();

    /** How many longs an entry takes, by kind: the first has the kind and small numbers. */
    private static final int[] LONGS = {3, 4, 5, 1};

    private static final int KIND_BITS = 2;

    /** Offsets and lengths are below {@link MessageFrame#MAX_TOTAL} and a header. */
    private static final int SIZE_BITS = 20;

    private static final long SIZE_MASK = (1L << SIZE_BITS) - 1;

    /** A packet with one fragment and an ACK. */
    private static final int SMALLEST = 8;

    private long[] longs = new long[SMALLEST];
    private int end;
    private @Nullable List<Frame> others;

    /** Where the cursor stands; {@link #next} is where it goes. */
    private int at;

    private int next;
    private @Nullable SentFrames nextSpare;

    private SentFrames() {}

    boolean isEmpty() {
        return end == 0;
    }

    @SuppressWarnings("EnumOrdinal") // of our own
    private int add(Kind kind, long small) {
        final int from = end;
        end += LONGS[kind.ordinal()];
        if (longs.length < end) {
            longs = Arrays.copyOf(longs, 2 * longs.length);
        }
        longs[from] = small << KIND_BITS | kind.ordinal();
        return from + 1;
    }

    void addAck(AckFrame frame) {
        final int from = add(Kind.ACK, 0);
        longs[from] = frame.pathId();
        longs[from + 1] = frame.largest();
    }

    /** @param frameLength of the whole frame */
    void addFragment(MessageFrame frame, int frameLength) {
        final long sizes = (((long) frame.offset() << SIZE_BITS) | frame.data().length()) << SIZE_BITS | frameLength;
        final int from = add(Kind.FRAGMENT, sizes);
        longs[from] = frame.channel();
        longs[from + 1] = frame.number();
        longs[from + 2] = frame.back();
    }

    void addReceipt(ReceiptFrame frame) {
        final int from = add(Kind.RECEIPT, 0);
        longs[from] = frame.channel();
        longs[from + 1] = frame.first();
        longs[from + 2] = frame.count();
        longs[from + 3] = frame.code();
    }

    /** Adds any other frame, which never changes; PING, PONG and PATH frames are not repeated, their senders ask anew. */
    void addOther(Frame frame) {
        if (frame instanceof PingFrame
                || frame instanceof PongFrame
                || frame instanceof PathChallengeFrame
                || frame instanceof PathResponseFrame
                || frame instanceof CloseFrame) {
            return;
        }
        List<Frame> list = others;
        if (list == null) {
            list = new ArrayList<>(1);
            others = list;
        }
        add(Kind.OTHER, list.size());
        list.add(frame);
    }

    /** Puts the cursor before the first entry. */
    void rewind() {
        next = 0;
    }

    /** Moves the cursor to the next entry; false if there is none. */
    @SuppressWarnings("EnumOrdinal") // of our own
    boolean advance() {
        if (next == end) {
            return false;
        }
        at = next;
        next += LONGS[kind().ordinal()];
        return true;
    }

    Kind kind() {
        return KINDS[(int) longs[at] & ((1 << KIND_BITS) - 1)];
    }

    /** Of an ACK. */
    long pathId() {
        return longs[at + 1];
    }

    /** Of an ACK. */
    long largest() {
        return longs[at + 2];
    }

    /** Of a fragment or a receipt. */
    long channel() {
        return longs[at + 1];
    }

    /** Of a fragment. */
    long number() {
        return longs[at + 2];
    }

    /** Of a fragment. */
    long back() {
        return longs[at + 3];
    }

    private int small(int index) {
        return (int) (longs[at] >>> (KIND_BITS + index * SIZE_BITS) & SIZE_MASK);
    }

    /** Of a fragment: bytes of the frame. */
    int frameLength() {
        return small(0);
    }

    /** Of a fragment: bytes of the message. */
    int dataLength() {
        return small(1);
    }

    /** Of a fragment: where its bytes stand in the message. */
    int offset() {
        return small(2);
    }

    /** Of a receipt, as a frame of its own: receipts are seldom lost. */
    ReceiptFrame receipt() {
        return new ReceiptFrame(channel(), longs[at + 2], longs[at + 3], longs[at + 4]);
    }

    /** Of another frame. */
    Frame other() {
        if (others == null) {
            throw new AssertionError("no frame");
        }
        return others.get(small(0));
    }

    /** The objects of packets that nobody wants to hear of any more, for the next ones. */
    static final class Pool {
        /** Together 128 KiB: what some thousand packets with one fragment each take, or a few hundred full of small messages. */
        private static final int MAX_LONGS = 1 << 14;

        private @Nullable SentFrames first;
        private int longs;

        /** An empty one. */
        SentFrames take() {
            final SentFrames spare = first;
            if (spare == null) {
                return new SentFrames();
            }
            first = spare.nextSpare;
            spare.nextSpare = null;
            longs -= spare.longs.length;
            return spare;
        }

        void giveBack(SentFrames frames) {
            frames.end = 0;
            frames.next = 0;
            frames.others = null;
            if (longs + frames.longs.length <= MAX_LONGS) {
                longs += frames.longs.length;
                frames.nextSpare = first;
                first = frames;
            }
        }
    }
}
