package dev.cutlass.bench;

import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * One direction of a link: a rate, a drop-tail queue before it, loss by chance after it, and a delay. Counts the bytes of UDP payload. When a datagram leaves is
 * reckoned and not waited for, so who asks late has no lower rate. No I/O, no clock; one thread.
 */
public final class LinkModel {
    /** Instead of a time: it does not arrive. */
    static final long DROPPED = Long.MIN_VALUE;

    /** UDP payload of an Ethernet frame over IPv4. */
    static final int MAX_DATAGRAM = 1_472;

    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Conditions conditions;
    private final Random random;
    private long freeAt;
    private long arrivingBytes;

    /**
     * What a direction is like.
     *
     * @param bitsPerSecond of UDP payload, 0: no limit
     * @param queueNanos how long what waits may take to leave: the queue in bytes through the rate
     * @param delayNanos one way
     * @param loss 0 to 1
     */
    public record Conditions(long bitsPerSecond, long queueNanos, long delayNanos, double loss) {
        /** With a queue of one bandwidth-delay product. */
        public static Conditions of(long bitsPerSecond, long roundTripMillis, double loss) {
            final long roundTrip = TimeUnit.MILLISECONDS.toNanos(roundTripMillis);
            return new Conditions(bitsPerSecond, roundTrip, roundTrip / 2, loss);
        }

        /** What can arrive, UDP payload. */
        public double bytesPerSecond() {
            return bitsPerSecond * (1 - loss) / Byte.SIZE;
        }
    }

    LinkModel(Conditions conditions, long seed, long now) {
        this.conditions = conditions;
        this.random = new Random(seed);
        this.freeAt = now;
    }

    /** When a datagram that comes now arrives at the other end, on the clock of {@code now}, or {@link #DROPPED}. Never earlier than the one before it. */
    long admit(int length, long now) {
        if (length > MAX_DATAGRAM) {
            return DROPPED;
        }
        final long begins = freeAt - now > 0 ? freeAt : now;
        final long leaves = begins + transmission(length);
        if (begins != now && leaves - now > conditions.queueNanos) {
            return DROPPED;
        }
        freeAt = leaves;
        if (random.nextDouble() < conditions.loss) {
            return DROPPED;
        }
        arrivingBytes += length;
        return leaves + conditions.delayNanos;
    }

    private long transmission(int length) {
        return conditions.bitsPerSecond == 0 ? 0 : length * (Byte.SIZE * NANOS_PER_SECOND) / conditions.bitsPerSecond;
    }

    /** Of all that was not dropped. */
    long arrivingBytes() {
        return arrivingBytes;
    }
}
