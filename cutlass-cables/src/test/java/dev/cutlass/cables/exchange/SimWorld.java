package dev.cutlass.cables.exchange;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.HostName;
import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.queue.MemoryVolume;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;

/** Nodes and a bad network between them, in virtual time, from one seed. */
final class SimWorld {
    static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private record Due(Instant at, long order, Runnable what) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            final int byTime = at.compareTo(other.at);
            return byTime == 0 ? Long.compare(order, other.order) : byTime;
        }
    }

    final Random random;
    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private final Map<HostName, SimNode> nodes = new HashMap<>();
    private final List<byte[]> seenKeys = new ArrayList<>();
    private Instant now = START;
    private long orders;

    /** Of requests: not seen by the other side. */
    double lost;

    /** Of requests: seen, and the answer does not come back. */
    double answerLost;

    /** Of fetches of files: something else comes. */
    double substituted;

    SimWorld(long seed) {
        this.random = new Random(seed);
    }

    Instant now() {
        return now;
    }

    void add(SimNode node) {
        nodes.put(node.address.host(), node);
    }

    void at(Duration wait, Runnable what) {
        due.add(new Due(now.plus(wait), orders++, what));
    }

    /** Runs what is due until then. */
    void run(Duration time) {
        final Instant until = now.plus(time);
        while (!due.isEmpty() && !due.peek().at().isAfter(until)) {
            final Due next = due.remove();
            now = next.at();
            next.what().run();
        }
        now = until;
    }

    /** One GET from anywhere. Only the asking process can die of it, and the asked one for itself. */
    Remote.Fetched get(CablesAddress of, String path, int maxLength) {
        if (random.nextDouble() < lost) {
            return new Remote.Fetched.Unreachable("lost");
        }
        final SimNode node = nodes.get(of.host());
        if (node == null || !node.isUp()) {
            return new Remote.Fetched.Unreachable("nobody there");
        }
        final Answer answer;
        try {
            answer = node.answer("/" + of.user() + "/" + path);
        } catch (MemoryVolume.Crash e) {
            node.died();
            return new Remote.Fetched.Unreachable("died");
        }
        if (random.nextDouble() < answerLost) {
            return new Remote.Fetched.Unreachable("answer lost");
        }
        return !path.startsWith("request/") && random.nextDouble() < substituted
                ? substitute(path)
                : fetched(path, answer);
    }

    /** A man in the middle has keys that he saw, rubbish, and nothing. */
    private Remote.Fetched substitute(String path) {
        if (path.endsWith(".key") && !seenKeys.isEmpty()) {
            return new Remote.Fetched.Body(seenKeys.get(random.nextInt(seenKeys.size())));
        }
        return random.nextBoolean() ? new Remote.Fetched.Body(new byte[] {1, 2, 3}) : new Remote.Fetched.Status(404);
    }

    private Remote.Fetched fetched(String path, Answer answer) {
        if (answer instanceof Answer.File file) {
            if (path.endsWith(".key")) {
                seenKeys.add(file.bytes());
            }
            return new Remote.Fetched.Body(file.bytes());
        }
        if (answer instanceof Answer.Done) {
            return new Remote.Fetched.Body(new byte[0]);
        }
        return new Remote.Fetched.Status(
                answer instanceof Answer.Missing ? 404 : answer instanceof Answer.Refused ? 500 : 403);
    }

    static MessageId id(int number) {
        return new MessageId(String.format(java.util.Locale.ROOT, "%040x", number));
    }
}
