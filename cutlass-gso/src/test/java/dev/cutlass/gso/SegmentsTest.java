package dev.cutlass.gso;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.net.NioDatagramPort;
import dev.cutlass.spi.DatagramBatch;
import dev.cutlass.spi.DatagramPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of datagrams arrive as the datagrams that they were, whichever port reads or writes them. */
final class SegmentsTest {
    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final List<DatagramPort> open = new ArrayList<>();

    private static final class Inbox implements DatagramPort.Receiver {
        final List<byte[]> received = new ArrayList<>();
        final List<InetSocketAddress> from = new ArrayList<>();

        @Override
        public void onDatagram(byte[] buffer, int offset, int length, InetSocketAddress sender, int channel) {
            received.add(Arrays.copyOfRange(buffer, offset, offset + length));
            from.add(sender);
        }

        @Override
        public void onUnreachable(int channel) {}
    }

    private DatagramPort open(boolean gso, String address) throws IOException {
        InetAddress at = InetAddress.getByName(address);
        DatagramPort port = gso ? GsoDatagramPort.open(at, 0) : NioDatagramPort.open(at, 0);
        open.add(port);
        return port;
    }

    @AfterEach
    void closeAll() {
        for (DatagramPort port : open) {
            port.close();
        }
    }

    private static void receive(DatagramPort port, Inbox inbox, int count, int max) {
        long end = System.nanoTime() + WAIT_NANOS;
        while (inbox.received.size() < count) {
            assertTrue(System.nanoTime() < end, inbox.received.size() + " of " + count + " came within 10 s");
            port.await(TimeUnit.MILLISECONDS.toNanos(100));
            assertTrue(port.receive(inbox, max) <= max);
        }
    }

    private static void assertSame(List<byte[]> expected, List<byte[]> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), "datagram " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void batchesOfAnyLengthsArriveInOrderBetweenAllPairsOfPorts(String address) throws IOException {
        for (boolean[] gso : new boolean[][] {{true, true}, {true, false}, {false, true}}) {
            for (long seed = 0; seed < 20; seed++) {
                DatagramPort left = open(gso[0], address);
                DatagramPort right = open(gso[1], address);
                Random random = new Random(seed);
                DatagramBatch batch = new DatagramBatch(100);
                List<byte[]> sent = new ArrayList<>();
                int length = 1 + random.nextInt(1_400);
                for (int i = 0; i < 100; i++) {
                    if (random.nextInt(20) == 0) {
                        length = random.nextInt(1_400);
                    }
                    byte[] datagram = new byte[length + 3];
                    random.nextBytes(datagram);
                    batch.add(datagram, length, right.localAddress(), DatagramPort.BOUND);
                    sent.add(Arrays.copyOf(datagram, length));
                }
                assertEquals(100, left.sendBatch(batch), "seed " + seed);
                Inbox inbox = new Inbox();
                receive(right, inbox, 100, 1 + random.nextInt(64));

                assertSame(sent, inbox.received);
                assertTrue(inbox.from.stream().allMatch(left.localAddress()::equals));
                left.close();
                right.close();
            }
        }
    }

    @Test
    void aRunArrivesInOnePieceAndIsCutAcrossTurns() throws IOException {
        DatagramPort left = open(true, "127.0.0.1");
        DatagramPort right = open(true, "127.0.0.1");
        DatagramBatch batch = new DatagramBatch(10);
        for (int i = 0; i < 10; i++) {
            batch.add(new byte[] {(byte) i, 7}, i == 9 ? 1 : 2, right.localAddress(), DatagramPort.BOUND);
        }
        assertEquals(10, left.sendBatch(batch));
        Inbox inbox = new Inbox();
        right.await(WAIT_NANOS);
        for (int turn = 0; turn < 3; turn++) {
            assertEquals(3, right.receive(inbox, 3));
            right.await(Long.MAX_VALUE); // there is more: does not block
        }
        assertEquals(1, right.receive(inbox, 3));

        assertArrayEquals(new byte[] {9}, inbox.received.get(9));
        assertArrayEquals(new byte[] {8, 7}, inbox.received.get(8));
    }

    @Test
    void aRunEndsWhereTheSystemCouldNotTellItsDatagramsApart() {
        InetSocketAddress here = new InetSocketAddress("127.0.0.1", 1);
        InetSocketAddress there = new InetSocketAddress("127.0.0.1", 2);
        DatagramBatch batch = new DatagramBatch(200);
        batch.add(new byte[5], 5, here, 0);
        batch.add(new byte[5], 5, new InetSocketAddress("127.0.0.1", 1), 0);
        batch.add(new byte[5], 4, here, 0); // shorter: the last one
        batch.add(new byte[5], 4, here, 0);
        batch.add(new byte[5], 5, here, 0); // longer
        batch.add(new byte[5], 5, there, 0); // elsewhere
        batch.add(new byte[5], 5, there, 1); // another socket
        batch.add(new byte[5], 0, there, 1); // empty
        assertEquals(3, Sender.endOfRun(batch, 0));
        assertEquals(4, Sender.endOfRun(batch, 3));
        assertEquals(5, Sender.endOfRun(batch, 4));
        assertEquals(6, Sender.endOfRun(batch, 5));
        assertEquals(7, Sender.endOfRun(batch, 6));

        batch.clear();
        for (int i = 0; i < 65; i++) {
            batch.add(new byte[1], 1, here, 0);
        }
        assertEquals(64, Sender.endOfRun(batch, 0));

        batch.clear();
        for (int i = 0; i < 3; i++) {
            batch.add(new byte[30_000], 30_000, here, 0);
        }
        assertEquals(2, Sender.endOfRun(batch, 0));
    }

    @Test
    void aBatchOfAConnectedChannelGoesWhereItIsConnected() throws IOException {
        DatagramPort left = open(true, "127.0.0.1");
        DatagramPort right = open(true, "127.0.0.1");
        int channel = left.connect(right.localAddress());
        DatagramBatch batch = new DatagramBatch(4);
        for (int i = 0; i < 3; i++) {
            batch.add(new byte[] {(byte) i}, 1, right.localAddress(), channel);
        }
        batch.add(new byte[] {3}, 1, right.localAddress(), channel + 1); // there is no such one
        assertEquals(3, left.sendBatch(batch));
        Inbox inbox = new Inbox();
        receive(right, inbox, 3, 100);

        assertArrayEquals(new byte[] {2}, inbox.received.get(2));
    }

    @Test
    void closingEndsAWait() throws Exception {
        for (int i = 0; i < 200; i++) {
            DatagramPort port = open(true, "127.0.0.1");
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> {
                begun.countDown();
                port.await(Long.MAX_VALUE);
            });
            begun.await();
            port.close();

            waiting.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void sendersAndDisconnectsInOneMomentHitNoSocketOfOthers() throws Exception {
        DatagramPort left = open(true, "127.0.0.1");
        DatagramPort right = open(true, "127.0.0.1");
        DatagramPort other = open(true, "127.0.0.1");
        CompletableFuture<Void> sender = new CompletableFuture<>();
        AtomicInteger channel = new AtomicInteger(left.connect(right.localAddress()));
        Thread thread = new Thread(() -> {
            for (int i = 0; i < 20_000; i++) {
                left.send(new byte[] {1}, 0, 1, right.localAddress(), channel.get());
            }
            sender.complete(null);
        });
        thread.start();
        while (!sender.isDone()) {
            left.disconnect(channel.get());
            int next = left.connect(other.localAddress()); // likely gets the number of the descriptor that was closed
            left.disconnect(next);
            channel.set(left.connect(right.localAddress()));
        }
        thread.join();
        Inbox inbox = new Inbox();

        assertEquals(0, other.receive(inbox, 100));
    }
}
