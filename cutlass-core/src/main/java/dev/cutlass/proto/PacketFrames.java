package dev.cutlass.proto;

import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.recovery.AckTracker;
import dev.cutlass.wire.AckFrame;
import dev.cutlass.wire.Decoded;
import dev.cutlass.wire.Frame;
import dev.cutlass.wire.FrameReader;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.PacketHeader;
import dev.cutlass.wire.ReceiptFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The frames of the packet that is being built, written one behind the other, and the memory that packets take and give back: all of it serves for one packet after the other while traffic
 * flows, and is forgotten at rest. Threads: none.
 */
final class PacketFrames {
    /** ACKs, PINGs and receipts of a connection that only keeps itself alive. */
    private static final int FIRST_CAPACITY = 128;

    private final SpareDatagrams datagrams = new SpareDatagrams();
    private final SentFrames.Pool pool = new SentFrames.Pool();
    private final PacketHeader header = new PacketHeader();

    // Filled again and again.
    private final AckFrame ack = AckFrame.reusable();
    private final MessageFrame fragment = MessageFrame.reusable();
    private final ReceiptFrame receipt = ReceiptFrame.reusable();

    private ByteBuffer out = ByteBuffer.allocate(FIRST_CAPACITY);
    private SentFrames content = pool.take();
    private boolean eliciting;

    /** Forgets what was written: nothing of it leaves, or it has left. */
    void begin() {
        out.clear();
        eliciting = false;
        if (!content.isEmpty()) {
            pool.giveBack(content);
            content = pool.take();
        }
    }

    /** Bytes that were written. */
    int length() {
        return out.position();
    }

    /** Whether a frame among them wants an ACK. */
    boolean isAckEliciting() {
        return eliciting;
    }

    /** The bytes that were written, and behind them what padding may take: until {@link #begin}. */
    byte[] bytes() {
        return out.array();
    }

    /** The header that is written in front of them. */
    PacketHeader header() {
        return header;
    }

    /** Where arrays for packets come from, and go. */
    SpareDatagrams datagrams() {
        return datagrams;
    }

    /** Where lists of what left go. */
    SentFrames.Pool pool() {
        return pool;
    }

    /** What was written, to be watched; the caller's from now on, who gives it back to {@link #pool}. Null if nobody wants to hear of it. */
    @Nullable
    SentFrames takeContent() {
        final SentFrames taken = content;
        if (taken.isEmpty()) {
            return null;
        }
        content = pool.take();
        return taken;
    }

    /** What was written, to be looked at. */
    SentFrames content() {
        return content;
    }

    private void write(Frame frame, int length) {
        if (out.remaining() < length) {
            grow(length);
        }
        frame.encodeTo(out);
        eliciting |= frame.isAckEliciting();
    }

    private void grow(int length) {
        final ByteBuffer larger = ByteBuffer.allocate(Math.max(2 * out.capacity(), out.position() + length));
        larger.put(out.flip());
        out = larger;
    }

    /** Adds a frame that never changes; returns its length. */
    int add(Frame frame) {
        final int length = frame.encodedLength();
        write(frame, length);
        content.addOther(frame);
        return length;
    }

    /** Adds an ACK of a path if there is room for it; returns its length, or 0. */
    int addAck(AckTracker acks, long pathId, int room, long now) {
        final int length = acks.fill(ack, pathId, now).encodedLength();
        if (length > room) {
            return 0;
        }
        write(ack, length);
        content.addAck(ack);
        return length;
    }

    /** Adds the next fragment of a class of messages if one may be sent and there is room for it; returns its length, or 0. */
    int addFragment(Conversation part, Object session, long limit, int room) {
        if (part.nextFragment(session, limit, room, fragment) == null) {
            return 0;
        }
        final int length = fragment.encodedLength();
        write(fragment, length);
        content.addFragment(fragment, length);
        fragment.forget();
        return length;
    }

    /** Adds the next receipt of a class of messages, which has to fit; returns its length, or 0 if none waits. */
    int addReceipt(Conversation part, Object session) {
        if (part.nextReceipt(session, receipt) == null) {
            return 0;
        }
        final int length = receipt.encodedLength();
        write(receipt, length);
        content.addReceipt(receipt);
        return length;
    }

    /** Adds PADDING until so many bytes are written. */
    void padTo(int length) {
        final int missing = length - out.position();
        if (out.remaining() < missing) {
            grow(missing);
        }
        for (int i = 0; i < missing; i++) {
            out.put(Frame.PADDING);
        }
    }

    /** The frames as objects of their own, for who traces. */
    List<Frame> toList() {
        final List<Frame> frames = new ArrayList<>();
        final FrameReader reader = new FrameReader(out.array(), 0, out.position());
        for (Decoded decoded = reader.next(); decoded != null; decoded = reader.next()) {
            if (decoded instanceof Frame frame) {
                frames.add(frame);
            }
        }
        return frames;
    }
}
