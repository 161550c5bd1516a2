package dev.cutlass.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.proto.PathMtu.State;
import dev.cutlass.proto.recovery.Deadlines;
import dev.cutlass.proto.recovery.RttEstimator;
import dev.cutlass.wire.AckRanges;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathMtuTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long RTT = 20 * MS;

    private final RttEstimator rtt = new RttEstimator();
    private final List<Integer> probes = new ArrayList<>();
    private PathMtu mtu = new PathMtu(DatagramSizes.upTo(DatagramSizes.LARGEST), new SplittableRandom(1));
    private long now;
    private long number;

    PathMtuTest() {
        rtt.onSample(RTT, 0);
    }

    /** Full packets all the time, on a path that carries so much, until no probe leaves. */
    private void search(int carries) {
        while (true) {
            mtu.onFull(now);
            final int size = mtu.probeSize(now);
            if (size == 0) {
                return;
            }
            probes.add(size);
            final long probe = number;
            mtu.onProbeSent(probe, rtt, now);
            assertEquals(0, mtu.probeSize(now + SECOND / 2), "one at a time");
            number += 10;
            now += 2 * RTT;
            final long largest = number - 1;
            final AckRanges ranges = AckRanges.of(largest, size <= carries ? probe : probe + 1);
            assertEquals(size <= carries, mtu.onAck(ranges, rtt, now));
        }
    }

    @Test
    void aLoopbackIsUsedToTheEndOfUdpAfterFiveProbes() {
        assertEquals(State.BASE, mtu.state());
        search(65_507);
        assertEquals(65_507, mtu.size());
        assertEquals(List.of(1_452, 1_472, 8_952, 65_487, 65_507), probes);
        assertEquals(State.SEARCH_COMPLETE, mtu.state());
        now += 10_000 * SECOND;
        search(65_507);
        assertEquals(5, probes.size(), "there is nothing above");
    }

    @Test
    void everyPathIsFoundWithinASeventhOfItsSizeAndFewProbes() {
        for (int carries = 1_200; carries <= 65_507; carries += 1 + carries / 97) {
            mtu = new PathMtu(DatagramSizes.upTo(DatagramSizes.LARGEST), new SplittableRandom(1));
            probes.clear();
            search(carries);
            final int size = mtu.size();
            final int real = carries;
            assertEquals(State.SEARCH_COMPLETE, mtu.state());
            assertTrue(size <= real && size >= real * 6 / 7, () -> real + ": " + size);
            assertTrue(probes.size() <= 25, () -> real + ": " + probes);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1_232, 1_392, 1_412, 1_452, 1_464, 1_472, 8_952, 8_972, 16_356, 65_487})
    void usualPathsAreFoundExactly(int carries) {
        search(carries);
        assertEquals(carries, mtu.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1_201, 1_300, 1_452, 1_460, 4_000, 9_000, 65_506})
    void nothingAboveTheCapIsTriedAndTheCapIsReached(int cap) {
        mtu = new PathMtu(DatagramSizes.upTo(cap), new SplittableRandom(1));
        search(65_507);
        assertEquals(cap, mtu.size());
        assertTrue(probes.stream().allMatch(size -> size <= cap));
    }

    @Test
    void switchedOffNothingIsTried() {
        mtu = new PathMtu(DatagramSizes.upTo(1_200), new SplittableRandom(1));
        search(65_507);
        assertEquals(List.of(), probes);
        assertEquals(State.FIXED, mtu.state());
        assertEquals(Deadlines.NONE, mtu.deadline());
    }

    @Test
    void aFixedSizeIsUsedAtOnceAndGivenUpOnABlackHole() {
        mtu = new PathMtu(DatagramSizes.fixed(8_192), new SplittableRandom(1));
        assertEquals(8_192, mtu.size());
        mtu.onBlackHole(now);
        assertEquals(1_200, mtu.size());
        now += 10_000 * SECOND;
        search(65_507);
        assertEquals(List.of(), probes);
    }

    @Test
    void whoFillsNoPacketProbesNothing() {
        assertEquals(0, mtu.probeSize(0));
        mtu.onFull(0);
        assertEquals(0, mtu.probeSize(PathMtu.WANTED_NANOS), "that was long ago");
        assertEquals(1_452, mtu.probeSize(PathMtu.WANTED_NANOS - 1));
    }

    @Test
    void aSizeIsOutAfterThreeLostProbesNotTwo() {
        search(1_472);
        assertEquals(List.of(1_452, 1_472, 8_952, 8_952, 8_952), probes.subList(0, 5));
        assertTrue(probes.get(5) < 8_952 && probes.get(5) > 1_472);
    }

    @Test
    void withoutAcksTheProbeTimerTells() {
        mtu.onFull(0);
        assertEquals(1_452, mtu.probeSize(0));
        mtu.onProbeSent(0, rtt, 0);
        assertTrue(mtu.deadline() >= PathMtu.PROBE_TIMER_NANOS);
        mtu.onTimeout(mtu.deadline() - 1);
        now = mtu.deadline();
        mtu.onFull(now);
        assertEquals(0, mtu.probeSize(now));
        mtu.onTimeout(now);
        assertEquals(Deadlines.NONE, mtu.deadline());
        assertEquals(1_452, mtu.probeSize(now));
    }

    @Test
    void aReorderedProbeIsNotLost() {
        mtu.onFull(0);
        mtu.probeSize(0);
        mtu.onProbeSent(5, rtt, 0);
        assertFalse(mtu.onAck(AckRanges.of(9, 6), rtt, RTT), "too soon to tell");
        assertFalse(mtu.onAck(AckRanges.of(7, 6), rtt, 2 * RTT), "too few after it");
        assertTrue(mtu.onAck(AckRanges.of(9, 0), rtt, 2 * RTT));
        assertEquals(1_452, mtu.size());
    }

    @Test
    void afterTheRaiseTimerItLooksAgain() {
        search(1_472);
        final int before = probes.size();
        now += PathMtu.RAISE_NANOS * 8 / 10;
        search(65_507);
        assertEquals(before, probes.size());
        now += PathMtu.RAISE_NANOS * 4 / 10;
        search(65_507);
        assertEquals(65_507, mtu.size());
    }

    @Test
    void aBlackHoleSendsItToTheBaseAndEachOneForLonger() {
        long pause = 0;
        for (int i = 0; i < 10; i++) {
            search(65_507);
            assertEquals(65_507, mtu.size());
            mtu.onBlackHole(now);
            assertEquals(State.ERROR, mtu.state());
            assertEquals(1_200, mtu.size());
            final long start = now;
            final int before = probes.size();
            while (probes.size() == before) {
                now += SECOND;
                search(65_507);
            }
            final long waited = now - start;
            final long least = pause;
            assertTrue(waited >= least && waited <= PathMtu.RAISE_NANOS * 12 / 10, () -> waited + " ns");
            pause = Math.min(waited * 3 / 2, PathMtu.RAISE_NANOS * 8 / 10);
        }
        assertTrue(pause >= PathMtu.RAISE_NANOS * 8 / 10);
    }

    @Test
    void sizesOutsideOfUdpAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> DatagramSizes.fixed(1_199));
        assertThrows(IllegalArgumentException.class, () -> DatagramSizes.upTo(65_508));
        assertThrows(IllegalArgumentException.class, () -> new DatagramSizes(1_300, 1_299));
    }
}
