package dev.cutlass.cables.onion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.cables.pki.OnionKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The onion service is in Tor whenever Tor is there, and Tor's cookie is told to nobody. */
final class OnionServiceTest {
    private static final InetSocketAddress TARGET = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9080);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String NULL_INFO =
            "250-PROTOCOLINFO 1\r\n250-AUTH METHODS=NULL\r\n250-VERSION Tor=\"0.4.9.11\"\r\n250 OK";
    private static final String SERVER_NONCE = "ab".repeat(32);

    @TempDir
    private Path temp;

    private final OnionKey key = OnionKey.draw(RANDOM);
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final byte[] cookie = new byte[32];
    private Path cookieFile;

    @BeforeEach
    void writeCookie() throws IOException {
        RANDOM.nextBytes(cookie);
        cookieFile = temp.resolve("the \"cookie\" \\");
        Files.write(cookieFile, cookie);
    }

    private OnionService start(InetSocketAddress control) {
        return OnionService.start(
                control, key, TARGET, RANDOM, (isUp, why) -> told.add(isUp ? "up" : why.isEmpty() ? "?" : why));
    }

    private String told() throws InterruptedException {
        final String line = told.poll(20, TimeUnit.SECONDS);
        assertTrue(line != null, "nothing was told");
        return line;
    }

    private static String openTor(String line) {
        return line.startsWith("PROTOCOLINFO") ? NULL_INFO : "250 OK";
    }

    /** A Tor with a cookie, which answers a challenge with this cookie. */
    private UnaryOperator<String> tor(byte[] known) {
        final String file = cookieFile.toString().replace("\\", "\\\\").replace("\"", "\\\"");
        return line -> {
            if (line.startsWith("PROTOCOLINFO")) {
                return "250-PROTOCOLINFO 1\r\n250-AUTH METHODS=COOKIE,SAFECOOKIE,HASHEDPASSWORD COOKIEFILE=\"" + file
                        + "\"\r\n250-VERSION Tor=\"0.4.9.11\"\r\n250 OK";
            }
            if (line.startsWith("AUTHCHALLENGE ")) {
                final String nonce = line.substring(line.lastIndexOf(' ') + 1);
                return "250 AUTHCHALLENGE SERVERHASH="
                        + mac("Tor safe cookie authentication server-to-controller hash", known, nonce)
                        + " SERVERNONCE=" + SERVER_NONCE.toUpperCase(Locale.ROOT);
            }
            return "250 OK";
        };
    }

    private static String mac(String label, byte[] cookie, String clientNonce) {
        try {
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(label.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            mac.update(cookie);
            mac.update(HexFormat.of().parseHex(clientNonce));
            mac.update(HexFormat.of().parseHex(SERVER_NONCE));
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theServiceIsMadeWithItsKeyAndForgottenWithTheConnection() throws Exception {
        final String expanded = Base64.getEncoder().encodeToString(key.expanded());
        try (FakeTor tor = FakeTor.start(OnionServiceTest::openTor)) {
            try (OnionService service = start(tor.address())) {
                assertEquals("up", told(), service::toString);
                assertEquals("PROTOCOLINFO 1", tor.next());
                assertEquals("AUTHENTICATE", tor.next());
                assertEquals("ADD_ONION ED25519-V3:" + expanded + " Port=80,127.0.0.1:9080", tor.next());
            }
            assertEquals(FakeTor.END, tor.next());
        }
    }

    @Test
    void aTorThatComesBackHasTheServiceAgain() throws Exception {
        try (FakeTor tor = FakeTor.start(OnionServiceTest::openTor);
                OnionService service = start(tor.address())) {
            assertEquals("up", told(), service::toString);
            tor.cut();
            assertNotEquals("up", told());
            assertEquals("up", told());
        }
    }

    @Test
    void aTorThatIsNotThereIsToldOfOnceAndTriedAgain() throws Exception {
        final int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (OnionService service = start(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            final String why = told();
            assertTrue(why.contains("ControlPort") && why.contains(Integer.toString(port)), why + service);
        }
        assertTrue(told.isEmpty());
    }

    @Test
    void theCookieIsProvedAndNotTold() throws Exception {
        try (FakeTor tor = FakeTor.start(tor(cookie));
                OnionService service = start(tor.address())) {
            assertEquals("up", told(), service::toString);
            tor.next();
            final String challenge = tor.next();
            assertTrue(challenge.matches("AUTHCHALLENGE SAFECOOKIE [0-9a-f]{64}"), challenge);
            assertEquals(
                    "AUTHENTICATE "
                            + mac(
                                    "Tor safe cookie authentication controller-to-server hash",
                                    cookie,
                                    challenge.substring(challenge.lastIndexOf(' ') + 1)),
                    tor.next());
        }
    }

    @Test
    void whoDoesNotKnowTheCookieGetsNeitherProofNorKey() throws Exception {
        try (FakeTor tor = FakeTor.start(tor(new byte[32]));
                OnionService service = start(tor.address())) {
            final String why = told();
            assertTrue(why.contains("does not know Tor's cookie"), why + service);
            tor.next();
            assertTrue(tor.next().startsWith("AUTHCHALLENGE "));
            assertEquals(FakeTor.END, tor.next());
        }
    }

    @Test
    void aPasswordAFileThatIsNoneAndARefusalAreExplained() throws Exception {
        assertExplained(
                line -> line.startsWith("PROTOCOLINFO") ? "250-AUTH METHODS=HASHEDPASSWORD\r\n250 OK" : "250 OK",
                "CookieAuthentication 1");
        assertExplained(
                line -> "250-AUTH METHODS=SAFECOOKIE COOKIEFILE=\"" + temp.resolve("none") + "\"\r\n250 OK",
                "CookieAuthFileGroupReadable 1");
        Files.write(temp.resolve("long"), new byte[33]);
        assertExplained(
                line -> "250-AUTH METHODS=SAFECOOKIE COOKIEFILE=\"" + temp.resolve("long") + "\"\r\n250 OK",
                "is no cookie");
        assertExplained(
                line -> line.startsWith("ADD_ONION") ? "550 Onion address collision" : openTor(line),
                "Onion address collision");
        assertExplained(line -> "HTTP/1.0 501 no", "no answer of Tor's control port");
    }

    private void assertExplained(UnaryOperator<String> answers, String expected) throws Exception {
        try (FakeTor tor = FakeTor.start(answers);
                OnionService service = start(tor.address())) {
            final String why = told();
            assertTrue(why.contains(expected), why + service);
            assertFalse(why.contains("ED25519-V3"), why);
        }
        told.clear();
    }

    @Test
    void theKeyDoesNotLeaveTheMachine() {
        final InetSocketAddress elsewhere = new InetSocketAddress("192.0.2.1", 9051);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> start(elsewhere))
                .getMessage()
                .contains("in clear"));
    }
}
