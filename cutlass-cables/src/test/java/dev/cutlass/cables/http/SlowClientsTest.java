package dev.cutlass.cables.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.queue.Names;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that are idle, slow, or many: they are cut off, and nobody else notices. */
final class SlowClientsTest {
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int MANY = 10_000;

    @TempDir
    private Path home;

    @Test
    void anIdleClientIsCutOff() throws IOException {
        final ServiceLimits limits = new ServiceLimits(100, SHORT, LONG, LONG, 1, 1 << 20);
        try (ServedNode node = new ServedNode(home, limits);
                Raw silent = node.connect();
                Raw half = node.connect();
                Raw kept = node.connect()) {
            half.send("GET /x HTTP/1.1\r\nHo");
            kept.send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n").readAnswer(false);
            assertTrue(silent.isEnded());
            assertTrue(kept.isEnded());
            half.readAll();
            awaitNoConnections(node);
        }
    }

    /** The test's time limit ends it otherwise. */
    private static void awaitNoConnections(ServedNode node) {
        while (node.service.connections() > 0) {
            Thread.onSpinWait();
        }
    }

    /** A byte now and then keeps it from being idle for ever; the whole request has its time, too. */
    @Test
    void aClientThatDripsItsRequestIsCutOff() throws IOException {
        final ServiceLimits limits = new ServiceLimits(100, LONG, SHORT, LONG, 1, 1 << 20);
        try (ServedNode node = new ServedNode(home, limits);
                Raw drip = node.connect()) {
            drip.send("GET /x HTTP/1.1\r\nX: ");
            drip.socket.setSoTimeout(20);
            final long start = System.nanoTime();
            boolean isCut = false;
            while (!isCut) {
                assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(20), "it is never cut off");
                try {
                    drip.send("a");
                    isCut = drip.socket.getInputStream().read() < 0;
                } catch (SocketTimeoutException e) {
                    isCut = false;
                } catch (SocketException e) {
                    isCut = true;
                }
            }
            assertTrue(System.nanoTime() - start >= SHORT.toNanos() / 2, "it had some time");
        }
    }

    @Test
    void aClientThatDoesNotReadItsAnswerIsCutOff() throws IOException {
        final ServiceLimits limits = new ServiceLimits(100, LONG, LONG, SHORT, 1 << 30, 64 << 20);
        try (ServedNode node = new ServedNode(home, limits);
                Raw reader = node.connect()) {
            final MessageId id = new MessageId("a".repeat(40));
            node.disk.outgoing().add(id, Map.of(Names.SEALED, new byte[32 << 20]));
            reader.send("GET " + node.path("queue/" + id) + " HTTP/1.1\r\nHost: h\r\n\r\n");
            reader.readAnswerStart();
            awaitNoConnections(node);
            assertTrue(reader.readBody(32 << 20) < 32 << 20);
        }
    }

    /** What is held in memory for readers is bounded: one file of any size, then no more. */
    @Test
    void slowReadersOfLargeFilesDoNotFillTheMemory() throws IOException {
        final ServiceLimits limits = new ServiceLimits(100, LONG, LONG, LONG, 1, 40 << 20);
        try (ServedNode node = new ServedNode(home, limits);
                Raw first = node.connect();
                Raw second = node.connect();
                Raw third = node.connect()) {
            final MessageId id = new MessageId("a".repeat(40));
            node.disk.outgoing().add(id, Map.of(Names.SEALED, new byte[32 << 20]));
            final String get = "GET " + node.path("queue/" + id) + " HTTP/1.1\r\nHost: h\r\n\r\n";
            first.send(get).readAnswerStart();
            assertEquals("HTTP/1.1 404 ", second.send(get).readAnswerStart().substring(0, 13));
            assertTrue(third.send("GET " + node.path("request/ver") + " HTTP/1.1\r\nHost: h\r\n\r\n")
                    .readAnswer(false)
                    .startsWith("HTTP/1.1 200 "));
            assertEquals(32 << 20, first.readBody(32 << 20));
            assertEquals("HTTP/1.1 200 ", second.send(get).readAnswerStart().substring(0, 13));
        }
    }

    @Test
    void oneMoreThanAllSendsAwayTheOneThatWaitsLongest() throws IOException {
        final ServiceLimits limits = new ServiceLimits(3, LONG, LONG, LONG, 1, 1 << 20);
        final List<Raw> clients = new ArrayList<>();
        try (ServedNode node = new ServedNode(home, limits)) {
            for (int i = 0; i < 3; i++) {
                clients.add(node.connect());
                while (node.service.connections() <= i) {
                    Thread.onSpinWait();
                }
            }
            clients.get(0).send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n").readAnswer(false); // now the second waits longest
            clients.add(node.connect());
            assertTrue(clients.get(1).isEnded());
            for (int i : new int[] {0, 2, 3}) {
                final String answer = clients.get(i)
                        .send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n")
                        .readAnswer(false);
                assertTrue(answer.startsWith("HTTP/1.1 403 "), "client " + i + ": " + answer);
            }
        } finally {
            for (Raw client : clients) {
                client.close();
            }
        }
    }

    /** They sit in a process of their own: one has not enough file descriptors for both ends. */
    @Test
    void tenThousandSlowClientsHurtNobody() throws IOException, InterruptedException {
        final int count = (int) Math.min(MANY, descriptors() - 1_000);
        try (ServedNode node = new ServedNode(home, ServiceLimits.DEFAULT)) {
            final Process crowd = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Crowd.class.getName(),
                            Integer.toString(node.service.address().getPort()),
                            Integer.toString(count))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader said =
                    new BufferedReader(new InputStreamReader(crowd.getInputStream(), StandardCharsets.US_ASCII))) {
                assertEquals("connected", said.readLine());
                final long[] nanos = new long[200];
                for (int i = 0; i < nanos.length; i++) {
                    final long start = System.nanoTime();
                    final String answer = node.get(node.path("request/ver"));
                    nanos[i] = System.nanoTime() - start;
                    assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
                }
                Arrays.sort(nanos);
                final long worst = TimeUnit.NANOSECONDS.toMillis(nanos[nanos.length - 2]);
                assertTrue(worst < 2_000, "the second slowest answer took " + worst + " ms");
                assertTrue(node.service.connections() > count / 2, "the crowd is there: " + node.service.connections());
                assertFalse(node.service.connections() > ServiceLimits.DEFAULT.maxConnections());
            } finally {
                crowd.destroy();
                crowd.waitFor();
            }
        }
    }

    private static long descriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : MANY;
    }

    /** Opens connections, sends the beginning of a request on each, and stays. */
    static final class Crowd {
        private Crowd() {}

        public static void main(String[] args) throws IOException {
            final InetSocketAddress service =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
            final List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(args[1]); i++) {
                final Socket socket = new Socket();
                socket.connect(service);
                socket.getOutputStream().write("GET /x HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));
                sockets.add(socket);
            }
            System.out.println("connected");
            if (System.in.read() >= 0) {
                System.out.println(sockets.size());
            }
        }
    }
}
