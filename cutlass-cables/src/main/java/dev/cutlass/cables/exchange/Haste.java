package dev.cutlass.cables.exchange;

import dev.cutlass.cables.address.MessageId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * How often a message was tried again in a hurry: a peer that is busy for a moment answers 500, and the original's is busy while its own request reaches us. Cables protocol section 9. In memory alone: after a restart the
 * timer does it. Any thread.
 */
final class Haste {
    /** After as many the timer takes over. */
    private static final int QUICK_TRIES = 5;

    private static final int LEAST_MILLIS = 500;
    private static final int MOST_MILLIS = 5_000;

    /** Messages of which this is known; the eldest are forgotten, which costs one more round of haste. */
    private static final int MAX_KNOWN = 10_000;

    private final RandomGenerator random;
    private final Map<MessageId, Integer> tries = new LinkedHashMap<>();

    Haste(RandomGenerator random) {
        this.random = random;
    }

    /** The peer is there and said no. */
    synchronized Next refused(MessageId id) {
        final int tried = tries.merge(id, 1, Integer::sum);
        if (tries.size() > MAX_KNOWN) {
            tries.remove(tries.keySet().iterator().next());
        }
        if (tried > QUICK_TRIES) {
            tries.remove(id);
            return Next.TIMER;
        }
        return Next.after(Duration.ofMillis(random.nextInt(LEAST_MILLIS, MOST_MILLIS)));
    }

    /** It went well, or is over. */
    synchronized void forget(MessageId id) {
        tries.remove(id);
    }
}
