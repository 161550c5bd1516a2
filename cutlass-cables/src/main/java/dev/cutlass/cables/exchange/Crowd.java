package dev.cutlass.cables.exchange;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.address.UserName;
import dev.cutlass.cables.queue.MessageDirectory;
import dev.cutlass.cables.queue.MessageQueue;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * How many messages of others there are: whoever knows the user name may announce as many as it likes, and each costs a key, a signature
 * and a week on the disk. Cables protocol 18.3. Any thread.
 */
final class Crowd {
    /** The queue is counted anew so often; between, what is added is counted, and what ends is not. */
    private static final Duration COUNT_AGAIN = Duration.ofSeconds(10);

    private final MessageQueue queue;
    private final Limits limits;
    private final Map<UserName, Integer> bySender = new HashMap<>();
    private int all;
    private Instant counted = Instant.MIN;

    Crowd(MessageQueue queue, Limits limits) {
        this.queue = queue;
        this.limits = limits;
    }

    synchronized boolean admits(CablesAddress sender, Instant now) throws IOException {
        final boolean isFull =
                all >= limits.maxIncoming() || bySender.getOrDefault(sender.user(), 0) >= limits.maxIncomingOfSender();
        if (counted.equals(Instant.MIN) || (isFull && !now.isBefore(counted.plus(COUNT_AGAIN)))) {
            count(now);
        }
        return all < limits.maxIncoming() && bySender.getOrDefault(sender.user(), 0) < limits.maxIncomingOfSender();
    }

    synchronized void added(CablesAddress sender) {
        all++;
        bySender.merge(sender.user(), 1, Integer::sum);
    }

    private void count(Instant now) throws IOException {
        counted = now;
        all = 0;
        bySender.clear();
        for (MessageId id : queue.ids()) {
            final MessageDirectory message = queue.find(id);
            final CablesAddress sender = message == null ? null : message.peer();
            all++;
            if (sender != null) {
                bySender.merge(sender.user(), 1, Integer::sum);
            }
        }
    }
}
