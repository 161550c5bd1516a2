package dev.cutlass.cables.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.mail.MailException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a mail program hears, on a raw socket. */
@Timeout(60)
final class SmtpServiceTest {
    private static final String BOB = "ohmeohmyohmeohmyohmeohmyohmeohmy@ixasm4dju7k2zgwm.onion";
    private static final int MAX_MAIL = 2_000;

    private final List<String> mails = new ArrayList<>();
    private final List<Set<CablesAddress>> envelopes = new ArrayList<>();
    private Exception trouble;
    private SmtpService service;
    private Socket socket;
    private BufferedReader in;

    @BeforeEach
    void connect() throws IOException {
        service =
                SmtpService.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), MAX_MAIL, (mail, to) -> {
                    if (trouble instanceof MailException refused) {
                        throw refused;
                    } else if (trouble instanceof IOException disk) {
                        throw disk;
                    }
                    mails.add(new String(mail, StandardCharsets.UTF_8));
                    envelopes.add(to);
                });
        socket = new Socket(InetAddress.getLoopbackAddress(), service.port());
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        assertTrue(answer().startsWith("220 "));
        assertEquals("250", say("EHLO localhost").substring(0, 3));
    }

    @AfterEach
    void disconnect() throws IOException {
        socket.close();
        service.close();
    }

    private String answer() throws IOException {
        String line = in.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            line = in.readLine();
        }
        return line;
    }

    private String say(String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        return answer();
    }

    private String send(String text) throws IOException {
        say("MAIL FROM:<" + BOB + ">");
        say("RCPT TO:<" + BOB.toUpperCase(java.util.Locale.ROOT) + ">");
        assertEquals("354", say("DATA").substring(0, 3));
        return say(text + "\r\n.");
    }

    @Test
    void aMailIsTakenWithItsEnvelopeAndWithoutHeadersOfOurs() throws IOException {
        assertEquals("250", send("Subject: x\r\n\r\n..dot\r\nend").substring(0, 3));
        assertEquals(List.of("Subject: x\r\n\r\n.dot\r\nend\r\n"), mails);
        assertEquals(List.of(Set.of(CablesAddress.of(BOB))), envelopes);
    }

    @Test
    void aForeignRecipientIsRefused() throws IOException {
        say("MAIL FROM:<" + BOB + ">");
        assertEquals("550 5.1.1", say("RCPT TO:<x@example.org>").substring(0, 9));
    }

    @Test
    void whatSubmissionRefusesIsRefusedWithAReasonAndTheConnectionGoesOn() throws IOException {
        trouble = new MailException(MailException.Reason.SENDER, "From: nö");
        assertEquals("550 5.7.1 From: n?", send("x: y"));
        trouble = new MailException(MailException.Reason.RECIPIENT, "To: no");
        assertEquals("550 5.1.1 To: no", send("x: y"));
        trouble = new IOException("no space");
        assertEquals("451 4.3.0", send("x: y").substring(0, 9));
        trouble = null;
        assertEquals("250", send("x: y").substring(0, 3));
    }

    @Test
    void aMailThatIsTooLongIsRefusedAndTheConnectionGoesOn() throws IOException {
        assertEquals("552", send("x".repeat(MAX_MAIL - 2 + 1)).substring(0, 3));
        assertEquals("250", send("x".repeat(MAX_MAIL - 2)).substring(0, 3));
        assertEquals(1, mails.size());
        final String declared = say("MAIL FROM:<" + BOB + "> SIZE=1000000");
        assertEquals("552", declared.substring(0, 3));
    }

    @Test
    void onlyThisMachineMayConnect() {
        assertThrows(
                IllegalArgumentException.class,
                () -> SmtpService.start(new InetSocketAddress("0.0.0.0", 0), MAX_MAIL, (mail, to) -> {}));
    }

    @Test
    void itStopsAndThePortIsFreeAgain() throws IOException {
        final int port = service.port();
        service.close();
        SmtpService.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), MAX_MAIL, (mail, to) -> {})
                .close();
    }
}
