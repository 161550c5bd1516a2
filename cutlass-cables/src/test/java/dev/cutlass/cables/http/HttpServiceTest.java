package dev.cutlass.cables.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.exchange.Limits;
import dev.cutlass.cables.exchange.Requests;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service on raw sockets: statuses, header fields and bodies as the protocol document has them, whatever is sent. */
final class HttpServiceTest {
    private static final MessageId ID = new MessageId("0123456789abcdef0123456789abcdef01234567");
    private static final String HOST = "ixasm4dju7k2zgwm.onion";
    private static final String USER = "b".repeat(32);
    private static final String MAC = "0".repeat(128);

    private static final String DONE =
            "200|Cache-Control: no-cache|Content-Length: 18|Content-Type: text/plain|LIBERTE CABLE 3.0\n";
    private static final String MALFORMED =
            "400|Content-Length: 25|Content-Type: text/plain|LIBERTE CABLE 3.0: ERROR\n";
    private static final String REFUSED = "500|Content-Length: 25|Content-Type: text/plain|LIBERTE CABLE 3.0: ERROR\n";
    private static final String FORBIDDEN = "403|Content-Length: 0|";
    private static final String MISSING = "404|Content-Length: 0|";
    private static final String BAD_METHOD = "405|Content-Length: 0|";
    private static final String NO_HTTP = "400|Content-Length: 0|";

    @TempDir
    private static Path home;

    private static ServedNode node;

    @BeforeAll
    static void start() throws IOException {
        node = new ServedNode(home, ServiceLimits.DEFAULT);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    /** Status, header fields in alphabetical order without Connection, body. */
    private static String seen(String answer) {
        final int end = answer.indexOf("\r\n\r\n");
        assertTrue(end > 0, () -> "no answer: " + answer);
        final List<String> lines = Arrays.asList(answer.substring(0, end).split("\r\n"));
        final Set<String> fields = new TreeSet<>(lines.subList(1, lines.size()));
        fields.removeIf(field -> field.startsWith("Connection:"));
        assertTrue(lines.get(0).matches("HTTP/1\\.1 \\d{3} .*"), lines.get(0));
        return lines.get(0).substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()) + "|" + String.join("|", fields)
                + "|" + answer.substring(end + "\r\n\r\n".length());
    }

    private static String seenOf(String below) throws IOException {
        return seen(node.get(node.path(below)));
    }

    @Test
    void certificatesAreServedAsTheirBytesAndNothingElse() throws IOException {
        final byte[] ca = node.keys.caPem();
        assertEquals(
                "200|Content-Length: " + ca.length + "|" + new String(ca, StandardCharsets.US_ASCII),
                seenOf("certs/ca.pem"));
        assertTrue(seenOf("certs/verify.pem").endsWith(new String(node.keys.verifyPem(), StandardCharsets.US_ASCII)));
    }

    @Test
    void requestsAreAnsweredAsTheDocumentSays() throws IOException {
        assertEquals(DONE, seenOf("request/ver"));
        assertEquals(DONE, seenOf("request/ver?a=/../b"));
        assertEquals(MALFORMED, seenOf("request/"));
        assertEquals(FORBIDDEN, seenOf("request"));
        assertEquals(MALFORMED, seenOf("request/nothing"));
        assertEquals(REFUSED, seenOf("request/snd/" + ID + "/" + MAC));
        assertEquals(REFUSED, seenOf("request/rcp/" + ID + "/" + MAC));
        assertEquals(REFUSED, seenOf("request/ack/" + ID + "/" + MAC));
        assertEquals(MALFORMED, seenOf("request/ack/" + ID + "/" + MAC + "/"));
        assertEquals(MALFORMED, seenOf("request/ack/" + ID + "/" + MAC.substring(1)));
        assertEquals(MALFORMED, seenOf("request/ACK/" + ID + "/" + MAC));
        assertEquals(MALFORMED, seenOf("request/msg/" + ID + "/" + HOST + ":80/" + USER));
        assertEquals(MALFORMED, seenOf("request/" + "a".repeat(256)));
        assertEquals(MISSING, seenOf("queue/" + ID));
        assertEquals(MISSING, seenOf("queue/" + ID + ".key"));
        assertEquals(MISSING, seenOf("rqueue/" + ID + ".key"));
        assertEquals(FORBIDDEN, seenOf("rqueue/" + ID));
    }

    @Test
    void anAnnouncementCreatesAMessageOnceAndAlsoByHead() throws IOException {
        final MessageId byHead = new MessageId("f".repeat(40));
        final String target = node.path("request/msg/" + byHead + "/" + HOST + "/" + USER);
        try (Raw raw = node.connect()) {
            final String head =
                    raw.send("HEAD " + target + " HTTP/1.1\r\nHost: h\r\n\r\n").readAnswer(true);
            assertEquals(DONE.replace("LIBERTE CABLE 3.0\n", ""), seen(head));
            assertNotNull(node.disk.incoming().find(byHead));
            assertEquals(
                    DONE,
                    seen(raw.send("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n")
                            .readAnswer(false)));
        }
        assertEquals(1, node.woken.stream().filter(byHead::equals).count());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/%U",
                "/%U/",
                "//%U/certs/ca.pem",
                "/x/../%U/certs/ca.pem",
                "/%U/../%U/certs/ca.pem",
                "/%U/certs/../certs/ca.pem",
                "/%U/certs/./ca.pem",
                "/%U/certs//ca.pem",
                "/%U/certs/ca.pem/",
                "/%U/certs/ca.pem;x",
                "/%U/certs/ca.pem%3fx",
                "/%U/certs/ca.pem%00",
                "/%U/certs/ca.pem%0a",
                "/%U/certs/ca.pem%zz",
                "/%U/certs/ca.pem%",
                "/%U/certs/ca.pem#x",
                "/%U/certs%2f..%2fca.pem",
                "/%U/certs/%2e%2e/certs/ca.pem",
                "/%U/certs/ca%252epem",
                "/%U/certs\\ca.pem",
                "/%U/CERTS/ca.pem",
                "/%U/certs/root.pem",
                "/%U/queue/../../keys/root.pem",
                "/%U/queue/..%2f..%2fkeys%2froot.pem",
                "/%U/queue/%2e%2e",
                "/%U/queue/0123456789ABCDEF0123456789abcdef01234567",
                "/%U/queue/0123456789abcdef0123456789abcdef01234567.del",
                "/%U/queue/0123456789abcdef0123456789abcdef01234567.key.key",
                "/%U/keys/root.pem",
                "/%%U/certs/ca.pem",
                "/favicon.ico",
                "/robots.txt"
            })
    void whatIsNotInTheTableOfPathsIsForbidden(String target) throws IOException {
        assertEquals(
                FORBIDDEN, seen(node.get(target.replace("%U", node.keys.user().text()))));
    }

    @Test
    void anotherUsersNameIsForbiddenHoweverCloseItIs() throws IOException {
        final String name = node.keys.user().text();
        final String close = name.substring(0, 31) + (name.endsWith("a") ? "b" : "a");
        for (String user : List.of(close, name.toUpperCase(Locale.ROOT), name + "a", name.substring(1))) {
            assertEquals(FORBIDDEN, seen(node.get("/" + user + "/certs/ca.pem")), user);
            assertEquals(FORBIDDEN, seen(node.get("/" + user + "/request/ver")), user);
            assertEquals(FORBIDDEN, seen(node.get("/" + user + "/request/")), user);
        }
    }

    @Test
    void percentEncodedLettersCountAsThemselves() throws IOException {
        assertEquals(DONE, seenOf("%72equest%2Fver"));
        final String user = node.keys.user().text();
        final String encoded = "/%" + Integer.toHexString(user.charAt(0)) + user.substring(1) + "/request/ver";
        assertEquals(DONE, seen(node.get(encoded)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", "Head", "GETT", "PROPFIND"})
    void otherMethodsAreRefusedAndTheConnectionEnds(String method) throws IOException {
        try (Raw raw = node.connect()) {
            raw.send(method + " " + node.path("request/ver") + " HTTP/1.1\r\nHost: h\r\n\r\n");
            assertEquals(BAD_METHOD, seen(raw.readAll()), "and it ends without our asking");
        }
        assertEquals(BAD_METHOD, seen(node.ask(method + " /x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc")));
    }

    @Test
    void aServerThatIsNoProxySaysSo() throws IOException {
        assertEquals(BAD_METHOD, seen(node.ask("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n")));
        assertEquals(BAD_METHOD, seen(node.ask("CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n")));
    }

    /** RFC 9112 section 3.2.2 wants it understood; the protocol forbids it. */
    @Test
    void anAbsoluteTargetIsForbiddenWhateverItNames() throws IOException {
        assertEquals(FORBIDDEN, seen(node.get("http://h" + node.path("certs/ca.pem"))));
        assertEquals(FORBIDDEN, seen(node.get("HTTP://h" + node.path("request/ver"))));
        assertEquals(FORBIDDEN, seen(node.get("http://elsewhere" + node.path("certs/ca.pem"))));
        assertEquals(FORBIDDEN, seen(node.get("certs/ca.pem")));
        assertEquals(FORBIDDEN, seen(node.get("*")));
    }

    @Test
    void ofPipelinedRequestsEachHasItsOwnForm() throws IOException {
        final String plain = "GET " + node.path("request/ver") + " HTTP/1.1\r\nHost: h\r\n\r\n";
        final String absolute = "GET http://h" + node.path("request/ver") + " HTTP/1.1\r\nHost: h\r\nX: /\r\n\r\n";
        try (Raw raw = new Raw(node.service.address())) {
            raw.send(plain + "\r\n" + absolute + absolute + plain + absolute + plain);
            for (String expected : List.of(DONE, FORBIDDEN, FORBIDDEN, DONE, FORBIDDEN, DONE)) {
                assertEquals(expected, seen(raw.readAnswer(false)));
            }
        }
    }

    @Test
    void oldVersionsOfHttpWorkOrAreRefused() throws IOException {
        assertEquals(DONE, seen(node.ask("GET " + node.path("request/ver") + " HTTP/1.0\r\n\r\n")));
        assertEquals(NO_HTTP, seen(node.ask("GET " + node.path("request/ver") + "\r\n")));
        assertEquals(NO_HTTP, seen(node.ask("GET " + node.path("request/ver") + " HTTP/2.0\r\nHost: h\r\n\r\n")));
        assertEquals(NO_HTTP, seen(node.ask("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")));
    }

    @Test
    void whatIsNoHttpIsRefusedWithABareStatusAndTheEndOfTheConnection() throws IOException {
        final String target = node.path("request/ver");
        for (String request : List.of(
                "GET " + target + " HTTP/1.1\r\n\r\n", // no Host
                "GET " + target + " HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n",
                "GET " + target + " HTTP/1.1\r\nHost\r\n\r\n",
                "GET " + target + " x HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET " + target + "\u0001 HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET " + target + " HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n",
                "GET " + target + " HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "GET " + target + " HTTP/1.1\r\nHost: h\r\n X: folded\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n", // TLS
                "rubbish\r\n\r\n")) {
            assertEquals(NO_HTTP, seen(node.ask(request)), request);
        }
    }

    @Test
    void linesThatEndInALineFeedAloneAreRead() throws IOException {
        assertEquals(
                DONE, seen(node.ask("GET " + node.path("request/ver") + " HTTP/1.1\nHost: h\nConnection: close\n\n")));
    }

    @Test
    void aGetWithABodyIsCutOffAndItsBodyIsNoRequest() throws IOException {
        final String inner = "GET " + node.path("request/ver") + " HTTP/1.1\r\nHost: h\r\n\r\n";
        final MessageId id = new MessageId("e".repeat(40));
        final String target = node.path("request/msg/" + id + "/" + HOST + "/" + USER);
        assertEquals(
                "",
                node.ask("GET " + target + " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(inner.length()) + "\r\n" + inner + "\r\n0\r\n\r\n"));
        assertEquals(
                "",
                node.ask("GET " + target + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + inner.length() + "\r\n\r\n"
                        + inner));
        assertNull(node.disk.incoming().find(id), "it has no effect");
    }

    @Test
    void hugeHeadersAndTargetsAreRefused() throws IOException {
        final String longTarget = node.path("request/" + "a".repeat(100_000));
        final String tooLong = seen(node.get(longTarget));
        assertEquals("414|Content-Length: 0|", tooLong);
        final String field = "X-" + "a".repeat(100) + ": " + "b".repeat(1_000) + "\r\n";
        final String tooMuch = seen(node.ask(
                "GET " + node.path("request/ver") + " HTTP/1.1\r\nHost: h\r\n" + field.repeat(1_000) + "\r\n"));
        assertEquals("431|Content-Length: 0|", tooMuch);
        assertEquals(
                DONE,
                seen(node.ask("GET " + node.path("request/ver") + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
                        + field.repeat(6) + "\r\n")));
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        final String close = "GET " + node.path("request/") + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
        try (Raw raw = node.connect()) {
            raw.send(("GET " + node.path("request/ver") + " HTTP/1.1\r\nHost: h\r\n\r\n").repeat(50)
                    + "HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n" + close + close);
            for (int i = 0; i < 50; i++) {
                assertEquals(DONE, seen(raw.readAnswer(false)), "number " + i);
            }
            assertEquals(FORBIDDEN, seen(raw.readAnswer(true)));
            assertEquals(MALFORMED, seen(raw.readAll()), "and what follows a close is not read");
        }
    }

    @Test
    void rangesAndConditionsAndEncodingsAreIgnored() throws IOException {
        final String plain = seenOf("certs/ca.pem");
        for (Map.Entry<String, String> field : Map.of(
                        "Range", "bytes=0-9",
                        "If-Modified-Since", "Sun, 22 Nov 2026 03:02:05 GMT",
                        "If-None-Match", "*",
                        "Accept-Encoding", "gzip, deflate, br",
                        "Expect", "100-continue")
                .entrySet()) {
            assertEquals(
                    plain,
                    seen(node.ask("GET " + node.path("certs/ca.pem") + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
                            + field.getKey() + ": " + field.getValue() + "\r\n\r\n")),
                    field.getKey());
        }
    }

    @Test
    void aPortThatIsTakenIsSaidAtOnce() {
        final InetSocketAddress taken = node.service.address();
        final IOException refused = assertThrows(
                IOException.class,
                () -> HttpService.start(
                        new Requests(node.keys, node.disk, Limits.DEFAULT, NOBODY), taken, () -> ServedNode.NOW));
        assertTrue(refused.getMessage().contains(Integer.toString(taken.getPort())), refused.getMessage());
    }

    private static final Requests.Wake NOBODY = new Requests.Wake() {
        @Override
        public void outgoing(MessageId id) {
            throw new AssertionError(id.text());
        }

        @Override
        public void incoming(MessageId id) {
            throw new AssertionError(id.text());
        }
    };
}
