package dev.cutlass.secondimpl;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;

/** Two sides of the second implementation, and a wire that loses what it is told to lose. */
final class MiniPair {
    static final long NOW_MILLIS = 1_800_000_000_000L;
    static final InetSocketAddress FROM = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);
    private static final int MAX_ROUNDS = 1000;

    private final Random random;
    private final double loss;

    MiniPair(Random random, double loss) {
        this.random = random;
        this.loss = loss;
    }

    /** Runs the handshake until both sides have keys; lost flights are sent again. */
    MiniConnection[] connect(MiniHandshake left, MiniHandshake right) {
        Deque<byte[]> toRight = new ArrayDeque<>(left.start());
        for (int round = 0; round < MAX_ROUNDS; round++) {
            Deque<byte[]> toLeft = new ArrayDeque<>();
            deliver(toRight, datagram -> toLeft.addAll(right.receive(datagram)));
            deliver(toLeft, datagram -> toRight.addAll(left.receive(datagram)));
            if (left.result() != null && right.result() != null) {
                return new MiniConnection[] {
                    new MiniConnection(Objects.requireNonNull(left.result()), random),
                    new MiniConnection(Objects.requireNonNull(right.result()), random)
                };
            }
            if (toRight.isEmpty()) {
                toRight.addAll(left.repeat());
            }
        }
        throw new AssertionError("no handshake");
    }

    private void deliver(Deque<byte[]> datagrams, Consumer<byte[]> receiver) {
        while (!datagrams.isEmpty()) {
            byte[] datagram = datagrams.remove();
            if (random.nextDouble() >= loss) {
                receiver.accept(datagram);
            }
        }
    }

    /** Carries packets until nobody has any. When the wire falls silent, each side repeats what has no answer. */
    void settle(MiniConnection... sides) {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            if (carry(sides[0], sides[1]) + carry(sides[1], sides[0]) == 0) {
                List.of(sides).forEach(MiniConnection::repeat);
                if (carry(sides[0], sides[1]) + carry(sides[1], sides[0]) == 0) {
                    return;
                }
            }
        }
        throw new AssertionError("they never stop talking");
    }

    private int carry(MiniConnection from, MiniConnection to) {
        Deque<byte[]> packets = new ArrayDeque<>(from.poll());
        int count = packets.size();
        deliver(packets, packet -> to.receive(packet, FROM));
        return count;
    }
}
