package dev.cutlass.proto.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.cutlass.event.Message;
import dev.cutlass.event.MessageId;
import dev.cutlass.wire.MessageFrame;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCodecTest {
    private static final MessageId ID = new MessageId(1, 2, 3, 4);

    private static Message decode(String hex) {
        return MessageCodec.decode(HexFormat.of().parseHex(hex), ID);
    }

    @Test
    void theLayoutIsThatOfTheProtocol() {
        assertArrayEquals(HexFormat.of().parseHex("00" + "68c3a9"), MessageCodec.encode(Message.text("h\u00e9")));
        assertArrayEquals(
                HexFormat.of().parseHex("03" + "612f62" + "ff00"),
                MessageCodec.encode(Message.bytes("a/b", new byte[] {-1, 0})));
    }

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void whatWasWrittenIsRead(long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final byte[] content = new byte[random.nextInt(300)];
        random.nextBytes(content);
        final Message bytes = Message.bytes("t".repeat(1 + random.nextInt(127)), content);
        assertEquals(bytes, MessageCodec.decode(MessageCodec.encode(bytes), ID));
        final Message text = Message.text(new String(content, StandardCharsets.UTF_8));
        final Message read = MessageCodec.decode(MessageCodec.encode(text), ID);
        assertEquals(text, read);
        assertSame(ID, read.id());
    }

    @Test
    void theLongestMessageFitsExactly() {
        final Message longest = Message.bytes("t".repeat(127), new byte[Message.MAX_LENGTH]);
        final byte[] encoded = MessageCodec.encode(longest);
        assertEquals(MessageFrame.MAX_TOTAL, encoded.length);
        assertEquals(longest, MessageCodec.decode(encoded, ID));
        final byte[] text = new byte[Message.MAX_LENGTH + 1];
        assertNotNull(MessageCodec.decode(text, ID));
        assertNull(MessageCodec.decode(Arrays.copyOf(text, text.length + 1), ID));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "02",
                "0261",
                "40",
                "4080" + "61",
                "00c080",
                "00eda080",
                "00ff",
                "0100",
                "011f",
                "017f",
                "0180"
            })
    void whatIsNoMessageIsNull(String hex) {
        assertNull(decode(hex));
    }

    @Test
    void emptyMessagesAreMessages() {
        assertEquals(Message.text(""), decode("00"));
        assertEquals(Message.bytes("a", new byte[0]), decode("0161"));
        assertEquals(Message.bytes("a", new byte[0]), decode("400161"));
    }

    @Test
    void bytesOfATypeNeedNotBeText() {
        assertEquals(Message.bytes("~ ", new byte[] {-1}), decode("027e20ff"));
    }

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void garbageIsAMessageThatWritesAsItWasReadOrNull(long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 200; i++) {
            final byte[] garbage = new byte[1 + random.nextInt(20)];
            random.nextBytes(garbage);
            garbage[0] &= 7;
            final Message message = MessageCodec.decode(garbage, ID);
            if (message != null) {
                assertArrayEquals(garbage, MessageCodec.encode(message));
            }
        }
    }
}
