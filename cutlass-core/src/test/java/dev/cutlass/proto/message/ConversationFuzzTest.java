package dev.cutlass.proto.message;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cutlass.wire.FrameReader;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.ReceiptFrame;
import org.junit.jupiter.api.Tag;

/** Any frames of a peer that has the keys. Runs its empty input in the normal tests and fuzzes with JAZZER_FUZZ=1. */
@Tag("fuzz")
class ConversationFuzzTest {
    /** Whatever a peer sends, the conversation takes it, and holds no more than it may. */
    @FuzzTest(maxDuration = "60s")
    void framesOfAPeer(byte[] packet) {
        final Conversation conversation = new Conversation(ConversationLimits.DEFAULT);
        conversation.offer(0, new byte[100]);
        conversation.sessionStarted(this, Id128.ZERO);
        conversation.nextFragment(this, Long.MAX_VALUE, 100, MessageFrame.reusable());
        final FrameReader reader = new FrameReader(); // as a connection reads: each frame counts until the next
        reader.begin(packet, 0, packet.length);
        for (Object frame; (frame = reader.next()) != null; ) {
            if (frame instanceof MessageFrame fragment
                    && conversation.onMessage(this, fragment, 0) == Conversation.VIOLATION) {
                break;
            } else if (frame instanceof ReceiptFrame receipt) {
                conversation.onReceipt(this, receipt);
            }
        }
        final long most = ConversationLimits.DEFAULT.maxHeldBytes() + ConversationLimits.MAX_COST;
        if (conversation.heldBytes() > most) {
            throw new AssertionError(conversation.heldBytes());
        }
        for (Inbound inbound; (inbound = conversation.peekDeliverable()) != null; ) {
            conversation.accept(inbound);
        }
    }
}
