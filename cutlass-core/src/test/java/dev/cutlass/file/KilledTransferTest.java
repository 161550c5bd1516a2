package dev.cutlass.file;

import static dev.cutlass.file.Swarm.MILLI;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.file.tree.TreeShape;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** docs/files.md section 7.5: what kills cost, 50 of them in one transfer of 200 MB. A kill of the fetcher costs what was asked for and not noted; one of the holder half a chunk. */
final class KilledTransferTest {
    private static final long LENGTH = 200_000_000;
    private static final int KILLS = 50;

    enum Link {
        /** Two processes of one machine. */
        LOOPBACK(new KilledTransfer.Path(100e6, MILLI / 5, MILLI / 5), 0.75),

        /** 20 Mbit/s. */
        HOME(new KilledTransfer.Path(20e6 / 8, 40 * MILLI, MILLI), 0.95);

        final KilledTransfer.Path path;
        final double leastShare;

        /** @param leastShare of the path's rate, without a kill */
        Link(KilledTransfer.Path path, double leastShare) {
            this.path = path;
            this.leastShare = leastShare;
        }
    }

    /** Bytes that left the holder for nothing, for each kill. */
    private static double cost(Link link, long seed, BooleanSupplier isFetcher) {
        final SplittableRandom random = new SplittableRandom(seed);
        final KilledTransfer transfer = new KilledTransfer(LENGTH, link.path);
        transfer.run(random.longs(KILLS, 0, LENGTH).sorted().toArray(), random, isFetcher);
        return (double) transfer.repeated() / KILLS;
    }

    /** One after the other. */
    private static BooleanSupplier eitherSide() {
        final int[] kills = {0};
        return () -> kills[0]++ % 2 == 0;
    }

    @Test
    void fiftyKillsOfEitherSideOfAMachineRepeatTwoPercentAtMost() {
        for (long seed = 0; seed < 3; seed++) {
            final double cost = cost(Link.LOOPBACK, seed, eitherSide());
            assertTrue(cost * KILLS <= 0.02 * LENGTH, "seed " + seed + ": " + cost + " bytes a kill");
        }
    }

    /** Such a path and its queue hold 125 kB, and half a block has come and is not whole: with half of the kills that is 1.9 % of the file, whatever the fetcher does; half a chunk of the other half is 0.2 %. */
    @Test
    void onAFarPathTheyRepeatLittleMoreThanThePathHolds() {
        for (long seed = 0; seed < 2; seed++) {
            final double cost = cost(Link.HOME, seed, eitherSide());
            assertTrue(cost * KILLS <= 0.024 * LENGTH, "seed " + seed + ": " + cost + " bytes a kill");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKillOfTheHolderCostsAChunkAtMost(Link link) {
        final double cost = cost(link, 7, () -> false);
        assertTrue(cost <= 32_768, cost + " bytes a kill");
    }

    @ParameterizedTest
    @EnumSource
    void aKillOfTheFetcherCostsWhatIsUnderWayAndTheBlockThatIsNotWhole(Link link) {
        final double cost = cost(link, 7, () -> true);
        final long underWay = Math.min(link.path.window(), 2 * TreeShape.BLOCK);
        assertTrue(cost <= underWay + TreeShape.BLOCK / 2, cost + " bytes a kill");
    }

    @ParameterizedTest
    @EnumSource
    void withoutAKillThePathIsUsedAndNothingIsSentTwice(Link link) {
        final KilledTransfer transfer = new KilledTransfer(LENGTH, link.path);
        transfer.run();
        final double ideal = LENGTH / link.path.bytesPerSecond();
        assertTrue(transfer.now() / 1e9 <= ideal / link.leastShare, transfer.now() / 1e9 + " s instead of " + ideal);
        assertEquals(0, transfer.repeated());
    }
}
