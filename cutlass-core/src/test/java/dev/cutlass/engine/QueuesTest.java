package dev.cutlass.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** What the threads hand to one another. */
final class QueuesTest {
    private static final class Thing extends DisposalStack.Disposable {}

    @Test
    void theArrivalsQueueTakesWhatItHasRoomForAndKeepsTheOrder() {
        ArrivalsQueue<Integer> queue = new ArrivalsQueue<>(2);
        assertTrue(queue.offer(1));
        assertTrue(queue.offer(2));
        assertFalse(queue.offer(3));
        assertEquals(1, queue.poll());
        assertTrue(queue.offer(4));
        assertEquals(2, queue.poll());
        assertEquals(4, queue.poll());
        assertNull(queue.poll());
        assertTrue(queue.isEmpty());
    }

    @Test
    void aThingIsOnTheDisposalStackOnceAndMayReturn() {
        DisposalStack stack = new DisposalStack();
        Thing first = new Thing();
        Thing second = new Thing();
        assertTrue(stack.push(first));
        assertTrue(stack.push(second));
        assertFalse(stack.push(first));
        assertSame(second, stack.pop());
        assertSame(first, stack.pop());
        assertNull(stack.pop());
        assertTrue(stack.push(first));
        assertFalse(stack.isEmpty());
    }

    @Test
    void aSignalRaisedBeforeTheWaitIsNotLost() {
        Signal signal = new Signal();
        signal.raise();
        signal.raise();

        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> signal.await(Long.MAX_VALUE));
    }

    @Test
    void aSignalWakesWhoWaits() {
        Signal signal = new Signal();
        Thread waiter = new Thread(() -> signal.await(Long.MAX_VALUE));
        waiter.start();
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            while (waiter.getState() != Thread.State.TIMED_WAITING && waiter.isAlive()) {
                Thread.onSpinWait();
            }
            signal.raise();
            waiter.join();
        });
    }

    @Test
    void theAddressKeyIsInNetworkByteOrder() throws UnknownHostException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 8365);

        assertEquals(
                "00000000000000000000ffffc000020120ad11" + "00".repeat(16),
                HexFormat.of().formatHex(new ConnectionTable.AddressKey(address).toArray()));
    }

    @Test
    void addressKeysDifferInAddressAndPort() throws UnknownHostException {
        InetAddress ip = InetAddress.getByName("2001:db8::1");
        ConnectionTable.AddressKey key = new ConnectionTable.AddressKey(new InetSocketAddress(ip, 1));

        assertEquals(key, new ConnectionTable.AddressKey(new InetSocketAddress(ip, 1)));
        assertNotEquals(key, new ConnectionTable.AddressKey(new InetSocketAddress(ip, 2)));
        assertNotEquals(
                key, new ConnectionTable.AddressKey(new InetSocketAddress(InetAddress.getByName("2001:db8::2"), 1)));
    }
}
