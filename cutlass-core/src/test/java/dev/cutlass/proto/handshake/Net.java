package dev.cutlass.proto.handshake;

import dev.cutlass.crypto.Identity;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** A network of nodes in virtual time that loses, repeats and reorders as its seed says. */
class Net implements Node.Wire {
    final Map<InetSocketAddress, Node> nodes = new LinkedHashMap<>();
    final List<Sent> trace = new ArrayList<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final SplittableRandom random;
    private final double loss;
    private final double duplicate;
    private long now;
    private long sequence;

    /** A datagram as an observer on the way sees it. */
    record Sent(InetSocketAddress from, InetSocketAddress to, int length, long at, byte[] datagram) {}

    private record Event(long at, long sequence, Runnable what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(sequence, other.sequence);
        }
    }

    Net(long seed, double loss, double duplicate) {
        random = new SplittableRandom(seed);
        this.loss = loss;
        this.duplicate = duplicate;
    }

    /** A network that delivers everything once and in order. */
    static Net perfect(long seed) {
        return new Net(seed, 0, 0);
    }

    Node node(int number, boolean normal, boolean stealth) {
        return node(number, Identity.generate(new SeededSecureRandom(1_000 + number)), normal, stealth);
    }

    Node node(int number, Identity identity, boolean normal, boolean stealth) {
        return add(new Node(this, addressOf(number), identity, normal, stealth, random.nextLong()));
    }

    Node add(Node node) {
        nodes.put(node.address, node);
        return node;
    }

    static InetSocketAddress addressOf(int number) {
        return Node.address("10.0." + number + ".1", 8365);
    }

    @Override
    public void send(Node from, InetSocketAddress to, byte[] datagram) {
        trace.add(new Sent(from.address, to, datagram.length, now, datagram));
        if (random.nextDouble() >= loss) {
            deliver(from.address, to, datagram);
            if (random.nextDouble() < duplicate) {
                deliver(from.address, to, datagram);
            }
        }
    }

    void deliver(InetSocketAddress from, InetSocketAddress to, byte[] datagram) {
        long delay = loss == 0 && duplicate == 0
                ? TimeUnit.MILLISECONDS.toNanos(10)
                : TimeUnit.MICROSECONDS.toNanos(random.nextLong(1_000, 120_000));
        later(delay, () -> {
            Node node = nodes.get(to);
            if (node != null) {
                node.receive(datagram, from);
            }
        });
    }

    @Override
    public void later(long delayNanos, Runnable what) {
        events.add(new Event(now + delayNanos, sequence++, what));
    }

    @Override
    public long now() {
        return now;
    }

    /** Lets time pass. */
    void run(long millis) {
        long end = now + TimeUnit.MILLISECONDS.toNanos(millis);
        while (true) {
            long deadline = Long.MAX_VALUE;
            for (Node node : nodes.values()) {
                deadline = Math.min(deadline, node.nextDeadline());
            }
            Event next = events.peek();
            long at = Math.min(deadline, next == null ? Long.MAX_VALUE : next.at);
            if (at > end) {
                now = end;
                return;
            }
            now = Math.max(now, at);
            if (next != null && next.at <= at) {
                events.remove();
                next.what.run();
            } else {
                nodes.values().forEach(Node::timeout);
            }
        }
    }

    /** What left a node. */
    List<Sent> sentBy(Node node) {
        return trace.stream().filter(sent -> sent.from.equals(node.address)).toList();
    }
}
