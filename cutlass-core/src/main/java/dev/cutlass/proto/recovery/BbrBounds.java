package dev.cutlass.proto.recovery;

/**
 * What loss tells {@link Bbr}: how much may be in flight in the long run, learnt from probes that went too high, and bandwidth and volume in the short run, learnt from loss between probes. Names are
 * those of draft-ietf-ccwg-bbr sections 4 and 5.5.10; which loss counts, {@link RandomLoss} says.
 */
final class BbrBounds {
    private static final long INFINITE = BbrModel.INFINITE;

    /** At the most by so much per round trip with loss. */
    static final double BETA = 0.7;

    /** So many separate losses in one round trip end Startup. */
    private static final int STARTUP_FULL_LOSSES = 6;

    private final RandomLoss random;

    private long inflightLongterm = INFINITE;
    private long inflightShortterm = INFINITE;
    private long bwShortterm = INFINITE;

    // The delivery of the last round trip.
    private long bwLatest;
    private long inflightLatest;
    private long lossRoundDelivered;
    private long lossRoundFrom;
    private boolean lossRoundStart;

    // Loss in this round trip.
    private boolean lossInRound;
    private long roundLost;
    private long roundQueuedLost;
    private int roundLosses;
    private long lastLost = -1;

    private long undoInflightLongterm = INFINITE;
    private long undoInflightShortterm = INFINITE;
    private long undoBwShortterm = INFINITE;

    BbrBounds(RandomLoss random) {
        this.random = random;
    }

    /** UpdateLatestDeliverySignals: near the start of an ACK. */
    void updateLatest(RateSample sample) {
        lossRoundStart = false;
        bwLatest = Math.max(bwLatest, sample.rate());
        inflightLatest = Math.max(inflightLatest, sample.delivered());
        if (sample.isNoted() && sample.priorDelivered() >= lossRoundDelivered) {
            lossRoundDelivered = sample.totalDelivered();
            lossRoundStart = true;
        }
    }

    /** AdvanceLatestDeliverySignals: near its end. */
    void advanceLatest(RateSample sample) {
        if (lossRoundStart) {
            bwLatest = sample.rate();
            inflightLatest = sample.delivered();
        }
    }

    /** NoteLoss. Returns whether it is the first loss of a round trip. */
    boolean noteLoss(RateSample packet, boolean queued) {
        final boolean first = !lossInRound;
        if (first) {
            lossRoundDelivered = packet.totalDelivered();
            lossRoundFrom = packet.totalDelivered();
            undoInflightLongterm = inflightLongterm;
            undoInflightShortterm = inflightShortterm;
            undoBwShortterm = bwShortterm;
        }
        lossInRound = true;
        roundLost += packet.bytes();
        roundQueuedLost += queued ? packet.bytes() : 0;
        roundLosses += packet.number() == lastLost + 1 ? 0 : 1;
        lastLost = packet.number();
        return first;
    }

    boolean isLossRoundStart() {
        return lossRoundStart;
    }

    /** Whether a whole round trip after the first loss has more of it than chance explains. */
    boolean isCongested(RateSample sample) {
        final long delivered = sample.totalDelivered() - lossRoundFrom;
        return lossRoundStart
                && lossInRound
                && (roundQueuedLost > random.allowance(delivered + roundLost)
                        || isBeyondChance(roundLost, delivered + roundLost));
    }

    /** Whether so much was lost that Startup is over: section 5.3.1.3. */
    boolean isStartupOver(RateSample sample) {
        final long all = sample.totalDelivered() - lossRoundFrom + roundLost;
        return isCongested(sample)
                && roundLosses >= STARTUP_FULL_LOSSES
                && roundLost > Bbr.LOSS_THRESHOLD * all + random.allowance(all);
    }

    private static boolean isBeyondChance(long lost, long all) {
        return lost > RandomLoss.MOST * all + 2L * CongestionController.INITIAL_DATAGRAM_BYTES;
    }

    /** IsInflightTooHigh: whether a packet and those lost since it was sent are more than a probe may cost. */
    boolean isInflightTooHigh(RateSample sample, boolean queued) {
        final double tolerated = Bbr.LOSS_THRESHOLD * sample.inFlightThen() + random.allowance(sample.inFlightThen());
        return sample.lost() > tolerated && (queued || isBeyondChance(sample.lost(), sample.inFlightThen()));
    }

    /** InflightAtLoss: where within a lost packet losses passed the threshold. */
    long inflightAtLoss(RateSample packet) {
        final double threshold = Bbr.LOSS_THRESHOLD + random.rate();
        final long inflightBefore = packet.inFlightThen() - packet.bytes();
        final long lostBefore = packet.lost() - packet.bytes();
        return inflightBefore + (long) ((threshold * inflightBefore - lostBefore) / (1 - threshold));
    }

    /**
     * LossLowerBounds, with what there is before the first loss of a cycle.
     *
     * @param rivals somebody else fills the queue: then not only down to what is delivered, but as much below as others go
     */
    void lower(long maxBw, long cwnd, boolean rivals) {
        final double part = rivals ? BETA : 1;
        final long bw = bwShortterm == INFINITE ? maxBw : bwShortterm;
        final long inflight = inflightShortterm == INFINITE ? cwnd : inflightShortterm;
        bwShortterm = (long) Math.max(part * bwLatest, BETA * bw);
        inflightShortterm = (long) Math.max(part * inflightLatest, BETA * inflight);
    }

    /** A round trip is judged. */
    void endLossRound() {
        lossInRound = false;
        roundLost = 0;
        roundQueuedLost = 0;
        roundLosses = 0;
    }

    /** ResetCongestionSignals. */
    void resetSignals() {
        endLossRound();
        bwLatest = 0;
        inflightLatest = 0;
    }

    /** ResetShortTermModel. */
    void resetShortTerm() {
        bwShortterm = INFINITE;
        inflightShortterm = INFINITE;
    }

    /** What was noted since the first loss of the last round trip with loss was none. */
    void undo() {
        endLossRound();
        inflightLongterm = Math.max(inflightLongterm, undoInflightLongterm);
        inflightShortterm = Math.max(inflightShortterm, undoInflightShortterm);
        bwShortterm = Math.max(bwShortterm, undoBwShortterm);
    }

    long inflightLatest() {
        return inflightLatest;
    }

    long inflightLongterm() {
        return inflightLongterm;
    }

    void setInflightLongterm(long bytes) {
        inflightLongterm = bytes;
    }

    long inflightShortterm() {
        return inflightShortterm;
    }

    long bwShortterm() {
        return bwShortterm;
    }
}
