package dev.cutlass.proto.recovery;

import java.util.concurrent.TimeUnit;

/**
 * BBR after draft-ietf-ccwg-bbr (version of August 2026): builds a model of the path from delivery rates, round trips and loss, and sends as fast as the model says that the path delivers. Names are those of
 * the draft. Where it differs: loss by chance does not count ({@link RandomLoss}).
 *
 * <pre>
 *  STARTUP -> DRAIN -> PROBE_BW_DOWN -> PROBE_BW_CRUISE -> PROBE_BW_REFILL -> PROBE_BW_UP -> PROBE_BW_DOWN ...
 *     any of them -> PROBE_RTT -> PROBE_BW_CRUISE, or STARTUP if the pipe was never full
 * </pre>
 */
public final class Bbr implements CongestionController {
    /** The loss rate of a round trip that a probe for bandwidth may cause: 2 %. */
    static final double LOSS_THRESHOLD = 0.02;

    private static final long INFINITE = BbrModel.INFINITE;

    private static final int MIN_PIPE_DATAGRAMS = 4;

    /** Sends 1 % below the bandwidth, so that queues drain. */
    private static final double PACING_MARGIN = 0.99;

    /** Our timers' 2 ms at each end: the draft has 1 ms, for senders with better ones. Counts on paths shorter than that. */
    private static final long QUANTUM_NANOS = 2 * Pacer.GRANULARITY_NANOS;

    /** Until a round trip is known, and if it is shorter: an initial window in this time is fast enough to begin with. */
    private static final long LEAST_RTT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long PROBE_RTT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int MAX_DRAIN_ROUNDS = 3;
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Pacer pacer = new Pacer();
    private RandomLoss random = new RandomLoss();
    private BbrModel model = new BbrModel();
    private BbrBounds bounds = new BbrBounds(random);
    private BbrProbe probe = new BbrProbe(this, model, bounds, 1);
    private BbrState state = BbrState.STARTUP;
    private BbrState undoState = BbrState.STARTUP;
    private boolean undoable;
    private int datagram = INITIAL_DATAGRAM_BYTES;
    private long cwnd = CongestionController.initialWindow(INITIAL_DATAGRAM_BYTES);
    private long priorCwnd;
    private long bw;
    private double rate;
    private boolean started;
    private boolean idleRestart;
    private long totalDelivered;
    private long limitedUntil;
    private long drainStartRound;

    // Probing for the round trip.
    private long probeRttDoneAt = Deadlines.NONE;
    private boolean probeRttRoundDone;

    public Bbr() {
        rate = startRate(LEAST_RTT_NANOS);
    }

    private double startRate(long srtt) {
        return BbrState.STARTUP.pacingGain * CongestionController.initialWindow(datagram) * NANOS_PER_SECOND / srtt;
    }

    @Override
    public void onPacketSent(long number, int bytes, long bytesInFlight, boolean appLimited, long now) {
        if (bytesInFlight == bytes && appLimited) {
            restartFromIdle(now);
        }
        if (bytesInFlight + datagram > cwnd) {
            probe.noteCwndLimited();
        }
        pacer.onSent(bytes, rate, now);
    }

    private void restartFromIdle(long now) {
        idleRestart = true;
        model.restartExtraAcked(now);
        if (state.isProbeBw()) {
            setRate(1);
        } else if (state == BbrState.PROBE_RTT) {
            checkProbeRttDone(now);
        }
    }

    @Override
    public void onLost(RateSample packet, RttEstimator rtt, long now) {
        random.onLost(packet.bytes());
        final boolean queued = isQueued(rtt.latest());
        if (bounds.noteLoss(packet, queued)) {
            saveCwnd();
            undoable = false;
        }
        probe.onLost(packet, queued, now);
    }

    /** Whether a round trip shows a queue. */
    boolean isQueued(long rtt) {
        return model.minRtt() != INFINITE && RandomLoss.isQueued(rtt, model.minRtt());
    }

    /** Loss is about to end a state, which was right if the loss turns out to be none. */
    void undoTo(BbrState before) {
        undoState = before;
        undoable = true;
    }

    @Override
    public void onAck(RateSample sample, RttEstimator rtt, long now) {
        totalDelivered = sample.totalDelivered();
        if (!started && rtt.isSampled()) {
            start(rtt, now);
        }
        final boolean limited = sample.isAppLimited() || sample.priorDelivered() < limitedUntil;
        random.onAck(sample.newlyAcked(), isQueued(sample.rtt()));
        bounds.updateLatest(sample);
        model.updateRound(sample);
        if (model.isRoundStart()) {
            random.endRound();
            probe.onRoundStart();
        }
        model.updateMaxBw(sample, limited);
        checkStartupLoss(sample);
        adaptToLoss(sample);
        model.updateExtraAcked(sample.newlyAcked(), bw, cwnd, now);
        model.checkFullBw(sample, limited);
        if (state == BbrState.STARTUP && model.isFullBwReached()) {
            state = BbrState.DRAIN;
            drainStartRound = model.roundCount();
        }
        if (state == BbrState.DRAIN
                && (sample.bytesInFlight() <= inflight(bw)
                        || model.roundCount() > drainStartRound + MAX_DRAIN_ROUNDS)) {
            probe.startDown(now);
        }
        probe.update(sample, limited, now);
        model.updateMinRtt(sample.rtt(), now);
        checkProbeRtt(sample, now);
        bounds.advanceLatest(sample);
        bw = Math.min(model.maxBw(), bounds.bwShortterm());
        setRate(state.pacingGain);
        setCwnd(sample.newlyAcked());
    }

    /** UpdateCongestionSignals: once per round trip. */
    private void adaptToLoss(RateSample sample) {
        if (bounds.isLossRoundStart()) {
            if (!state.isProbing() && bounds.isCongested(sample)) {
                bounds.lower(model.maxBw(), cwnd, probe.hasRivals());
            }
            bounds.endLossRound();
        }
    }

    private void start(RttEstimator rtt, long now) {
        started = true;
        model.scheduleProbeRtt(now);
        model.restartExtraAcked(now);
        rate = startRate(Math.max(LEAST_RTT_NANOS, rtt.minimum())); // not smoothed: single packets wait for their ACK
    }

    private void checkStartupLoss(RateSample sample) {
        if (state == BbrState.STARTUP && !model.isFullBwReached() && bounds.isStartupOver(sample)) {
            undoTo(BbrState.STARTUP);
            model.setFullBwReached(true);
            bounds.setInflightLongterm(Math.max(model.bdp(bw), bounds.inflightLatest()));
        }
    }

    private void checkProbeRtt(RateSample sample, long now) {
        if (state != BbrState.PROBE_RTT && model.isProbeRttExpired() && !idleRestart) {
            saveCwnd();
            state = BbrState.PROBE_RTT;
            probeRttDoneAt = Deadlines.NONE;
            probe.stopProbing();
        }
        if (state == BbrState.PROBE_RTT) {
            limitedUntil = totalDelivered + sample.bytesInFlight(); // rates of now say nothing about the path
            if (probeRttDoneAt == Deadlines.NONE) {
                if (sample.bytesInFlight() <= probeRttCwnd()) {
                    probeRttDoneAt = now + PROBE_RTT_NANOS;
                    probeRttRoundDone = false;
                    startRound();
                }
            } else {
                probeRttRoundDone |= model.isRoundStart();
                if (probeRttRoundDone) {
                    checkProbeRttDone(now);
                }
            }
        }
        if (sample.delivered() > 0) {
            idleRestart = false;
        }
    }

    private void checkProbeRttDone(long now) {
        if (probeRttDoneAt == Deadlines.NONE || now <= probeRttDoneAt) {
            return;
        }
        model.scheduleProbeRtt(now);
        model.onProbeRttOver();
        cwnd = Math.max(cwnd, priorCwnd);
        bounds.resetShortTerm();
        if (model.isFullBwReached()) {
            probe.startDown(now);
            state = BbrState.PROBE_BW_CRUISE; // the queue is empty already
        } else {
            state = BbrState.STARTUP;
        }
    }

    private void saveCwnd() {
        priorCwnd = state == BbrState.PROBE_RTT ? Math.max(priorCwnd, cwnd) : cwnd;
    }

    @Override
    public void onSpuriousLoss(long now) {
        cwnd = Math.max(cwnd, priorCwnd);
        model.resetFullBw(0);
        bounds.undo();
        if (undoable && state != BbrState.PROBE_RTT) {
            if (undoState == BbrState.STARTUP) {
                model.setFullBwReached(false);
                state = BbrState.STARTUP;
            } else if (state != BbrState.PROBE_BW_UP) {
                probe.startRefill();
            }
        }
        undoable = false;
    }

    @Override
    public void onPersistentCongestion(long now) {
        saveCwnd();
        cwnd = minPipe();
    }

    @Override
    public void onPathChanged(long now) {
        random = new RandomLoss();
        random.setDatagramBytes(datagram);
        model = new BbrModel();
        bounds = new BbrBounds(random);
        probe = new BbrProbe(this, model, bounds, now);
        startRound();
        state = BbrState.STARTUP;
        undoable = false;
        cwnd = CongestionController.initialWindow(datagram);
        priorCwnd = 0;
        bw = 0;
        started = false;
        limitedUntil = totalDelivered;
        probeRttDoneAt = Deadlines.NONE;
        rate = startRate(RttEstimator.INITIAL_RTT_NANOS);
    }

    @Override
    public void onDatagramSize(int bytes) {
        final boolean untouched = cwnd == CongestionController.initialWindow(datagram);
        datagram = bytes;
        pacer.setDatagramBytes(bytes);
        random.setDatagramBytes(bytes);
        cwnd = Math.max(untouched ? CongestionController.initialWindow(bytes) : cwnd, minPipe());
    }

    private void setRate(double gain) {
        final double wanted = gain * bw * PACING_MARGIN;
        if (wanted > 0 && (model.isFullBwReached() || wanted > rate)) {
            rate = wanted;
        }
    }

    private void setCwnd(long acked) {
        final long most = quantized(gained(state.cwndGain, bw) + model.extraAcked());
        if (model.isFullBwReached()) {
            cwnd = Math.min(cwnd + acked, most);
        } else if (cwnd < most || totalDelivered < CongestionController.initialWindow(datagram)) {
            cwnd += acked;
        }
        cwnd = Math.max(cwnd, minPipe());
        if (state == BbrState.PROBE_RTT) {
            cwnd = Math.min(cwnd, probeRttCwnd());
        }
        long cap = INFINITE;
        if (state == BbrState.PROBE_RTT || state == BbrState.PROBE_BW_CRUISE) {
            cap = probe.inflightWithHeadroom();
        } else if (state.isProbeBw()) {
            cap = bounds.inflightLongterm();
        }
        cap = Math.max(Math.min(cap, bounds.inflightShortterm()), minPipe());
        cwnd = Math.min(Math.min(cwnd, cap), MAX_WINDOW);
    }

    private long gained(double gain, long bandwidth) {
        final long bdp = model.bdp(bandwidth);
        return bdp == INFINITE ? CongestionController.initialWindow(datagram) : (long) (gain * bdp);
    }

    /** What that bandwidth has in flight. */
    long inflight(long bandwidth) {
        return quantized(gained(1, bandwidth));
    }

    /** QuantizationBudget: room for what the pacer sends at once, and for what is on its way through two machines meanwhile. */
    private long quantized(long bytes) {
        final double most = Pacer.maxBurst(datagram);
        final long quantum = (long) Math.min(rate / NANOS_PER_SECOND * QUANTUM_NANOS, most);
        return Math.max(Math.max(bytes, quantum), minPipe()) + (state == BbrState.PROBE_BW_UP ? 2L * datagram : 0);
    }

    long targetInflight() {
        return Math.min(model.bdp(bw), cwnd);
    }

    private long probeRttCwnd() {
        return Math.max(gained(BbrState.PROBE_RTT.cwndGain, bw), minPipe());
    }

    long minPipe() {
        return (long) MIN_PIPE_DATAGRAMS * datagram;
    }

    BbrState state() {
        return state;
    }

    void enter(BbrState next) {
        state = next;
    }

    /** A packet-timed round trip begins. */
    void startRound() {
        model.startRound(totalDelivered);
    }

    int datagram() {
        return datagram;
    }

    long bandwidth() {
        return bw;
    }

    @Override
    public long window() {
        return cwnd;
    }

    @Override
    public long releaseTime(int bytes, long now) {
        return pacer.releaseTime(rate, now);
    }

    @Override
    public String name() {
        return "BBR";
    }

    @Override
    public long pacingRate() {
        return (long) rate;
    }
}
