package dev.cutlass.proto.message;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cutlass.event.Message;
import dev.cutlass.event.MessageId;
import org.junit.jupiter.api.Tag;

/** What is read as a message is written so that it reads the same again. Runs its empty input in the normal tests and fuzzes with JAZZER_FUZZ=1. */
@Tag("fuzz")
class MessageFuzzTest {
    private static final MessageId ID = new MessageId(1, 2, 3, 4);

    @FuzzTest(maxDuration = "60s")
    void messages(byte[] body) {
        final Message message = MessageCodec.decode(body, ID);
        if (message != null && !message.equals(MessageCodec.decode(MessageCodec.encode(message), ID))) {
            throw new AssertionError(message);
        }
    }
}
