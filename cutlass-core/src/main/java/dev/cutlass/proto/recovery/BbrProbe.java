package dev.cutlass.proto.recovery;

import java.util.concurrent.TimeUnit;

/**
 * How {@link Bbr} probes for bandwidth once the pipe was full: the cycle of the PROBE_BW states, draft-ietf-ccwg-bbr section 5.3.3. Names are those of the draft.
 *
 * <p>One difference: where the path has a queue even while this flow cruises, somebody else fills it. Then loss makes this flow reduce as much as CUBIC does, and it waits longer before it probes
 * again; else, on long paths, it would probe CUBIC flows down faster than they recover.
 */
final class BbrProbe {
    private static final long INFINITE = BbrModel.INFINITE;

    /** The part of the long-term volume that is left to others while cruising. */
    private static final double HEADROOM = 0.15;

    private static final long PROBE_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long PROBE_WAIT_SPREAD_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Where others send, too, not all that fitted before a probe went too high is used again. Chosen by measuring, as the two below. */
    private static final double RIVALS_PART = 0.85;

    /** So many times longer where others send, too; the limit in round trips stays. */
    private static final int RIVALS_WAIT = 2;

    /** In a queue that makes the round trip so many times as long, CUBIC wins by itself: the window is at most twice what the path holds. */
    private static final int MAX_RIVALS_QUEUE = 2;

    private static final int MAX_RENO_ROUNDS = 63;
    private static final int MAX_PROBE_UP_ROUNDS = 30;

    /** Which ACKs arrive: of packets sent before, during or after a probe. */
    private enum AckPhase {
        INIT,
        REFILLING,
        PROBE_STARTING,
        PROBE_FEEDBACK,
        PROBE_STOPPING
    }

    private final Bbr bbr;
    private final BbrModel model;
    private final BbrBounds bounds;
    private AckPhase ackPhase = AckPhase.INIT;
    private boolean probeSample;
    private boolean previousTooHigh;
    private boolean previousPrecautionary;
    private long cycleAt;
    private long probeWait;
    private int roundsSinceProbe;
    private int probeUpRounds;
    private long probeUpAcked;
    private long probeUpAckedPerIncrease = INFINITE;
    private long seed;

    private boolean cwndLimited;
    private boolean cwndLimitedBefore;

    private long cruiseMinRtt = INFINITE;
    private boolean rivals;

    BbrProbe(Bbr bbr, BbrModel model, BbrBounds bounds, long seed) {
        this.bbr = bbr;
        this.model = model;
        this.bounds = bounds;
        this.seed = seed | 1;
    }

    /** Whether somebody else fills the queue. */
    boolean hasRivals() {
        return rivals;
    }

    /** The window was full. */
    void noteCwndLimited() {
        cwndLimited = true;
    }

    void onRoundStart() {
        roundsSinceProbe++;
        cwndLimitedBefore = cwndLimited;
        cwndLimited = false;
        if (cruiseMinRtt != INFINITE) {
            rivals = bbr.isQueued(cruiseMinRtt) && cruiseMinRtt < MAX_RIVALS_QUEUE * model.minRtt();
            cruiseMinRtt = INFINITE;
        }
    }

    /** HandleLostPacket. */
    void onLost(RateSample packet, boolean queued, long now) {
        if (!probeSample || !packet.isNoted() || !bounds.isInflightTooHigh(packet, queued)) {
            return;
        }
        previousTooHigh = true;
        probeSample = false; // once per probe
        if (!packet.isAppLimited()) {
            final double part = rivals ? RIVALS_PART : 1;
            final long safe = (long) (part * bounds.inflightAtLoss(packet));
            bounds.setInflightLongterm(Math.max(safe, (long) (BbrBounds.BETA * bbr.targetInflight())));
        }
        if (bbr.state() == BbrState.PROBE_BW_UP) {
            bbr.undoTo(BbrState.PROBE_BW_UP);
            startDown(now);
        }
    }

    /** UpdateProbeBWCyclePhase. */
    void update(RateSample sample, boolean limited, long now) {
        if (bbr.state() == BbrState.PROBE_BW_CRUISE && sample.rtt() != RateSample.NO_RTT) {
            cruiseMinRtt = Math.min(cruiseMinRtt, sample.rtt());
        }
        if (!model.isFullBwReached() || adaptLongTerm(sample, limited)) {
            return;
        }
        switch (bbr.state()) {
            case PROBE_BW_DOWN -> {
                if (!probeIfDue(now) && isTimeToCruise(sample.bytesInFlight())) {
                    bbr.enter(BbrState.PROBE_BW_CRUISE);
                }
            }
            case PROBE_BW_CRUISE -> probeIfDue(now);
            case PROBE_BW_REFILL -> {
                if (model.isRoundStart()) {
                    probeSample = true;
                    startUp(sample.rate());
                }
            }
            case PROBE_BW_UP -> {
                if (isTimeToGoDown(sample)) {
                    previousTooHigh = false;
                    startDown(now);
                }
            }
            case STARTUP, DRAIN, PROBE_RTT -> {}
        }
    }

    /** AdaptLongTermModel; true if it changed the state. */
    private boolean adaptLongTerm(RateSample sample, boolean limited) {
        if (ackPhase == AckPhase.PROBE_STARTING && model.isRoundStart()) {
            ackPhase = AckPhase.PROBE_FEEDBACK;
        }
        if (ackPhase == AckPhase.PROBE_STOPPING && model.isRoundStart()) {
            probeSample = false;
            ackPhase = AckPhase.INIT;
            if (bbr.state().isProbeBw() && !limited) {
                model.advanceMaxBwFilter();
            }
            if (bbr.state().isProbeBw() && previousPrecautionary && !previousTooHigh) {
                startRefill();
                return true;
            }
        }
        if (sample.isNoted()
                && bounds.inflightLongterm() != INFINITE
                && !bounds.isInflightTooHigh(sample, bbr.isQueued(sample.rtt()))) {
            bounds.setInflightLongterm(Math.max(bounds.inflightLongterm(), sample.inFlightThen()));
            if (bbr.state() == BbrState.PROBE_BW_UP) {
                raiseInflightLongterm(sample.newlyAcked());
            }
        }
        return false;
    }

    /** ProbeInflightLongtermUpward. */
    private void raiseInflightLongterm(long acked) {
        if (!isCwndLimited() || bbr.window() < bounds.inflightLongterm()) {
            return;
        }
        probeUpAcked += acked;
        if (probeUpAcked >= probeUpAckedPerIncrease) {
            final long steps = probeUpAcked / probeUpAckedPerIncrease;
            probeUpAcked -= steps * probeUpAckedPerIncrease;
            bounds.setInflightLongterm(bounds.inflightLongterm() + steps * bbr.datagram());
        }
        if (model.isRoundStart()) {
            raiseSlope();
        }
    }

    private void raiseSlope() {
        final long growth = 1L << probeUpRounds;
        probeUpRounds = Math.min(probeUpRounds + 1, MAX_PROBE_UP_ROUNDS);
        probeUpAckedPerIncrease = Math.max(bbr.window() / growth, bbr.datagram());
    }

    private boolean isCwndLimited() {
        return cwndLimited || cwndLimitedBefore;
    }

    private boolean isTimeToCruise(long inFlight) {
        return inFlight <= inflightWithHeadroom() && inFlight <= bbr.inflight(model.maxBw());
    }

    private boolean isTimeToGoDown(RateSample sample) {
        if (previousTooHigh && sample.bytesInFlight() >= bounds.inflightLongterm()) {
            previousPrecautionary = true;
            return true;
        }
        if (isCwndLimited() && bbr.window() >= bounds.inflightLongterm()) {
            model.resetFullBw(sample.rate()); // the volume limits the bandwidth, not the path
            return false;
        }
        return model.isFullBwNow();
    }

    /** IsTimeToProbeBW, and begins if so. */
    private boolean probeIfDue(long now) {
        final long renoRounds = Math.min(bbr.targetInflight() / bbr.datagram(), MAX_RENO_ROUNDS);
        final long wait = rivals ? RIVALS_WAIT * probeWait : probeWait;
        if (now <= cycleAt + wait && roundsSinceProbe < renoRounds) {
            return false;
        }
        startRefill();
        return true;
    }

    void startDown(long now) {
        bounds.resetSignals();
        probeUpAckedPerIncrease = INFINITE;
        roundsSinceProbe = (int) nextRandom(2);
        probeWait = PROBE_WAIT_NANOS + nextRandom(PROBE_WAIT_SPREAD_NANOS);
        cycleAt = now;
        stopProbing();
        bbr.enter(BbrState.PROBE_BW_DOWN);
    }

    /** What follows are the last ACKs of a probe. */
    void stopProbing() {
        ackPhase = AckPhase.PROBE_STOPPING;
        bbr.startRound();
    }

    void startRefill() {
        bounds.resetShortTerm();
        probeUpRounds = 0;
        probeUpAcked = 0;
        previousPrecautionary = false;
        ackPhase = AckPhase.REFILLING;
        bbr.startRound();
        bbr.enter(BbrState.PROBE_BW_REFILL);
    }

    private void startUp(long sampleRate) {
        ackPhase = AckPhase.PROBE_STARTING;
        bbr.startRound();
        model.resetFullBw(sampleRate);
        bbr.enter(BbrState.PROBE_BW_UP);
        raiseSlope();
    }

    long inflightWithHeadroom() {
        final long most = bounds.inflightLongterm();
        if (most == INFINITE) {
            return INFINITE;
        }
        return Math.max(most - Math.max(bbr.datagram(), (long) (HEADROOM * most)), bbr.minPipe());
    }

    /** So that flows do not probe at one time; nothing depends on it being hard to guess. */
    private long nextRandom(long bound) {
        seed ^= seed << 13;
        seed ^= seed >>> 7;
        seed ^= seed << 17;
        return (seed >>> 1) % bound;
    }
}
