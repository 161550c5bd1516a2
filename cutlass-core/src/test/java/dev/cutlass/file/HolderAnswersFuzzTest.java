package dev.cutlass.file;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.tree.ChapterHashes;
import dev.cutlass.file.tree.TreeHasher;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.file.wire.Chunk;
import dev.cutlass.wire.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Whatever holders answer and whenever they come and go: nothing is held beyond the limit, nothing wrong is stored, nothing is counted twice. Runs its saved inputs in the normal tests and fuzzes with JAZZER_FUZZ=1. */
@Tag("fuzz")
class HolderAnswersFuzzTest {
    private static final long SECOND = 1_000_000_000;
    private static final Swarm CONTENT = new Swarm(5L * TreeShape.BLOCK + 7, 0.2, 1, SchedulerLimits.DEFAULT);
    private static final TreeHasher HASHER = new TreeHasher();
    private static final List<String> HOLDERS = List.of("a", "b", "c");

    /** One run of a scheduler. */
    private static final class Run {
        final FuzzedDataProvider data;
        final GapTree gaps = GapTree.all(CONTENT.shape.blocks());
        final BlockScheduler<String> scheduler;
        final List<FetchWork.Ask<String>> asked = new ArrayList<>();
        final List<FetchWork.Arrived<String>> arrived = new ArrayList<>();
        long numbers;
        long now;

        Run(FuzzedDataProvider data) {
            this.data = data;
            final SchedulerLimits limits =
                    data.consumeBoolean() ? SchedulerLimits.DEFAULT : SchedulerLimits.DEFAULT.ordered();
            scheduler = new BlockScheduler<>(CONTENT.shape, CONTENT.root, gaps, limits, () -> ++numbers);
            HOLDERS.forEach(scheduler::addHolder);
        }

        String holder() {
            return data.pickValue(HOLDERS);
        }

        void step() throws IOException {
            switch (data.consumeInt(0, 8)) {
                case 0 -> scheduler.removeHolder(holder(), now);
                case 1 -> scheduler.addHolder(holder());
                case 2 -> scheduler.setPaused(holder(), data.consumeBoolean(), now);
                case 3 -> {
                    now += data.consumeLong(0, 20 * SECOND);
                    scheduler.handleTimeout(now);
                }
                case 4 -> scheduler.onRefused(holder(), number(), data.pickValue(TransferFailure.values()), now);
                case 5 -> store();
                case 6 -> hashes();
                default -> chunk();
            }
        }

        private FetchWork.Ask<String> ask() {
            return asked.isEmpty()
                    ? new FetchWork.Ask<>(data.consumeLong(), holder(), false, 0, 1, 0)
                    : asked.get(data.consumeInt(0, asked.size() - 1));
        }

        private long number() {
            return data.consumeBoolean() ? ask().request() : data.consumeLong(0, 50);
        }

        private void hashes() throws IOException {
            final FetchWork.Ask<String> ask = ask();
            final ChapterHashes good = CONTENT.tree.chapter(0);
            final boolean isGood = data.consumeBoolean();
            final byte[] leaves = isGood ? good.leaves().toArray() : data.consumeBytes(300);
            final boolean isTaken = scheduler.onHashes(
                    ask.holder(),
                    ask.request(),
                    new ChapterHashes(isGood ? 0 : data.consumeLong(0, 3), good.proof(), Bytes.of(leaves)),
                    now);
            if (isTaken && !good.leaves().equals(Bytes.of(leaves))) {
                throw new AssertionError("wrong hashes were taken");
            }
        }

        private void chunk() {
            final FetchWork.Ask<String> ask = ask();
            final long block = Math.floorMod(ask.first() + data.consumeInt(0, 2), CONTENT.shape.blocks());
            final int offset = data.pickValue(new int[] {0, ask.skip(), Chunk.MAX_DATA, 100});
            final int rest = CONTENT.shape.blockLength(block) - offset;
            if (rest <= 0) {
                return;
            }
            final int length = Math.min(rest, data.consumeBoolean() ? Chunk.MAX_DATA : 100);
            final byte[] bytes = Arrays.copyOfRange(
                    CONTENT.content,
                    (int) CONTENT.shape.position(block) + offset,
                    (int) CONTENT.shape.position(block) + offset + length);
            if (data.consumeInt(0, 3) == 0) {
                bytes[0]++;
            }
            final String from = data.consumeInt(0, 9) == 0 ? holder() : ask.holder();
            scheduler.onChunk(from, new Chunk(ask.request(), block, offset, Bytes.of(bytes)), now);
        }

        private void store() {
            if (arrived.isEmpty()) {
                return;
            }
            final FetchWork.Arrived<String> block = arrived.remove(data.consumeInt(0, arrived.size() - 1));
            if (!block.isGood(HASHER, CONTENT.root)) {
                scheduler.onWrong(block.block(), now);
                return;
            }
            final int at = (int) CONTENT.shape.position(block.block());
            if (!Arrays.equals(Arrays.copyOfRange(CONTENT.content, at, at + block.data().length), block.data())) {
                throw new AssertionError("wrong content is good");
            }
            if (!gaps.isMissing(block.block())) {
                throw new AssertionError("stored twice: " + block.block());
            }
            scheduler.onStored(block.block());
        }

        void check() {
            for (FetchWork.Ask<String> ask; (ask = scheduler.next(Long.MAX_VALUE, now)) != null; ) {
                asked.add(ask);
            }
            for (FetchWork.Arrived<String> block; (block = scheduler.pollArrived()) != null; ) {
                arrived.add(block);
            }
            while (scheduler.pollHole() != null) { // in the gaps already
            }
            while (scheduler.pollStop() != null) { // a holder may not listen
            }
            final long inFlight = scheduler.inFlight();
            if (inFlight < 0 || inFlight > CONTENT.shape.length() || scheduler.nextDeadline(now) < 0) {
                throw new AssertionError(inFlight);
            }
        }

        /** Everybody goes, and what came is settled. */
        void end() {
            HOLDERS.forEach(name -> scheduler.removeHolder(name, now));
            now += SchedulerLimits.DEFAULT.blockTimeoutNanos();
            scheduler.handleTimeout(now);
            check();
            while (!arrived.isEmpty()) {
                store();
                check();
            }
            if (asked.size() != numbers) {
                throw new AssertionError("asked of nobody");
            }
        }
    }

    @FuzzTest(maxDuration = "60s")
    void answers(FuzzedDataProvider data) throws IOException {
        final Run run = new Run(data);
        run.check();
        while (data.remainingBytes() > 0) {
            run.step();
            run.check();
        }
        run.end();
    }
}
