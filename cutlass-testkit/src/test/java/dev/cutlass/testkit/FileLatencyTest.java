package dev.cutlass.testkit;

import static dev.cutlass.testkit.FileTransferTest.content;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.FileSettings;
import dev.cutlass.Peer;
import dev.cutlass.Transfer;
import dev.cutlass.event.FilePolicy;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TransferState;
import dev.cutlass.spi.FileSink;
import dev.cutlass.spi.FileSource;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@link BulkLatencyTest} demands of bulk holds while a file goes each way at full speed. */
final class FileLatencyTest {
    private static final long MEGABITS = 20;
    private static final int MESSAGES = 300;
    private static final int MTU = 1_472;
    private static final long PACKET_NANOS = MTU * 8 * 1_000 / MEGABITS;

    /** What a file has of a link that nobody else wants but a file the other way and messages, at least; bulk yields, so it is never all. docs/performance.md tells how much it is. */
    private static final double LEAST_SHARE = 0.5;

    /** More than goes over the link in the time that is measured. */
    private static final byte[] CONTENT = content(40_000_000, 1);

    /** Latencies of 64-byte messages in nanoseconds, sorted, and the share of the link that the slower file had meanwhile. */
    private record Measured(long[] latencies, double files) {
        long percentile(double share) {
            return latencies[(int) Math.ceil(share * latencies.length) - 1];
        }
    }

    @ParameterizedTest
    @CsvSource({"20, 1", "20, 4", "100, 1", "100, 2"})
    void aSmallMessageIsAtMostAPacketAndARoundTripLaterBesideAFileEachWay(long rttMillis, int queueRoundTrips) {
        for (long seed = 1; seed <= 2; seed++) {
            final Measured idle = measure(seed, rttMillis, queueRoundTrips, 0, false);
            final Measured loaded = measure(seed, rttMillis, queueRoundTrips, 0, true);
            final long allowed = PACKET_NANOS + Duration.ofMillis(rttMillis).toNanos();
            final String found = describe(idle, loaded);
            System.err.println(rttMillis + " ms, queue of " + queueRoundTrips + " round trips: " + found);
            assertTrue(loaded.percentile(0.5) <= idle.percentile(0.5) + allowed, found);
            assertTrue(loaded.percentile(0.99) <= idle.percentile(0.99) + allowed, found);
            assertTrue(loaded.files >= LEAST_SHARE, found);
        }
    }

    @ParameterizedTest
    @CsvSource({"20", "100"})
    void filesTakeMuchOfALinkThatLoses(long rttMillis) {
        final Measured loaded = measure(1, rttMillis, 1, 0.01, true);
        System.err.printf("%d ms, 1 %% loss: files have %.2f of the link%n", rttMillis, loaded.files);
        assertTrue(loaded.files >= LEAST_SHARE, () -> "" + loaded.files);
    }

    private static String describe(Measured idle, Measured loaded) {
        return String.format(
                "median %.1f ms, idle %.1f; p99 %.1f ms, idle %.1f; files %.2f of the link",
                loaded.percentile(0.5) / 1e6,
                idle.percentile(0.5) / 1e6,
                loaded.percentile(0.99) / 1e6,
                idle.percentile(0.99) / 1e6,
                loaded.files);
    }

    private static FileSink nowhere() {
        return new FileSink() {
            @Override
            public void write(long position, ByteBuffer block) {
                block.position(block.limit());
            }

            @Override
            public void complete() {
                // it is of no use
            }

            @Override
            public void abort(TransferFailure why) {
                // likewise
            }
        };
    }

    private static TestPeer peer(TestNetwork network, String nick, List<Long> sentAt, List<Long> latencies) {
        return network.peer(
                nick,
                settings -> settings.onMessage((from, message) ->
                                latencies.add(network.conditions().nanos() - sentAt.get(latencies.size())))
                        .files(FileSettings.outgoing().policy(FilePolicy.ASK))
                        .onFileOffer(offer -> offer.accept(nowhere())));
    }

    private static Measured measure(long seed, long rttMillis, int queueRoundTrips, double loss, boolean files) {
        try (TestNetwork network = TestNetwork.simulated(seed)) {
            final int queue = (int) (queueRoundTrips * rttMillis * MEGABITS * 1_000 / 8);
            network.conditions()
                    .delayMillis(rttMillis / 2, rttMillis / 2)
                    .loss(loss)
                    .mtu(MTU)
                    .rate(MEGABITS * 1_000_000, queue);
            final List<Long> sentAt = new ArrayList<>();
            final List<Long> latencies = new ArrayList<>();
            final TestPeer left = peer(network, "left", sentAt, latencies);
            final TestPeer right = peer(network, "right", sentAt, latencies);
            final Peer peer = left.connect(right);
            final List<Transfer> both = new ArrayList<>();
            if (files) {
                both.add(left.cutlass().files().send(peer, "a", FileSource.of(CONTENT)));
                both.add(right.cutlass().files().send(right.peer(left), "b", FileSource.of(CONTENT)));
            }
            network.runFor(Duration.ofSeconds(4));
            final long from = network.conditions().nanos();
            final long[] before =
                    both.stream().mapToLong(one -> one.progress().present()).toArray();
            final SplittableRandom random = new SplittableRandom(seed);
            final String small = "x".repeat(64);
            for (int i = 0; i < MESSAGES; i++) {
                sentAt.add(network.conditions().nanos());
                peer.send(small);
                network.runFor(Duration.ofNanos(random.nextLong(40_000_000)));
            }
            final double seconds = (network.conditions().nanos() - from) / 1e9;
            double share = 1;
            for (int i = 0; i < both.size(); i++) {
                assertEquals(TransferState.RUNNING, both.get(i).state(), "else it is not measured");
                share = Math.min(
                        share, (both.get(i).progress().present() - before[i]) / (seconds * MEGABITS * 1e6 / 8));
            }
            assertTrue(network.runUntil(() -> latencies.size() == MESSAGES, Duration.ofMinutes(1)), "all arrive");
            final long[] sorted = latencies.stream().mapToLong(Long::longValue).toArray();
            Arrays.sort(sorted);
            return new Measured(sorted, share);
        }
    }
}
