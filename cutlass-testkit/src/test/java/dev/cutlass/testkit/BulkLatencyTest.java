package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.Peer;
import dev.cutlass.event.ChannelClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What somebody waits for arrives nearly as soon on a link that bulk fills as on an idle one: two engines, drop-tail queue, virtual time. */
final class BulkLatencyTest {
    private static final long MEGABITS = 20;
    private static final int PIECE = 16_384;
    private static final int SMALL = 64;
    private static final int MESSAGES = 300;
    private static final int MTU = 1_472;
    private static final long PACKET_NANOS = MTU * 8 * 1_000 / MEGABITS;
    private static final String SERVICE = "org.example.files";

    /** Latencies of messages in nanoseconds, sorted, and the share of the link that bulk had meanwhile. */
    private record Measured(long[] latencies, double bulk) {
        long percentile(double share) {
            return latencies[(int) Math.ceil(share * latencies.length) - 1];
        }
    }

    @ParameterizedTest
    @CsvSource({"20, 1", "20, 4", "100, 1", "100, 2"})
    void aSmallMessageIsAtMostAPacketAndARoundTripLater(long rttMillis, int queueRoundTrips) {
        for (long seed = 1; seed <= 3; seed++) {
            final Measured idle = measure(seed, rttMillis, queueRoundTrips, 0, false);
            final Measured loaded = measure(seed, rttMillis, queueRoundTrips, 0, true);
            final long allowed = PACKET_NANOS + Duration.ofMillis(rttMillis).toNanos();
            final String found = describe(idle, loaded);
            assertTrue(loaded.percentile(0.5) <= idle.percentile(0.5) + allowed, found);
            assertTrue(loaded.percentile(0.99) <= idle.percentile(0.99) + allowed, found);
            assertTrue(loaded.bulk >= 0.8, found);
        }
    }

    @ParameterizedTest
    @CsvSource({"20", "100"})
    void bulkDoesNotStarveOnALinkThatLoses(long rttMillis) {
        final Measured loaded = measure(1, rttMillis, 1, 0.01, true);
        assertTrue(loaded.bulk >= 0.5, () -> "" + loaded.bulk);
    }

    private static String describe(Measured idle, Measured loaded) {
        return String.format(
                "median %.1f ms, idle %.1f; p99 %.1f ms, idle %.1f; bulk %.2f of the link",
                loaded.percentile(0.5) / 1e6,
                idle.percentile(0.5) / 1e6,
                loaded.percentile(0.99) / 1e6,
                idle.percentile(0.99) / 1e6,
                loaded.bulk);
    }

    private static Measured measure(long seed, long rttMillis, int queueRoundTrips, double loss, boolean bulk) {
        try (TestNetwork network = TestNetwork.simulated(seed)) {
            final int queue = (int) (queueRoundTrips * rttMillis * MEGABITS * 1_000 / 8);
            network.conditions()
                    .delayMillis(rttMillis / 2, rttMillis / 2)
                    .loss(loss)
                    .mtu(MTU)
                    .rate(MEGABITS * 1_000_000, queue);
            final List<Long> sentAt = new ArrayList<>();
            final List<Long> latencies = new ArrayList<>();
            final long[] bulkBytes = new long[1];
            final TestPeer left = network.peer("left");
            final TestPeer right = network.peer(
                    "right",
                    settings -> settings.onMessage((from, message) -> {
                                latencies.add(network.conditions().nanos() - sentAt.get(latencies.size()));
                            })
                            .service(SERVICE, (channel, message) -> bulkBytes[0] += message.length()));
            final Peer peer = left.connect(right);
            if (bulk) {
                new BulkTransfer(
                                peer.channel(SERVICE, 0, ChannelClass.BULK, (channel, message) -> {}),
                                PIECE,
                                Integer.MAX_VALUE)
                        .run();
            }
            network.runFor(Duration.ofSeconds(3));
            final long from = network.conditions().nanos();
            final long before = bulkBytes[0];
            final SplittableRandom random = new SplittableRandom(seed);
            final String small = "x".repeat(SMALL);
            for (int i = 0; i < MESSAGES; i++) {
                sentAt.add(network.conditions().nanos());
                peer.send(small);
                network.runFor(Duration.ofNanos(random.nextLong(40_000_000)));
            }
            final double seconds = (network.conditions().nanos() - from) / 1e9;
            final double share = (bulkBytes[0] - before) / (seconds * MEGABITS * 1e6 / 8);
            assertTrue(network.runUntil(() -> latencies.size() == MESSAGES, Duration.ofMinutes(1)), "all arrive");
            final long[] sorted = latencies.stream().mapToLong(Long::longValue).toArray();
            Arrays.sort(sorted);
            return new Measured(sorted, share);
        }
    }
}
