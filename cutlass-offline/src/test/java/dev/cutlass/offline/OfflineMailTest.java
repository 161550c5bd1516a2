package dev.cutlass.offline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.event.Message;
import dev.cutlass.event.MessageId;
import dev.cutlass.spi.OfflineMessage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class OfflineMailTest {
    private static byte[] payload(byte[] mail) {
        final String text = new String(mail, StandardCharsets.US_ASCII);
        return Base64.getMimeDecoder().decode(text.substring(text.indexOf("\n\n") + 2));
    }

    private static byte[] withPayload(byte[] payload) {
        return ("From: <" + Mails.ANNS + ">\nContent-Type: " + OfflineMail.CONTENT_TYPE + "\n\n"
                        + Base64.getMimeEncoder().encodeToString(payload))
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void theBytesAreAsDocumented() {
        final byte[] mail = Mails.toBen("hi", 7);
        final String key = Mails.BEN.text().substring("cutlass:".length());
        final String text = new String(mail, StandardCharsets.US_ASCII);
        assertEquals(
                List.of(
                        "From: <" + Mails.ANNS + ">",
                        "To: <" + Mails.BENS + ">",
                        "Subject: Cutlass message",
                        "Message-ID: <fffffffffffffffb0000000000000006.7." + key + "@offline.cutlass>",
                        "MIME-Version: 1.0",
                        "Content-Type: application/x-cutlass-message",
                        "Content-Transfer-Encoding: base64"),
                text.lines().limit(7).toList());
        assertTrue(text.lines().allMatch(line -> line.length() <= 76 || line.startsWith("Message-ID")));
        final HexFormat hex = HexFormat.of();
        assertEquals(
                "01" + hex.formatHex(Mails.ANN.bytes()) + hex.formatHex(Mails.BEN.bytes())
                        + "fffffffffffffffb0000000000000006" + "0000000000000007" + "0000000000000003"
                        + "0000018bcfe56800" + "00" + "6869",
                hex.formatHex(payload(mail)));
    }

    @Test
    void messagesOfAllSizesAndTypesAreReadAgain() {
        final SplittableRandom random = new SplittableRandom(1);
        for (String type : List.of("t", "x".repeat(63), "x".repeat(64), "x".repeat(127))) {
            for (int length : new int[] {0, 1, 1_000, Message.MAX_LENGTH}) {
                final byte[] content = new byte[length];
                random.nextBytes(content);
                final OfflineMessage message = Mails.message(Mails.BEN, type, content, OfflineMessage.MAX_NUMBER);
                final byte[] mail = OfflineMail.encode(Mails.ANNS, Mails.BENS, Mails.ANN, message);
                assertTrue(mail.length <= OfflineMail.MAX_LENGTH);
                final OfflineMail read = OfflineMail.decode(mail);
                assertNotNull(read);
                assertEquals(Mails.ANNS.user(), read.sender());
                assertEquals(Mails.BEN, read.to());
                assertEquals(Mails.ANN, read.message().peer());
                assertEquals(message.id(), read.message().id());
                assertEquals(message.base(), read.message().base());
                assertEquals(message.time(), read.message().time());
                assertEquals(type, read.message().message().contentType());
                assertArrayEquals(content, read.message().message().content());
            }
        }
    }

    @Test
    void everyShorterPayloadAndEveryOtherVersionIsRefused() {
        final byte[] payload = payload(Mails.toBen("", 7));
        assertNotNull(OfflineMail.decode(withPayload(payload)));
        for (int length = 0; length < payload.length; length++) {
            assertNull(OfflineMail.decode(withPayload(Arrays.copyOf(payload, length))), length + " bytes");
        }
        payload[payload.length - 1] = 0x40; // the first half of a longer length
        assertNull(OfflineMail.decode(withPayload(payload)));
        payload[payload.length - 1] = 0;
        for (int version = 0; version < 256; version++) {
            payload[0] = (byte) version;
            assertEquals(version == 1, OfflineMail.decode(withPayload(payload)) != null);
        }
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        final byte[] good = payload(Mails.toBen("text", 7));
        for (int[] change :
                new int[][] {{81, 0x40}, {81, 0x80}, {89, 0x80}, {96, 8}, {105, 5}, {105, 0x80}, {106, 0xff}}) {
            final byte[] payload = good.clone();
            payload[change[0]] = (byte) change[1];
            assertNull(OfflineMail.decode(withPayload(payload)), change[0] + ": " + change[1]);
        }
        final byte[] noKey = good.clone();
        Arrays.fill(noKey, 1, 33, (byte) 0xff);
        assertNull(OfflineMail.decode(withPayload(noKey)));
    }

    @Test
    void aMailThatIsNoneIsRefused() {
        final String mail = new String(Mails.toBen("hi", 7), StandardCharsets.US_ASCII);
        assertNull(OfflineMail.decode(mail.replace("x-cutlass-message", "pdf").getBytes(StandardCharsets.US_ASCII)));
        assertNull(OfflineMail.decode(mail.replace("From:", "Old-From:").getBytes(StandardCharsets.US_ASCII)));
        assertNull(OfflineMail.decode(mail.replace(Mails.ANNS.toString(), "a@b").getBytes(StandardCharsets.US_ASCII)));
        assertNull(OfflineMail.decode((mail + "=A=").getBytes(StandardCharsets.US_ASCII)));
        assertNull(OfflineMail.decode(
                Arrays.copyOf(mail.getBytes(StandardCharsets.US_ASCII), OfflineMail.MAX_LENGTH + 1)));
        assertNull(OfflineMail.decode(new byte[0]));
    }

    @Test
    void theLastFromCountsWhichTheNodeWrites() {
        final String mail = new String(Mails.toBen("hi", 7), StandardCharsets.US_ASCII);
        final String both = mail.replaceFirst("\n\n", "\nFrom: <" + Mails.BENS + ">\nX-Received-Date: now\n\n");
        final OfflineMail read = OfflineMail.decode(both.getBytes(StandardCharsets.US_ASCII));
        assertNotNull(read);
        assertEquals(Mails.BENS.user(), read.sender());
    }

    @Test
    void aNoticeIsAboutTheMessageThatItsIdNames() {
        final OfflineMail.About about =
                OfflineMail.about(MailHeader.of(Mails.toBen("hi", 7))).orElseThrow();
        assertEquals(new OfflineMail.About(Mails.BEN, new MessageId(-5, 6, 0, 7)), about);
        for (String id : List.of("", "<x@y>", "<" + "0".repeat(32) + ".1." + "a".repeat(56) + "@offline.cutlass>")) {
            assertFalse(
                    OfflineMail.about(MailHeader.of(("Message-ID: " + id + "\n\n").getBytes(StandardCharsets.US_ASCII)))
                            .isPresent());
        }
    }
}
