package dev.cutlass.bench.compare;

import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Aeron over UDP, in the clear, its defaults but for threads: one for the driver in each process and one for the program, which wait as they would on a machine
 * with two cores. A channel each way; who joins one is no connection in the sense of the others.
 */
final class AeronUdp implements Contender {
    private static final int STREAM = 10;
    private static final int FRAGMENTS = 64;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int SPINS = 10;
    private static final int YIELDS = 20;
    private static final long PARK_MIN_NANOS = 1_000;
    private static final long PARK_MAX_NANOS = 100_000;

    @Override
    public String label() {
        return "Aeron UDP, in the clear";
    }

    @Override
    public boolean connects() {
        return false;
    }

    private static IdleStrategy idle() {
        return new BackoffIdleStrategy(SPINS, YIELDS, PARK_MIN_NANOS, PARK_MAX_NANOS);
    }

    private static String channel(String port) {
        return "aeron:udp?endpoint=127.0.0.1:" + port;
    }

    /** A port that was free a moment ago: Aeron wants it in the name of a channel. */
    private static String freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        }
    }

    /** A driver and a client of it in this process. */
    private static final class Node implements AutoCloseable {
        final MediaDriver driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
                .aeronDirectoryName(System.getProperty("java.io.tmpdir") + "/cutlass-bench-aeron-" + UUID.randomUUID())
                .threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(idle())
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true));
        final Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));

        void offer(Publication publication, byte[] message, IdleStrategy waiting) {
            final UnsafeBuffer buffer = new UnsafeBuffer(message);
            if (publication.offer(buffer) > 0) {
                return;
            }
            final long start = System.nanoTime();
            waiting.reset();
            while (publication.offer(buffer) <= 0) {
                if (System.nanoTime() - start > PATIENCE_NANOS) {
                    throw new IllegalStateException("Aeron took no message");
                }
                waiting.idle();
            }
        }

        @Override
        public void close() {
            aeron.close();
            driver.close();
        }
    }

    @Override
    public Server serve() throws IOException {
        final String there = freePort();
        final String back = freePort();
        final Node node = new Node();
        final Subscription subscription = node.aeron.addSubscription(channel(there), STREAM);
        final Publication answers = node.aeron.addPublication(channel(back), STREAM);
        final Sink sink = new Sink();
        final Thread thread = new Thread(
                () -> {
                    final IdleStrategy idle = idle();
                    final FragmentAssembler assembler = new FragmentAssembler((buffer, offset, length, header) -> {
                        final byte[] message = new byte[length];
                        buffer.getBytes(offset, message);
                        final byte[] answer = sink.handle(message);
                        if (answer != null) {
                            node.offer(answers, answer, idle);
                        }
                    });
                    while (!Thread.currentThread().isInterrupted()) {
                        idle.idle(subscription.poll(assembler, FRAGMENTS));
                    }
                },
                "aeron-server");
        thread.setDaemon(true);
        thread.start();
        return new Server() {
            @Override
            public String address() {
                return there + ":" + back;
            }

            @Override
            public void close() {
                thread.interrupt();
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                node.close();
            }
        };
    }

    @Override
    public Client connect(String address) {
        final int colon = address.indexOf(':');
        return new AeronClient(address.substring(0, colon), address.substring(colon + 1));
    }

    private static final class AeronClient extends BlockingClient {
        private final Node node = new Node();
        private final IdleStrategy idle = idle();
        private final Publication publication;
        private final Subscription subscription;
        private final FragmentAssembler assembler = new FragmentAssembler((buffer, offset, length, header) -> {
            final byte[] message = new byte[length];
            buffer.getBytes(offset, message);
            this.answer = message;
        });
        private byte @Nullable [] answer;

        AeronClient(String there, String back) {
            subscription = node.aeron.addSubscription(channel(back), STREAM);
            publication = node.aeron.addPublication(channel(there), STREAM);
            final long start = System.nanoTime();
            while (!publication.isConnected() || !subscription.isConnected()) {
                if (System.nanoTime() - start > PATIENCE_NANOS) {
                    throw new IllegalStateException("Aeron did not connect");
                }
                idle.idle();
            }
        }

        @Override
        void send(byte[] message) {
            node.offer(publication, message, idle);
        }

        @Override
        void flush() {
            // The driver does by itself.
        }

        @Override
        byte[] receive() {
            answer = null;
            final long start = System.nanoTime();
            idle.reset();
            byte[] found = null;
            while (found == null) {
                idle.idle(subscription.poll(assembler, 1));
                found = answer;
                if (System.nanoTime() - start > PATIENCE_NANOS) {
                    throw new IllegalStateException("Aeron brought no answer");
                }
            }
            return found;
        }

        @Override
        public void close() {
            node.close();
        }
    }
}
