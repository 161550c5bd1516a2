package dev.cutlass.proto.recovery;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Less than best effort, for bulk data: RFC 6817's idea with what LEDBAT++ (draft-irtf-iccrg-ledbat-plus-plus) made of it. Grows while the queue that the round trip shows is
 * shorter than a target and shrinks in proportion to what it is longer, so that whoever fills the queue gets the path. Round trips instead of one-way delays: clocks need not agree.
 * It has a slow start that ends early, multiplicative decrease, and now and then it all but pauses, so that the shortest round trip is seen again and newcomers get their share. Loss
 * by chance does not count: {@link RandomLoss}.
 */
public final class Ledbat implements CongestionController {
    /** How long a queue it makes at most: shorter than a voice frame. RFC 6817 section 2.5 allows 100 ms, LEDBAT++ has 60 ms. */
    static final long MAX_TARGET_NANOS = TimeUnit.MILLISECONDS.toNanos(15);

    /** On short paths less, since their queues are short, too; but what lies below is noise. */
    static final long MIN_TARGET_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final int TARGET_DIVISOR = 4;

    /** After so many round trips all but without a queue nobody else is there: what it grows by doubles with every further one. */
    private static final int CALM_ROUNDS = 8;

    /** If that ended with loss, and showed no queue, up to so many. */
    private static final int MAX_CALM_ROUNDS = 128;

    private static final int MAX_HASTE_BITS = 16;

    /** A queue of this part of the target is hardly one. */
    private static final double CALM_LIMIT = 0.25;

    /** Grows at the most so many times slower than Reno: LEDBAT++ section 4.2. */
    private static final int MAX_GAIN_DIVISOR = 16;

    /** The queue is the least of so many samples: one ACK that waited is none. RFC 6817 section 2.4, CURRENT_FILTER. */
    private static final int FILTER = 4;

    /** The shortest round trip is that of about so many minutes: RFC 6817 section 2.4, BASE_HISTORY. */
    private static final int BASE_HISTORY = 10;

    private static final long BASE_SLOT_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** Slow start ends at this part of the target: LEDBAT++ section 4.4. */
    private static final double SLOW_START_LIMIT = 0.75;

    /** A slowdown keeps the window down for so many round trips ... */
    private static final int SLOWDOWN_ROUNDS = 2;

    /** ... and the next one comes after so many times what it cost: at most a tenth of the throughput. */
    private static final int SLOWDOWN_DISTANCE = 9;

    /** So many datagrams may be lost at once without a queue, whatever share that is. */
    private static final int FEW_LOST = 2;

    private static final int MIN_WINDOW_DATAGRAMS = 2;
    private static final double PACING_GAIN = 1.25;
    private static final double FAST_PACING_GAIN = 2;
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    /** What it is doing. */
    enum State {
        SLOW_START,
        AVOIDANCE,
        /** The window is down. */
        SLOWDOWN,
        /** The window grows back as in slow start. */
        RAMP_UP
    }

    private final Pacer pacer = new Pacer();
    private final long[] baseDelays = new long[BASE_HISTORY];
    private final long[] samples = new long[FILTER];
    private RandomLoss chance = new RandomLoss();
    private long chanceRoundEnd = -1;
    private int datagram = INITIAL_DATAGRAM_BYTES;
    private State state = State.SLOW_START;
    private double cwnd = CongestionController.initialWindow(INITIAL_DATAGRAM_BYTES);
    private double ssthresh = MAX_WINDOW;
    private double undoCwnd;
    private double smoothedRtt = RttEstimator.INITIAL_RTT_NANOS;
    private long baseSlotFrom;
    private int baseSlot;
    private int nextSample;
    private long largestSent = -1;
    private long recoveryEnd = -1;

    private long roundEnd = -1;
    private int calmRounds;
    private int calmNeeded = CALM_ROUNDS;

    private long slowdownAt = Deadlines.NONE;
    private long slowdownBegan;

    public Ledbat() {
        forget(0);
    }

    private void forget(long now) {
        Arrays.fill(baseDelays, Long.MAX_VALUE);
        Arrays.fill(samples, Long.MAX_VALUE);
        baseSlotFrom = now;
    }

    @Override
    public void onPacketSent(long number, int bytes, long bytesInFlight, boolean appLimited, long now) {
        onNumberSent(number);
        onBytesSent(bytes, now);
    }

    void onNumberSent(long number) {
        largestSent = number;
    }

    void onBytesSent(int bytes, long now) {
        pacer.onSent(bytes, rate(), now);
    }

    @Override
    public void onAck(RateSample sample, RttEstimator rtt, long now) {
        onAck(sample, sample.newlyAcked(), sample.isAppLimited() && isUnused(sample.priorInFlight()), rtt, now);
    }

    /** Whether so much in flight shows that the window is not what limits the sender. */
    boolean isUnused(long inFlight) {
        return inFlight + minWindow() < cwnd / 2;
    }

    /**
     * For who governs a part of what a path carries.
     *
     * @param newlyAcked of that part
     * @param unused its window is not what limits it
     */
    void onAck(RateSample sample, long newlyAcked, boolean unused, RttEstimator rtt, long now) {
        smoothedRtt = Math.max(1, rtt.smoothed());
        if (sample.rtt() != RateSample.NO_RTT) {
            takeSample(rtt, now);
        }
        chance.onAck(sample.newlyAcked(), sample.rtt() != RateSample.NO_RTT && isQueued(rtt));
        if (sample.number() > chanceRoundEnd) {
            chanceRoundEnd = largestSent;
            chance.endRound();
        }
        if (state == State.SLOWDOWN) {
            if (now >= slowdownBegan + SLOWDOWN_ROUNDS * (long) smoothedRtt) {
                state = State.RAMP_UP;
            }
            return;
        }
        if (unused || sample.number() <= recoveryEnd) {
            return;
        }
        final double queue = queueNanos() / targetNanos();
        if (state == State.AVOIDANCE) {
            adapt(sample.number(), newlyAcked, queue);
            if (now >= slowdownAt) {
                slowDown(now);
            }
        } else {
            growFast(newlyAcked, queue, now);
        }
        cwnd = Math.min(Math.max(cwnd, minWindow()), MAX_WINDOW);
    }

    /** By how much faster it grows, since there was hardly a queue for many round trips. */
    private double haste(long number, double queue) {
        if (queue >= CALM_LIMIT) {
            calmRounds = 0;
            calmNeeded = CALM_ROUNDS;
        }
        if (number >= roundEnd) {
            roundEnd = largestSent;
            calmRounds++;
        }
        return calmRounds < calmNeeded ? 1 : 1 << Math.min(calmRounds - calmNeeded + 1, MAX_HASTE_BITS);
    }

    /** Slow start, and back to what there was before a slowdown. */
    private void growFast(long acked, double queue, long now) {
        final boolean slowStart = state == State.SLOW_START;
        if (slowStart && queue > SLOW_START_LIMIT) {
            ssthresh = cwnd;
        }
        if (cwnd < ssthresh) {
            cwnd = Math.min(cwnd + acked, ssthresh);
        }
        if (cwnd >= ssthresh) {
            state = State.AVOIDANCE;
            calmRounds = 0;
            if (!slowStart) {
                slowdownAt = now + SLOWDOWN_DISTANCE * (now - slowdownBegan);
            } else if (slowdownAt == Deadlines.NONE) {
                slowdownAt = now + SLOWDOWN_ROUNDS * (long) smoothedRtt;
            }
        }
    }

    /**
     * LEDBAT++ section 4.2: additive increase below the target, multiplicative decrease above it.
     *
     * @param queue 1 is the target
     */
    private void adapt(long number, long newlyAcked, double queue) {
        final double gain = 1.0 / Math.min(MAX_GAIN_DIVISOR, Math.ceil(2.0 * MAX_TARGET_NANOS / baseDelay()));
        final double share = Math.min(1, newlyAcked / cwnd); // of a round trip
        final double haste = haste(number, queue);
        if (queue <= 1) {
            cwnd += Math.min(gain * haste * datagram, cwnd) * share;
            return;
        }
        final double decrease = Math.min(cwnd / 2, cwnd * (queue - 1) - gain * datagram);
        cwnd -= Math.max(0, decrease) * share;
    }

    private double targetNanos() {
        return Math.max(MIN_TARGET_NANOS, Math.min(MAX_TARGET_NANOS, baseDelay() / TARGET_DIVISOR));
    }

    private void slowDown(long now) {
        state = State.SLOWDOWN;
        slowdownBegan = now;
        ssthresh = cwnd;
        cwnd = minWindow();
    }

    private void takeSample(RttEstimator rtt, long now) {
        final long nanos = rtt.adjusted();
        if (baseDelays[baseSlot] == Long.MAX_VALUE) {
            baseDelays[baseSlot] = Math.max(1, rtt.minimum()); // who comes late may find a queue
        }
        samples[nextSample] = nanos;
        nextSample = (nextSample + 1) % FILTER;
        if (now - baseSlotFrom >= BASE_SLOT_NANOS) {
            baseSlotFrom = now;
            baseSlot = (baseSlot + 1) % BASE_HISTORY;
            baseDelays[baseSlot] = nanos;
        }
        baseDelays[baseSlot] = Math.min(baseDelays[baseSlot], Math.max(1, nanos));
    }

    private double queueNanos() {
        long least = Long.MAX_VALUE;
        for (long sample : samples) {
            least = Math.min(least, sample);
        }
        return least == Long.MAX_VALUE ? 0 : least - baseDelay();
    }

    private long baseDelay() {
        long least = Long.MAX_VALUE;
        for (long delay : baseDelays) {
            least = Math.min(least, delay);
        }
        return least == Long.MAX_VALUE ? RttEstimator.INITIAL_RTT_NANOS : least;
    }

    @Override
    public void onLost(RateSample packet, RttEstimator rtt, long now) {
        chance.onLost(packet.bytes());
        if (packet.number() <= recoveryEnd || isByChance(packet, rtt)) {
            return;
        }
        recoveryEnd = largestSent;
        undoCwnd = cwnd;
        cwnd = Math.max(cwnd / 2, minWindow()); // RFC 6817 section 2.4.2
        if (calmRounds >= calmNeeded) {
            calmNeeded = Math.min(MAX_CALM_ROUNDS, 2 * calmNeeded); // loss without a queue: not so soon again
        }
        calmRounds = 0;
        if (state == State.SLOWDOWN) {
            ssthresh = Math.max(ssthresh / 2, minWindow());
            return;
        }
        ssthresh = cwnd;
        if (state == State.SLOW_START) {
            state = State.AVOIDANCE;
            slowdownAt = Math.min(slowdownAt, now + SLOWDOWN_ROUNDS * (long) smoothedRtt);
        }
    }

    private boolean isQueued(RttEstimator rtt) {
        return RandomLoss.isQueued(rtt.adjusted(), baseDelay());
    }

    /**
     * Whether those lost in the round trip of a lost packet are what the path loses anyway. A queue is there nearly always, since this makes one; so with a queue the share counts that was seen without.
     */
    private boolean isByChance(RateSample packet, RttEstimator rtt) {
        if (!packet.isNoted()) {
            return false;
        }
        final long all = packet.inFlightThen();
        final double explained =
                isQueued(rtt) ? chance.allowance(all) : RandomLoss.MOST * all + FEW_LOST * (double) datagram;
        return packet.lost() <= explained;
    }

    @Override
    public void onSpuriousLoss(long now) {
        cwnd = Math.max(cwnd, undoCwnd);
        ssthresh = Math.max(ssthresh, undoCwnd);
        recoveryEnd = -1;
        undoCwnd = 0;
    }

    @Override
    public void onPersistentCongestion(long now) {
        cwnd = minWindow();
        undoCwnd = 0;
    }

    @Override
    public void onPathChanged(long now) {
        forget(now);
        chance = new RandomLoss();
        chance.setDatagramBytes(datagram);
        chanceRoundEnd = largestSent;
        state = State.SLOW_START;
        cwnd = CongestionController.initialWindow(datagram);
        ssthresh = MAX_WINDOW;
        smoothedRtt = RttEstimator.INITIAL_RTT_NANOS;
        recoveryEnd = largestSent;
        slowdownAt = Deadlines.NONE;
        undoCwnd = 0;
    }

    @Override
    public void onDatagramSize(int bytes) {
        final boolean untouched = cwnd == CongestionController.initialWindow(datagram);
        datagram = bytes;
        pacer.setDatagramBytes(bytes);
        chance.setDatagramBytes(bytes);
        cwnd = Math.max(untouched ? CongestionController.initialWindow(bytes) : cwnd, minWindow());
    }

    private double minWindow() {
        return MIN_WINDOW_DATAGRAMS * datagram;
    }

    State state() {
        return state;
    }

    @Override
    public long window() {
        return (long) cwnd;
    }

    @Override
    public long releaseTime(int bytes, long now) {
        return pacer.releaseTime(rate(), now);
    }

    @Override
    public String name() {
        return "LEDBAT";
    }

    @Override
    public long pacingRate() {
        return (long) rate();
    }

    private double rate() {
        final double gain = state == State.SLOW_START || state == State.RAMP_UP ? FAST_PACING_GAIN : PACING_GAIN;
        return gain * cwnd * NANOS_PER_SECOND / smoothedRtt;
    }
}
