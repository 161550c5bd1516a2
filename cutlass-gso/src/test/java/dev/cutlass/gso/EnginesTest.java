package dev.cutlass.gso;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.Cutlass;
import dev.cutlass.Delivery;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.net.NioDatagramPort;
import dev.cutlass.net.Ports;
import dev.cutlass.spi.DatagramPort;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole engines find the port by themselves, and talk with those that have another. */
final class EnginesTest {
    private static final long WAIT_SECONDS = 60;
    private static final int MESSAGES = 1_000;

    /** More than any network but a loopback carries. */
    private static final int LARGE = 10_000;

    private final List<AutoCloseable> open = new ArrayList<>();

    private Cutlass start(boolean nio, BlockingQueue<String> inbox) throws IOException {
        Identity identity = Identity.generate();
        open.add(0, identity);
        if (nio) {
            System.setProperty(Ports.PROPERTY, Ports.NIO);
        }
        try {
            Cutlass engine = Cutlass.builder()
                    .identity(identity)
                    .bind(InetAddress.getByName("127.0.0.1"))
                    .anyPort()
                    .onMessage((peer, message) -> inbox.add(message.text()))
                    .start();
            open.add(0, engine);
            return engine;
        } finally {
            System.clearProperty(Ports.PROPERTY);
        }
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    private void talk(boolean leftNio, boolean rightNio) throws Exception {
        BlockingQueue<String> atLeft = new LinkedBlockingQueue<>();
        BlockingQueue<String> atRight = new LinkedBlockingQueue<>();
        Cutlass left = start(leftNio, atLeft);
        Cutlass right = start(rightNio, atRight);
        Peer toRight = left.connect(PeerAddress.of(right.id(), new PeerAddress.Place("127.0.0.1", right.localPort())))
                .get(WAIT_SECONDS, TimeUnit.SECONDS);
        sendAll(toRight, atRight);
        sendAll(right.peer(left.id()).orElseThrow(), atLeft);
    }

    private static void sendAll(Peer peer, BlockingQueue<String> inbox) throws Exception {
        String filling = "x".repeat(900);
        Delivery last = null;
        List<String> received = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            last = peer.send(i + filling);
            if (i % 100 == 99) {
                last.toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS); // within the outbox's bounds
                inbox.drainTo(received);
            }
        }
        assertTrue(last != null);
        while (received.size() < MESSAGES) {
            String next = inbox.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            assertTrue(next != null, "only " + received.size() + " came");
            received.add(next);
        }
        for (int i = 0; i < MESSAGES; i++) {
            assertEquals(i + filling, received.get(i));
        }
    }

    @Test
    void anEngineWithSegmentsTalksWithOneWithoutThemBothWays() throws Exception {
        talk(false, true);
    }

    @Test
    void twoEnginesWithSegmentsTalk() throws Exception {
        talk(false, false);
    }

    @Test
    void enginesWithSegmentsFindOutHowLargeDatagramsMayBe() throws Exception {
        BlockingQueue<String> inbox = new LinkedBlockingQueue<>();
        Cutlass left = start(false, new LinkedBlockingQueue<>());
        Cutlass right = start(false, inbox);
        Peer peer = left.connect(PeerAddress.of(right.id(), new PeerAddress.Place("127.0.0.1", right.localPort())))
                .get(WAIT_SECONDS, TimeUnit.SECONDS);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (peer.info().connection().orElseThrow().packetSize() < LARGE) {
            assertTrue(System.nanoTime() < end, "the loopback carries more");
            peer.send("x".repeat(60_000)).toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
            inbox.clear();
        }
    }

    @Test
    void whereNativeAccessIsAllowedThePortIsFound() throws IOException {
        try (DatagramPort port = Ports.open(InetAddress.getByName("127.0.0.1"), 0)) {
            assertInstanceOf(GsoDatagramPort.class, port);
        }
    }

    @Test
    void aPropertyForcesNio() throws IOException {
        System.setProperty(Ports.PROPERTY, Ports.NIO);
        try (DatagramPort port = Ports.open(InetAddress.getByName("127.0.0.1"), 0)) {
            assertInstanceOf(NioDatagramPort.class, port);
        } finally {
            System.clearProperty(Ports.PROPERTY);
        }
    }

    @Test
    void whereNativeAccessIsNotAllowedNioIsUsedWithoutAWord() throws Exception {
        assertEquals(NioDatagramPort.class.getSimpleName(), portOfAnotherJvm());
    }

    @Test
    void whereItIsAllowedOnTheCommandLineNothingIsSaidEither() throws Exception {
        assertEquals(GsoDatagramPort.class.getSimpleName(), portOfAnotherJvm("--enable-native-access=ALL-UNNAMED"));
    }

    /** Everything that such a JVM prints, warnings too. */
    private static String portOfAnotherJvm(String... flags) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Shown.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().remove("JDK_JAVA_OPTIONS");
        Process process = builder.start();
        try {
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS));
            return printed.strip();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Another JVM's main class: opens a port, closes it and says what it was. */
    static final class Shown {
        public static void main(String[] args) throws IOException {
            try (DatagramPort port = Ports.open(InetAddress.getByName("127.0.0.1"), 0)) {
                System.out.println(port.getClass().getSimpleName());
            }
        }
    }
}
