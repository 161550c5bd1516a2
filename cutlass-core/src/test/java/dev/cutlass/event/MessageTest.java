package dev.cutlass.event;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
    @Test
    void aTextIsATextAndBytesAreBytes() {
        final Message text = Message.text("h\u00e9");
        assertTrue(text.isText());
        assertEquals("h\u00e9", text.text());
        assertEquals("", text.contentType());
        assertEquals(3, text.length());
        assertNull(text.id());
        final Message bytes = Message.bytes("image/png", new byte[] {1, 2});
        assertFalse(bytes.isText());
        assertEquals("image/png", bytes.contentType());
        assertNotEquals(text, bytes);
        assertNotEquals(Message.bytes("a", new byte[1]), Message.bytes("b", new byte[1]));
        assertEquals(Message.text("a").hashCode(), Message.text("a").hashCode());
    }

    @Test
    void itsBytesAreItsOwn() {
        final byte[] given = {1, 2};
        final Message message = Message.bytes("a", given);
        given[0] = 9;
        message.content()[1] = 9;
        assertArrayEquals(new byte[] {1, 2}, message.content());
    }

    @Test
    void itHasAtMost64KibOfUtf8() {
        assertEquals(65_536, Message.text("x".repeat(65_536)).length());
        assertThrows(IllegalArgumentException.class, () -> Message.text("x".repeat(65_537)));
        assertThrows(IllegalArgumentException.class, () -> Message.text("\u20ac".repeat(21_846)));
        assertEquals(65_536, Message.bytes("a", new byte[65_536]).length());
        assertThrows(IllegalArgumentException.class, () -> Message.bytes("a", new byte[65_537]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\n", "\u00e9", "\u007f"})
    void aTypeIsPrintableAscii(String type) {
        assertThrows(IllegalArgumentException.class, () -> Message.bytes(type, new byte[0]));
    }

    @Test
    void aTypeHasAtMost127Characters() {
        assertEquals(
                127, Message.bytes("t".repeat(127), new byte[0]).contentType().length());
        assertThrows(IllegalArgumentException.class, () -> Message.bytes("t".repeat(128), new byte[0]));
    }

    @Test
    void halfASurrogatePairIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Message.text("a\ud800"));
    }

    @Test
    void whatAPeerSentIsAMessageOrNull() {
        final MessageId id = new MessageId(1, 2, 3, 4);
        final byte[] bytes = {0, 'h', 'i', (byte) 0xff};
        assertEquals(Message.text("hi"), Message.received("", bytes, 1, 2, id));
        assertEquals(id, Message.received("", bytes, 1, 2, id).id());
        assertNull(Message.received("", bytes, 1, 3, id));
        assertEquals(3, Message.received("a", bytes, 1, 3, id).length());
        assertNull(Message.received("\n", bytes, 1, 2, id));
        assertNull(Message.received("a", new byte[65_537], 0, 65_537, id));
    }

    @Test
    void theTextOfAMessageShowsNoContent() {
        assertEquals("Message(text, 6 bytes)", Message.text("secret").toString());
        assertEquals("00000000000000010000000000000002/3/4", new MessageId(1, 2, 3, 4).toString());
    }
}
