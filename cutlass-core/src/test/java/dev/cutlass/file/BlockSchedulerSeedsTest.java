package dev.cutlass.file;

import static dev.cutlass.file.Swarm.MILLI;
import static dev.cutlass.file.Swarm.SECOND;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.fixtures.Seeds;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/files.md section 4, whatever happens. After each step {@link Swarm} checks the bounds, whose each block is, and who is banned. */
final class BlockSchedulerSeedsTest {
    private static final int BLOCK = TreeShape.BLOCK;
    private static final long HOUR = 3_600 * SECOND;

    /** Each takes half a second. */
    static LongStream fewSeeds() {
        return Seeds.oneIn(8);
    }

    /** Two to five holders of all kinds; anything happens; at the end one that is good stays. */
    @ParameterizedTest
    @MethodSource("fewSeeds")
    void whateverHoldersDoTheFileArrivesWholeAndBounded(long seed) {
        Seeds.run(seed, s -> {
            final SplittableRandom random = new SplittableRandom(s);
            final SchedulerLimits limits =
                    random.nextInt(4) == 0 ? SchedulerLimits.DEFAULT.ordered() : SchedulerLimits.DEFAULT;
            final Swarm swarm = new Swarm(random.nextLong(1_500L * BLOCK), random.nextInt(3) * 0.3, s, limits);
            final Swarm.Holder good = swarm.holder("good");
            good.bytesPerSecond = random.nextDouble(100_000, 20 << 20);
            good.latency = random.nextLong(1, 200) * MILLI;
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                final Swarm.Holder other = swarm.holder("other" + i);
                other.bytesPerSecond = random.nextDouble(1_000, 50 << 20);
                other.latency = random.nextLong(1, 500) * MILLI;
                other.wrongShare = random.nextInt(4) == 0 ? random.nextDouble() : 0;
                other.wrongHashes = random.nextInt(8) == 0;
                other.silent = random.nextInt(8) == 0;
                for (int j = random.nextInt(6); j > 0; j--) {
                    swarm.at(random.nextLong(60) * SECOND, () -> toggle(swarm, other));
                }
            }
            if (random.nextBoolean()) {
                swarm.at(2 * SECOND, () -> swarm.vanish(good));
                swarm.at(90 * SECOND, () -> swarm.comeBack(good));
            }
            swarm.run(HOUR);

            swarm.assertWhole();
            assertTrue(swarm.mostRanges <= 4 * 512 + 200, swarm.mostRanges + " ranges");
        });
    }

    private static Swarm.Holder any(Swarm swarm, String name, SplittableRandom random) {
        final Swarm.Holder holder = swarm.holder(name);
        holder.bytesPerSecond = random.nextDouble(200_000, 20 << 20);
        holder.latency = random.nextLong(1, 200) * MILLI;
        return holder;
    }

    private static void change(Swarm swarm, Swarm.Holder holder, SplittableRandom random) {
        if (random.nextBoolean()) {
            toggle(swarm, holder);
        } else {
            holder.silent ^= true;
        }
    }

    private static void toggle(Swarm swarm, Swarm.Holder holder) {
        if (holder.there) {
            swarm.vanish(holder);
        } else {
            swarm.comeBack(holder);
        }
    }

    /** Two to five holders that lie, fall silent, vanish and come back at random; one of them is honest, and there at the end. */
    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void whoeverLiesAndStopsTheFileArrivesWholeAndEachLieCountsForItsLiar(long seed) {
        Seeds.run(seed, s -> {
            final SplittableRandom random = new SplittableRandom(s);
            final SchedulerLimits limits =
                    random.nextInt(4) == 0 ? SchedulerLimits.DEFAULT.ordered() : SchedulerLimits.DEFAULT;
            final Swarm swarm = new Swarm(random.nextLong(1, 120L * BLOCK), random.nextInt(3) * 0.1, s, limits);
            final Swarm.Holder honest = any(swarm, "honest", random);
            final int liars = random.nextInt(1, 5);
            for (int i = 0; i < liars; i++) {
                final Swarm.Holder liar = any(swarm, "liar" + i, random);
                liar.wrongShare = random.nextBoolean() ? random.nextDouble() : random.nextDouble() / 20;
                liar.wrongHashes = random.nextInt(4) == 0;
                for (int j = random.nextInt(5); j > 0; j--) {
                    swarm.at(random.nextLong(20 * SECOND), () -> change(swarm, liar, random));
                }
            }
            if (random.nextInt(3) == 0) {
                swarm.at(random.nextLong(5 * SECOND), () -> swarm.vanish(honest));
                swarm.at(6 * SECOND + random.nextLong(60 * SECOND), () -> swarm.comeBack(honest));
            }
            swarm.run(HOUR);

            swarm.assertWhole();
            assertFalse(swarm.struck.containsKey("honest"));
            final int strikes =
                    swarm.struck.values().stream().mapToInt(Integer::intValue).sum();
            assertTrue(swarm.scheduler.wrongBlocks() <= strikes, "the others were chapters");
        });
    }
}
