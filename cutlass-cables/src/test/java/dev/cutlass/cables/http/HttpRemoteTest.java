package dev.cutlass.cables.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.HostName;
import dev.cutlass.cables.exchange.Remote.Fetched;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client on real sockets: through which proxy it goes, what it says of itself, and what hostile nodes can do to it. */
final class HttpRemoteTest {
    private static final HostName HOST = HostName.of("ixasm4dju7k2zgwm.onion");
    private static final String V3 = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion";
    private static final String USER = "b".repeat(32);
    private static final CablesAddress NODE = CablesAddress.of(USER + "@" + HOST);
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final RemoteLimits PATIENT = new RemoteLimits(LONG, LONG, LONG, 1);

    @TempDir
    private Path home;

    private static Fetched direct(LoopbackServer node, RemoteLimits limits, int maxLength) throws IOException {
        try (HttpRemote remote = HttpRemote.start(null, Map.of(HOST, node.address()), limits)) {
            return remote.get(NODE, "request/ver", maxLength);
        }
    }

    private static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static void assertBody(String text, Fetched fetched) {
        final Fetched.Body body = assertInstanceOf(Fetched.Body.class, fetched, () -> fetched.toString());
        assertArrayEquals(text.getBytes(StandardCharsets.ISO_8859_1), body.bytes());
    }

    private static String unreachable(Fetched fetched) {
        return assertInstanceOf(Fetched.Unreachable.class, fetched).why();
    }

    @Test
    void throughSocksTheProxyGetsTheNameAndTheNodeNothingButTheHost() throws IOException {
        try (LoopbackServer node = LoopbackServer.answering(ok("hello"));
                LoopbackServer socks = LoopbackServer.socks5(node.address(), 0);
                HttpRemote remote = HttpRemote.start(
                        new ProxyAddress(ProxyAddress.Kind.SOCKS5, socks.address()), Map.of(), PATIENT)) {
            assertBody("hello", remote.get(NODE, "certs/ca.pem", 100));
            assertEquals(List.of(HOST + ":80"), socks.asked);
            assertTrue(node.asked.get(0).startsWith("GET /" + USER + "/certs/ca.pem HTTP/1.1\r\n"), node.asked.get(0));
            assertEquals(List.of("host: " + HOST), LoopbackServer.fieldsOf(node.asked.get(0)));

            remote.get(CablesAddress.of(USER + "@" + V3), "request/ver", 100);
            remote.get(CablesAddress.of(USER + "@" + "c".repeat(52) + ".b32.i2p"), "request/ver", 100);
            assertEquals(List.of(HOST + ":80", V3 + ":80", "c".repeat(52) + ".b32.i2p:80"), socks.asked);
        }
    }

    @Test
    void throughAnHttpProxyTheTargetIsAbsolute() throws IOException {
        try (ServedNode node = new ServedNode(home, ServiceLimits.DEFAULT);
                LoopbackServer proxy = LoopbackServer.httpProxy(node.service.address());
                HttpRemote remote = HttpRemote.start(
                        new ProxyAddress(ProxyAddress.Kind.HTTP, proxy.address()), Map.of(), PATIENT)) {
            final CablesAddress served = new CablesAddress(node.keys.user(), HOST);
            assertBody("LIBERTE CABLE 3.0\n", remote.get(served, "request/ver", 100));
            final String head = proxy.asked.get(0);
            assertTrue(head.startsWith("GET http://" + HOST + node.path("request/ver") + " HTTP/1.1\r\n"), head);
            assertEquals(List.of("host: " + HOST), LoopbackServer.fieldsOf(head));
            assertEquals(new Fetched.Status(404), remote.get(served, "queue/" + "0".repeat(40), 100));
        }
    }

    @Test
    void oneConnectionServesManyRequests() throws IOException {
        try (ServedNode node = new ServedNode(home, ServiceLimits.DEFAULT);
                LoopbackServer socks = LoopbackServer.socks5(node.service.address(), 0);
                HttpRemote remote = HttpRemote.start(
                        new ProxyAddress(ProxyAddress.Kind.SOCKS5, socks.address()), Map.of(), PATIENT)) {
            final CablesAddress served = new CablesAddress(node.keys.user(), HOST);
            for (int i = 0; i < 20; i++) {
                assertBody(
                        new String(node.keys.caPem(), StandardCharsets.US_ASCII),
                        remote.get(served, "certs/ca.pem", 65536));
                assertEquals(
                        new Fetched.Status(500),
                        remote.get(served, "request/snd/" + "0".repeat(40) + "/" + "0".repeat(128), 100));
            }
            assertEquals(1, socks.asked.size());
        }
    }

    @Test
    void aMappedHostIsConnectedToDirectlyAndNoOther() throws IOException {
        try (LoopbackServer node = LoopbackServer.answering(ok("direct"));
                LoopbackServer other = LoopbackServer.answering(ok("proxied"));
                LoopbackServer socks = LoopbackServer.socks5(other.address(), 0);
                HttpRemote remote = HttpRemote.start(
                        new ProxyAddress(ProxyAddress.Kind.SOCKS5, socks.address()),
                        Map.of(HOST, node.address()),
                        PATIENT)) {
            assertBody("direct", remote.get(NODE, "request/ver", 100));
            assertEquals(List.of("host: " + HOST), LoopbackServer.fieldsOf(node.asked.get(0)));
            assertBody("proxied", remote.get(CablesAddress.of(USER + "@" + V3), "request/ver", 100));
            assertEquals(List.of(V3 + ":80"), socks.asked);
        }
    }

    @Test
    void addressesOfIpv6AreKnownAsTheyAreWritten() throws IOException {
        final InetSocketAddress six = new InetSocketAddress("::1", 0);
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(six);
        } catch (IOException e) {
            assumeTrue(false, "not tried with IPv6: this machine has none");
        }
        try (ServedNode node = new ServedNode(home, ServiceLimits.DEFAULT, six);
                LoopbackServer socks = LoopbackServer.socks5(node.service.address(), 0);
                HttpRemote remote = HttpRemote.start(
                        new ProxyAddress(ProxyAddress.Kind.SOCKS5, socks.address()),
                        Map.of(HOST, node.service.address()),
                        PATIENT)) {
            assertBody(
                    "LIBERTE CABLE 3.0\n", remote.get(new CablesAddress(node.keys.user(), HOST), "request/ver", 100));
            assertEquals(List.of(), socks.asked);
        }
        try (ServedNode node = new ServedNode(home, ServiceLimits.DEFAULT);
                LoopbackServer socks = LoopbackServer.socks5(node.service.address(), 0, six.getAddress());
                HttpRemote remote = HttpRemote.start(
                        new ProxyAddress(ProxyAddress.Kind.SOCKS5, socks.address()), Map.of(), PATIENT)) {
            assertBody(
                    "LIBERTE CABLE 3.0\n", remote.get(new CablesAddress(node.keys.user(), HOST), "request/ver", 100));
            assertEquals(List.of(HOST + ":80"), socks.asked);
        }
    }

    @Test
    void withoutAProxyNothingIsOpenedForAHostThatIsNotMapped() throws IOException {
        try (HttpRemote remote = HttpRemote.start(null, Map.of(), PATIENT)) {
            assertTrue(unreachable(remote.get(NODE, "request/ver", 100)).contains("no proxy"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "127.0.0.1", "example.com", "example.com.onion", "a.onion", "router.i2p", "[::1]"})
    void otherNamesAreNoHostsAtAll(String name) {
        assertNull(HostName.parse(name));
    }

    @Test
    void aProxyWhoseNameIsNotResolvedIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new ProxyAddress(ProxyAddress.Kind.HTTP, InetSocketAddress.createUnresolved("proxy", 8118)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 255})
    void aProxyThatDoesNotReachTheHostMakesItUnreachable(int reply) throws IOException {
        try (LoopbackServer socks = LoopbackServer.socks5(ServedNode.ANY, reply);
                HttpRemote remote = HttpRemote.start(
                        new ProxyAddress(ProxyAddress.Kind.SOCKS5, socks.address()), Map.of(), PATIENT)) {
            unreachable(remote.get(NODE, "request/ver", 100));
        }
    }

    @Test
    void aProxyThatIsNotThereOrSpeaksSomethingElseMakesAllUnreachable() throws IOException {
        final LoopbackServer gone = LoopbackServer.answering("");
        gone.close();
        try (LoopbackServer rubbish =
                LoopbackServer.of((socket, in, out) -> out.write("220 smtp\r\n".getBytes(StandardCharsets.US_ASCII)))) {
            for (InetSocketAddress proxy : List.of(gone.address(), rubbish.address())) {
                for (ProxyAddress.Kind kind : ProxyAddress.Kind.values()) {
                    try (HttpRemote remote = HttpRemote.start(new ProxyAddress(kind, proxy), Map.of(), PATIENT)) {
                        unreachable(remote.get(NODE, "request/ver", 100));
                    }
                }
            }
        }
    }

    /** How long the proxy may look for a host is the same as how long a host may say nothing. */
    @Test
    void aProxyThatSaysNothingIsGivenUpWhenItsTimeIsUpAndNotBefore() throws IOException {
        try (LoopbackServer silent =
                        LoopbackServer.of((socket, in, out) -> in.transferTo(OutputStream.nullOutputStream()));
                HttpRemote remote = HttpRemote.start(
                        new ProxyAddress(ProxyAddress.Kind.SOCKS5, silent.address()),
                        Map.of(),
                        new RemoteLimits(LONG, SHORT, LONG, 1))) {
            final long start = System.nanoTime();
            unreachable(remote.get(NODE, "request/ver", 100));
            final Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(took.compareTo(SHORT) >= 0, took.toString());
            assertTrue(took.compareTo(RemoteLimits.KEPT) < 0, took.toString());
        }
    }

    @Test
    void afterTheEndAllIsUnreachable() throws IOException {
        try (LoopbackServer node = LoopbackServer.answering(ok("x"))) {
            final HttpRemote remote = HttpRemote.start(null, Map.of(HOST, node.address()), PATIENT);
            remote.close();
            remote.close();
            unreachable(remote.get(NODE, "request/ver", 100));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 405, 500})
    void whatANodeSaysIsAStatus(int status) throws IOException {
        try (LoopbackServer node =
                LoopbackServer.answering("HTTP/1.1 " + status + " X\r\nContent-Length: 2\r\n\r\nxx")) {
            assertEquals(new Fetched.Status(status), direct(node, PATIENT, 100));
        }
    }

    /** A proxy's own errors do not say that the node is there; nor do redirects and demands lead anywhere. */
    @ParameterizedTest
    @ValueSource(ints = {100, 101, 102, 103, 204, 206, 301, 302, 303, 307, 401, 407, 502, 503, 504, 999})
    void whatNoNodeSaysIsNoAnswer(int status) throws IOException {
        try (LoopbackServer elsewhere = LoopbackServer.answering(ok("never"));
                LoopbackServer node = LoopbackServer.answering(
                        "HTTP/1.1 " + status + " X\r\nLocation: http://127.0.0.1:"
                                + elsewhere.address().getPort() + "/\r\nWWW-Authenticate: Basic realm=x\r\n"
                                + "Proxy-Authenticate: Basic realm=x\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")) {
            unreachable(direct(node, new RemoteLimits(LONG, SHORT, LONG, 1), 100));
            assertEquals(List.of(), elsewhere.asked);
            assertEquals(1, node.asked.size());
        }
    }

    @Test
    void cookiesAreNotSentBack() throws IOException {
        final List<String> asked = new CopyOnWriteArrayList<>();
        try (LoopbackServer node = LoopbackServer.of((socket, in, out) -> {
                    while (true) {
                        asked.add(LoopbackServer.head(in));
                        out.write("HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                    }
                });
                HttpRemote remote = HttpRemote.start(null, Map.of(HOST, node.address()), PATIENT)) {
            assertBody("", remote.get(NODE, "request/ver", 100));
            assertBody("", remote.get(NODE, "request/ver", 100));
            assertEquals(List.of("host: " + HOST), LoopbackServer.fieldsOf(asked.get(1)));
        }
    }

    @Test
    void theGreatestLengthIsAllowedAndOneByteMoreIsNot() throws IOException {
        for (String header : List.of("Content-Length: 100\r\n", "Transfer-Encoding: chunked\r\n", "")) {
            final String hundred = "x".repeat(100);
            final String sent = header.startsWith("T") ? "64\r\n" + hundred + "\r\n0\r\n\r\n" : hundred;
            try (LoopbackServer node = LoopbackServer.answering("HTTP/1.1 200 OK\r\n" + header + "\r\n" + sent)) {
                assertBody(hundred, direct(node, PATIENT, 100));
                assertTrue(unreachable(direct(node, PATIENT, 99)).contains("more than 99"), header);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 404 X\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: ",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n"
            })
    void anEndlessAnswerIsCutOff(String start) throws IOException {
        final CountDownLatch isCut = new CountDownLatch(1);
        try (LoopbackServer node = LoopbackServer.of((socket, in, out) -> {
            LoopbackServer.head(in);
            out.write(start.getBytes(StandardCharsets.US_ASCII));
            try {
                final byte[] much = "x".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
                while (true) {
                    out.write(much);
                }
            } catch (IOException e) {
                isCut.countDown();
            }
        })) {
            final Fetched fetched = direct(node, PATIENT, 100_000);
            assertTrue(!(fetched instanceof Fetched.Body), fetched.toString());
            isCut.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aBombIsNotUnpacked() throws IOException {
        try (LoopbackServer node =
                LoopbackServer.answering("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")) {
            assertBody("abc", direct(node, PATIENT, 100));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\n\r\n",
                "rubbish",
                "SSH-2.0-x\r\n",
                "HTTP/1.1 200",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
                "HTTP/9.9 200 OK\r\n\r\n",
                "HTTP/1.1 abc OK\r\n\r\n"
            })
    void brokenAnswersAreNone(String answer) throws IOException {
        try (LoopbackServer node = LoopbackServer.answering(answer)) {
            unreachable(direct(node, PATIENT, 100));
        }
    }

    @Test
    void aNodeThatSaysNothingIsGivenUp() throws IOException {
        try (LoopbackServer node =
                LoopbackServer.of((socket, in, out) -> in.transferTo(OutputStream.nullOutputStream()))) {
            unreachable(direct(node, new RemoteLimits(LONG, SHORT, LONG, 1), 100));
        }
    }

    /** A byte now and then keeps it from being idle for ever. */
    @Test
    void aNodeThatDripsIsGivenUp() throws IOException {
        try (LoopbackServer node = LoopbackServer.of((socket, in, out) -> {
            LoopbackServer.head(in);
            out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(20);
            while (true) {
                out.write('x');
                try {
                    if (in.read() < 0) {
                        return;
                    }
                } catch (SocketTimeoutException e) {
                    out.flush();
                }
            }
        })) {
            final Fetched slow = direct(node, new RemoteLimits(LONG, LONG, SHORT, 1 << 10), 1 << 30);
            assertTrue(unreachable(slow).contains("too slowly"), slow.toString());
            unreachable(direct(node, new RemoteLimits(LONG, LONG, SHORT, 1 << 30), 1));
        }
    }

    @Test
    void manyAtOnceAreAllAnswered() throws Exception {
        try (ServedNode node = new ServedNode(home, ServiceLimits.DEFAULT);
                LoopbackServer socks = LoopbackServer.socks5(node.service.address(), 0);
                HttpRemote remote = HttpRemote.start(
                        new ProxyAddress(ProxyAddress.Kind.SOCKS5, socks.address()), Map.of(), PATIENT)) {
            final CablesAddress served = new CablesAddress(node.keys.user(), HOST);
            final List<Thread> threads = new ArrayList<>();
            final List<Fetched> answers = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 50; i++) {
                threads.add(new Thread(() -> answers.add(remote.get(served, "request/ver", 100))));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(50, answers.size());
            answers.forEach(answer -> assertBody("LIBERTE CABLE 3.0\n", answer));
            assertTrue(socks.asked.size() <= RemoteLimits.MAX_CONNECTIONS, socks.asked.size() + " connections");
        }
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        final CountDownLatch isAsked = new CountDownLatch(1);
        try (LoopbackServer node = LoopbackServer.of((socket, in, out) -> {
                    LoopbackServer.head(in);
                    isAsked.countDown();
                    in.transferTo(OutputStream.nullOutputStream());
                });
                HttpRemote remote = HttpRemote.start(null, Map.of(HOST, node.address()), PATIENT)) {
            final Fetched[] fetched = new Fetched[1];
            final Thread worker = new Thread(() -> fetched[0] = remote.get(NODE, "request/ver", 100));
            worker.start();
            isAsked.await();
            worker.interrupt();
            worker.join();
            assertEquals("stopped", unreachable(fetched[0]));
        }
    }
}
