package dev.cutlass.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.spi.DatagramPort;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every port does over real sockets; a port's own test says how it is opened. */
public abstract class DatagramPortContract {
    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final List<DatagramPort> open = new ArrayList<>();

    private record Received(byte[] bytes, InetSocketAddress from, int channel) {}

    private static class Inbox implements DatagramPort.Receiver {
        final List<Received> received = new ArrayList<>();
        final List<Integer> unreachable = new ArrayList<>();

        @Override
        public void onDatagram(byte[] buffer, int offset, int length, InetSocketAddress from, int channel) {
            received.add(new Received(Arrays.copyOfRange(buffer, offset, offset + length), from, channel));
        }

        @Override
        public void onUnreachable(int channel) {
            unreachable.add(channel);
        }
    }

    /**
     * Opens a port.
     *
     * @param address {@code null} for all addresses
     * @param port 0 for any
     */
    protected abstract DatagramPort open(@Nullable InetAddress address, int port) throws IOException;

    private DatagramPort open(String address) throws IOException {
        DatagramPort port = open(InetAddress.getByName(address), 0);
        open.add(port);
        return port;
    }

    private static void receiveUntil(DatagramPort port, Inbox inbox, BooleanSupplier condition) {
        long end = System.nanoTime() + WAIT_NANOS;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "nothing came within 10 s");
            port.await(TimeUnit.MILLISECONDS.toNanos(100));
            port.receive(inbox, 100);
        }
    }

    @AfterEach
    void closeAll() {
        open.forEach(DatagramPort::close);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void carriesDatagramsOfAllSizesOverBothFamilies(String address) throws IOException {
        DatagramPort left;
        try {
            left = open(address);
        } catch (IOException e) {
            Assumptions.abort("this machine has no " + address);
            return;
        }
        DatagramPort right = open(address);
        Inbox inbox = new Inbox();
        for (int length : new int[] {1, 1_200, 2_048, 2_049, 60_000}) {
            byte[] sent = new byte[length + 7];
            Arrays.fill(sent, (byte) length);
            assertTrue(left.send(sent, 7, length, right.localAddress(), DatagramPort.BOUND));
            inbox.received.clear();
            receiveUntil(right, inbox, () -> !inbox.received.isEmpty());

            assertArrayEquals(
                    Arrays.copyOfRange(sent, 7, sent.length),
                    inbox.received.get(0).bytes());
            assertEquals(left.localAddress(), inbox.received.get(0).from());
            assertEquals(DatagramPort.BOUND, inbox.received.get(0).channel());
        }
    }

    @Test
    void aSocketOnAllAddressesHearsIpv4AndIpv6() throws IOException {
        DatagramPort all = open(null, 0);
        open.add(all);
        DatagramPort four = open("127.0.0.1");
        Inbox inbox = new Inbox();
        int port = all.localAddress().getPort();
        assertTrue(four.send(new byte[] {4}, 0, 1, new InetSocketAddress("127.0.0.1", port), DatagramPort.BOUND));
        receiveUntil(all, inbox, () -> !inbox.received.isEmpty());
        assertTrue(inbox.received.get(0).from().getAddress() instanceof Inet4Address);

        // And answers it on the same socket.
        assertTrue(all.send(new byte[] {5}, 0, 1, inbox.received.get(0).from(), DatagramPort.BOUND));
        Inbox answer = new Inbox();
        receiveUntil(four, answer, () -> !answer.received.isEmpty());
    }

    @Test
    void aBatchIsBoundedAndTheRestComesWithoutWaiting() throws IOException {
        DatagramPort left = open("127.0.0.1");
        DatagramPort right = open("127.0.0.1");
        for (int i = 0; i < 10; i++) {
            assertTrue(left.send(new byte[] {(byte) i}, 0, 1, right.localAddress(), DatagramPort.BOUND));
        }
        Inbox inbox = new Inbox();
        right.await(WAIT_NANOS);
        assertEquals(3, right.receive(inbox, 3));
        right.await(Long.MAX_VALUE); // does not block
        assertEquals(7, right.receive(inbox, 100));
    }

    @Test
    void aSocketThatIsNeverEmptyDoesNotKeepAnotherFromBeingRead() throws IOException {
        DatagramPort port = open("127.0.0.1");
        DatagramPort flooder = open("127.0.0.1");
        DatagramPort other = open("127.0.0.1");
        int channel = port.connect(other.localAddress());
        assertTrue(port.send(new byte[] {1}, 0, 1, other.localAddress(), channel));
        Inbox atOther = new Inbox();
        receiveUntil(other, atOther, () -> !atOther.received.isEmpty());
        InetSocketAddress own = atOther.received.get(0).from();

        flood(flooder, port, 100);
        Inbox inbox = new Inbox();
        receive(port, inbox, 32); // now the flooded one is known to have more
        assertTrue(other.send(new byte[] {2}, 0, 1, own, DatagramPort.BOUND));
        for (int turn = 0; turn < 2; turn++) {
            flood(flooder, port, 32);
            receive(port, inbox, 32);
        }
        assertEquals(96, inbox.received.size(), "the flood goes on");
        assertEquals(
                1,
                inbox.received.stream().filter(one -> one.channel() == channel).count());
    }

    private static void flood(DatagramPort from, DatagramPort to, int datagrams) {
        for (int i = 0; i < datagrams; i++) {
            assertTrue(from.send(new byte[] {9}, 0, 1, to.localAddress(), DatagramPort.BOUND));
        }
    }

    private static void receive(DatagramPort port, Inbox inbox, int count) {
        port.await(WAIT_NANOS);
        assertEquals(count, port.receive(inbox, count));
    }

    @Test
    void wakeupEndsTheWait() throws Exception {
        DatagramPort port = open("127.0.0.1");
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> port.await(Long.MAX_VALUE));
        port.wakeup();

        waiting.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aConnectedChannelTalksWithOneAddressOnly() throws IOException {
        DatagramPort left = open("127.0.0.1");
        DatagramPort right = open("127.0.0.1");
        DatagramPort stranger = open("127.0.0.1");
        int channel = left.connect(right.localAddress());
        assertNotEquals(DatagramPort.NONE, channel);
        assertTrue(left.send(new byte[] {1}, 0, 1, right.localAddress(), channel));
        Inbox inbox = new Inbox();
        receiveUntil(right, inbox, () -> !inbox.received.isEmpty());
        InetSocketAddress own = inbox.received.get(0).from();
        assertNotEquals(left.localAddress(), own);

        stranger.send(new byte[] {9}, 0, 1, own, DatagramPort.BOUND);
        right.send(new byte[] {2}, 0, 1, own, DatagramPort.BOUND);
        Inbox answer = new Inbox();
        receiveUntil(left, answer, () -> !answer.received.isEmpty());
        assertEquals(channel, answer.received.get(0).channel());
        assertArrayEquals(new byte[] {2}, answer.received.get(0).bytes());

        left.disconnect(channel);
        assertFalse(left.send(new byte[] {3}, 0, 1, right.localAddress(), channel));
    }

    @Test
    void aConnectedChannelHearsThatNobodyListens() throws IOException {
        DatagramPort gone = open("127.0.0.1");
        InetSocketAddress address = gone.localAddress();
        gone.close();
        DatagramPort left = open("127.0.0.1");
        int channel = left.connect(address);
        left.send(new byte[] {1}, 0, 1, address, channel);
        Inbox inbox = new Inbox();
        receiveUntil(left, inbox, () -> !inbox.unreachable.isEmpty());

        assertEquals(List.of(channel), inbox.unreachable);
    }

    /** What a peer said last, its CLOSE mostly, is not lost because its socket is gone by the time we read. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3}) // of one the reader meets the error, of several a sender does
    void whatCameBeforeTheErrorIsReadBeforeIt(int probes) throws IOException {
        DatagramPort left = open("127.0.0.1");
        DatagramPort right = open("127.0.0.1");
        int channel = left.connect(right.localAddress());
        assertTrue(left.send(new byte[] {1}, 0, 1, right.localAddress(), channel));
        Inbox atRight = new Inbox();
        receiveUntil(right, atRight, () -> !atRight.received.isEmpty());
        InetSocketAddress own = atRight.received.get(0).from();
        assertTrue(right.send(new byte[] {2}, 0, 1, own, DatagramPort.BOUND));
        assertTrue(right.send(new byte[] {3}, 0, 1, own, DatagramPort.BOUND));
        InetSocketAddress gone = right.localAddress();
        right.close();
        for (int i = 0; i < probes; i++) {
            left.send(new byte[] {4}, 0, 1, gone, channel);
        }
        List<String> heard = new ArrayList<>();
        Inbox inbox = new Inbox() {
            @Override
            public void onDatagram(byte[] buffer, int offset, int length, InetSocketAddress from, int at) {
                heard.add("datagram " + buffer[offset]);
            }

            @Override
            public void onUnreachable(int at) {
                heard.add("unreachable " + at);
                left.disconnect(at);
            }
        };
        receiveUntil(left, inbox, () -> heard.contains("unreachable " + channel));

        assertEquals(List.of("datagram 2", "datagram 3", "unreachable " + channel), heard);
    }

    @Test
    void aPortInUseIsExplained() throws IOException {
        DatagramPort first = open("127.0.0.1");
        int port = first.localAddress().getPort();
        IOException e = assertThrows(IOException.class, () -> open(InetAddress.getByName("127.0.0.1"), port));

        assertTrue(e.getMessage().contains("UDP port " + port), e.getMessage());
        assertTrue(e.getMessage().contains("in use"), e.getMessage());
    }

    @Test
    void afterTheEndNothingIsSentOrReceivedAndNothingThrown() throws IOException {
        DatagramPort port = open("127.0.0.1");
        InetSocketAddress address = port.localAddress();
        port.close();
        port.close();

        assertFalse(port.send(new byte[] {1}, 0, 1, address, DatagramPort.BOUND));
        assertEquals(0, port.receive(new Inbox(), 1));
        port.await(1);
        port.wakeup();
    }

    @Test
    void anInterruptedSenderDoesNotCloseThePort() throws IOException {
        DatagramPort left = open("127.0.0.1");
        DatagramPort right = open("127.0.0.1");
        Thread.currentThread().interrupt();
        assertTrue(left.send(new byte[] {1}, 0, 1, right.localAddress(), DatagramPort.BOUND));
        assertTrue(Thread.interrupted());

        assertTrue(left.send(new byte[] {2}, 0, 1, right.localAddress(), DatagramPort.BOUND));
    }
}
