package dev.cutlass.proto;

import dev.cutlass.proto.recovery.Deadlines;
import dev.cutlass.proto.recovery.RttEstimator;
import dev.cutlass.wire.AckRanges;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Finds how large the datagrams of one path may be: RFC 8899, with the rules of docs/protocol.md section 4.7.
 *
 * <pre>
 * BASE --full packets--> SEARCHING --nothing left to try--> SEARCH_COMPLETE --raise timer, full packets--> SEARCHING
 *   any --black hole--> ERROR --pause, full packets--> SEARCHING
 * FIXED: nothing is tried
 * </pre>
 *
 * A size is tried only while the application fills packets, so a connection at rest, or one that chats, probes nothing and has no timer.
 * Threads: none. Times are ticker nanos.
 */
final class PathMtu {
    /** The states of RFC 8899 section 5.2, and one for paths that are not searched. */
    enum State {
        BASE,
        SEARCHING,
        SEARCH_COMPLETE,
        ERROR,
        FIXED
    }

    /** A size is out after so many lost probes: RFC 8899 section 5.1.2. */
    static final int MAX_PROBES = 3;

    /** The least PROBE_TIMER that RFC 8899 section 5.1.1 allows; mostly the ACKs of later packets tell sooner. */
    static final long PROBE_TIMER_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** PMTU_RAISE_TIMER of RFC 8899 section 5.1.1. Drawn from 90 to 110 % each time, as the next one is. */
    static final long RAISE_NANOS = TimeUnit.SECONDS.toNanos(600);

    /** After a black hole; doubles with each up to {@link #RAISE_NANOS}, so that a path, or a peer, that lies cannot stop us often. */
    static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** So long after a full packet larger ones are wanted. */
    static final long WANTED_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A probe is lost when a packet so many numbers later was acknowledged: RFC 9002 section 6.1.1. */
    private static final int REORDERING = 3;

    /** And when it is as late as this many eighths of a round trip beyond one: RFC 9002 section 6.1.2. */
    private static final int LATE_EIGHTHS = 1;

    private static final double LEAST_JITTER = 0.9;
    private static final double JITTER_RANGE = 0.2;
    private static final long NO_PROBE = -1;

    /** Tried first, from below: Ethernet over IPv6 and IPv4, jumbo frames, a loopback over IPv6, the end of UDP. */
    private static final int[] USUAL = {1_452, 1_472, 8_952, 65_487, DatagramSizes.LARGEST};

    /** Then the middle of these between what passed and what did not: tunnels below Ethernet, and what lies between the usual ones. */
    private static final int[] ALL = {
        1_232,
        1_252,
        1_272,
        1_292,
        1_312,
        1_332,
        1_352,
        1_372,
        1_392,
        1_412,
        1_432,
        1_444,
        1_452,
        1_464,
        1_472,
        1_600,
        1_752,
        1_972,
        2_276,
        2_600,
        3_000,
        3_500,
        4_052,
        4_442,
        5_000,
        5_700,
        6_500,
        7_300,
        8_144,
        8_952,
        8_972,
        10_000,
        11_500,
        13_000,
        14_500,
        16_336,
        16_356,
        19_000,
        22_000,
        25_500,
        29_000,
        32_720,
        38_000,
        44_000,
        51_000,
        58_000,
        65_487,
        DatagramSizes.LARGEST
    };

    private final int max;
    private final RandomGenerator random;
    private final boolean fixed;
    private int size;

    /** Made when the application first fills a packet, or large packets vanish: a connection that chats needs none. */
    private @Nullable Search search;

    /** What is known, and tried, beyond {@link #size}. */
    private static final class Search {
        State state = State.BASE;

        /** The smallest size that did not pass; one more than the greatest allowed if there is none. */
        int failed;

        /** What is tried; 0 if nothing. */
        int candidate;

        int lostProbes;
        long probe = NO_PROBE;
        long probeSentAt;
        long probeDeadline = Deadlines.NONE;
        long nextProbeAt = Long.MIN_VALUE;
        long wantedUntil = Long.MIN_VALUE;
        long resumeAt = Long.MIN_VALUE;
        long pause = PAUSE_NANOS;

        Search(int failed) {
            this.failed = failed;
        }

        void forgetProbe() {
            probe = NO_PROBE;
            probeDeadline = Deadlines.NONE;
        }

        void onProbeLost() {
            forgetProbe();
            lostProbes++;
            if (lostProbes == MAX_PROBES) {
                failed = candidate;
                candidate = 0;
            }
        }
    }

    PathMtu(DatagramSizes sizes, RandomGenerator random) {
        this.max = sizes.max();
        this.random = random;
        size = sizes.start();
        fixed = sizes.max() <= sizes.start();
    }

    /** The largest datagram that may be sent. */
    int size() {
        return size;
    }

    State state() {
        return fixed ? State.FIXED : search == null ? State.BASE : search.state;
    }

    private Search search() {
        Search present = search;
        if (present == null) {
            present = new Search(max + 1);
            search = present;
        }
        return present;
    }

    /** The application filled a packet: larger ones would serve. */
    void onFull(long now) {
        if (!fixed) {
            search().wantedUntil = now + WANTED_NANOS;
        }
    }

    /** How large a probe should leave now; 0: none. Never two within a round trip. */
    int probeSize(long now) {
        final Search at = search;
        if (at == null || at.probe != NO_PROBE || now >= at.wantedUntil || now < at.nextProbeAt) {
            return 0;
        }
        if (at.state != State.SEARCHING) {
            if (now < at.resumeAt) {
                return 0;
            }
            at.state = State.SEARCHING;
            at.failed = max + 1;
        }
        if (at.candidate == 0) {
            at.candidate = nextCandidate(at.failed);
            at.lostProbes = 0;
        }
        if (at.candidate == 0) {
            at.state = State.SEARCH_COMPLETE;
            at.resumeAt = size == max ? Deadlines.NONE : now + jittered(RAISE_NANOS);
        }
        return at.candidate;
    }

    private int nextCandidate(int failed) {
        for (int usual : USUAL) {
            if (usual > size && usual < failed) {
                return usual;
            }
        }
        if (failed > max && size < max) {
            return max; // a cap between two usual sizes
        }
        int from = 0;
        while (from < ALL.length && ALL[from] <= size) {
            from++;
        }
        int to = from;
        while (to < ALL.length && ALL[to] < failed) {
            to++;
        }
        return from == to ? 0 : ALL[(from + to) >>> 1];
    }

    private long jittered(long nanos) {
        return (long) (nanos * (LEAST_JITTER + JITTER_RANGE * random.nextDouble()));
    }

    /** The probe leaves. */
    void onProbeSent(long number, RttEstimator rtt, long now) {
        final Search at = search();
        at.probe = number;
        at.probeSentAt = now;
        at.nextProbeAt = now + (rtt.isSampled() ? rtt.minimum() : rtt.probeTimeout());
        at.probeDeadline = now + Math.max(PROBE_TIMER_NANOS, MAX_PROBES * rtt.probeTimeout());
    }

    /**
     * An ACK of the path arrived.
     *
     * @param ranges only looked at during the call
     * @return whether {@link #size} changed
     */
    boolean onAck(AckRanges ranges, RttEstimator rtt, long now) {
        final Search at = search;
        if (at == null || at.probe == NO_PROBE) {
            return false;
        }
        if (ranges.contains(at.probe)) {
            size = at.candidate;
            at.candidate = 0;
            at.forgetProbe();
            return true;
        }
        if (ranges.largest(0) >= at.probe + REORDERING && now - at.probeSentAt >= rtt.lossDelay(LATE_EIGHTHS)) {
            at.onProbeLost();
        }
        return false;
    }

    /** The path goes on under other packet numbers: what becomes of the probe will not be told. */
    void onNewNumbers() {
        if (search != null) {
            search.forgetProbe();
        }
    }

    /** When {@link #onTimeout} has something to do. */
    long deadline() {
        return search == null ? Deadlines.NONE : search.probeDeadline;
    }

    void onTimeout(long now) {
        if (search != null && now >= search.probeDeadline) {
            search.onProbeLost();
        }
    }

    /** Packets above the base do not arrive any more, whatever was proved before. */
    void onBlackHole(long now) {
        size = DatagramSizes.BASE;
        if (fixed) {
            return;
        }
        final Search at = search();
        at.forgetProbe();
        at.candidate = 0;
        at.state = State.ERROR;
        at.resumeAt = now + jittered(at.pause);
        at.pause = Math.min(RAISE_NANOS, 2 * at.pause);
    }
}
