package dev.cutlass.cables.onion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any bytes at the control port: an answer, or an IOException. Fuzzes with JAZZER_FUZZ=1. */
class ControlReplyFuzzTest {
    private static final String[] PIECES = {
        "250", "-", " ", "+", "AUTH ", "METHODS=", "COOKIE,", "COOKIEFILE=", "\"", "\\", "=", "\r\n", "\n", "\0", "ü"
    };

    private static ControlReply read(String text) throws IOException {
        return ControlReply.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Tag("fuzz")
    @FuzzTest(maxDuration = "60s")
    void anyBytesAreAnAnswerOrNone(byte[] bytes) {
        check(bytes);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void piecesInAnyOrderAreAnAnswerOrNone(long seed) {
        final Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            final StringBuilder text = new StringBuilder("250-AUTH ");
            for (int i = random.nextInt(20); i > 0; i--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            check(text.append("\n250 OK\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static void check(byte[] bytes) {
        final ControlReply reply;
        try {
            reply = ControlReply.read(new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            return;
        }
        assertTrue(reply.status() >= 0 && reply.status() <= 999);
        assertTrue(!reply.lines().isEmpty() && reply.lines().size() <= ControlReply.MAX_LINES);
        reply.value("AUTH ", "METHODS");
        reply.value("AUTH ", "COOKIEFILE");
    }

    @Test
    void wordsAreFoundPlainAndQuoted() throws IOException {
        final ControlReply reply = read(
                "250-PROTOCOLINFO 1\r\n250-AUTH METHODS=COOKIE,SAFECOOKIE COOKIEFILE=\"/a b/\\\"c\\\\d\"\r\n250 OK\r\n");
        assertTrue(reply.isWell());
        assertEquals("COOKIE,SAFECOOKIE", reply.value("AUTH ", "METHODS"));
        assertEquals("/a b/\"c\\d", reply.value("AUTH ", "COOKIEFILE"));
        assertNull(reply.value("VERSION ", "Tor"));
        assertNull(reply.value("AUTH ", "FILE"));
    }

    @Test
    void endsAndLengthsAreBounded() {
        assertThrows(IOException.class, () -> read("250-AUTH\r\n"));
        assertThrows(IOException.class, () -> read("250 " + "a".repeat(ControlReply.MAX_LINE) + "\r\n"));
        assertThrows(IOException.class, () -> read("250-a\r\n".repeat(ControlReply.MAX_LINES + 1) + "250 OK\r\n"));
        assertThrows(IOException.class, () -> read("250+data=\r\n.\r\n250 OK\r\n"));
    }
}
