package dev.cutlass.bench.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every contender still does what is measured, in two processes as in the comparison. Numbers are for docs/performance.md, by hand. */
class CompareSmokeTest {
    private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(20);

    static List<String> names() {
        return Contenders.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void contenderDeliversEveryMessageAndAnswers(String name) throws Exception {
        try (ContenderPair pair = ContenderPair.start(name)) {
            for (int length : new int[] {64, 1_200, 16_384, 60_000}) {
                assertTrue(pair.flood(length, MOMENT).messages() > 0);
            }
            final long[] quantiles = pair.roundTrips(MOMENT);
            assertTrue(quantiles[0] > 0 && quantiles[0] <= quantiles[1] && quantiles[1] <= quantiles[2]);
            assertTrue(pair.cpuNanos() > 0);
            if (pair.connects()) {
                assertTrue(pair.connections(MOMENT).messages() > 0);
            }
        }
    }

    @Test
    void streamIsCutIntoTheMessagesThatWentIn() {
        final byte[] stream = {0, 0, 0, 2, 7, 8, 0, 0, 0, 1, 9};
        for (int cut = 0; cut <= stream.length; cut++) {
            final List<byte[]> messages = new ArrayList<>();
            final Frames frames = new Frames();
            frames.take(stream, 0, cut, messages::add);
            frames.take(stream, cut, stream.length - cut, messages::add);
            assertEquals(2, messages.size());
            assertArrayEquals(new byte[] {7, 8}, messages.get(0));
            assertArrayEquals(new byte[] {9}, messages.get(1));
        }
    }

    @Test
    void lostMessagesAreNoRate() {
        assertThrows(IllegalStateException.class, () -> Sink.checkAll(2, 1));
    }

    @Test
    void unknownContendersAreNamedTogetherWithTheKnown() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Contenders.named("none"))
                .getMessage()
                .contains("jeromq"));
    }
}
