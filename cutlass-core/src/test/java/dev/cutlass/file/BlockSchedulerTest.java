package dev.cutlass.file;

import static dev.cutlass.file.Swarm.MILLI;
import static dev.cutlass.file.Swarm.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.file.wire.Chunk;
import dev.cutlass.wire.Bytes;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** docs/files.md section 4. */
final class BlockSchedulerTest {
    private static final int BLOCK = TreeShape.BLOCK;
    private static final long HOUR = 3_600 * SECOND;

    private static Swarm swarm(int blocks) {
        return new Swarm((long) blocks * BLOCK - 17, 0, 1, SchedulerLimits.DEFAULT);
    }

    @Test
    void oneHolderSendsEveryByteOnce() {
        final Swarm swarm = swarm(200);
        final Swarm.Holder holder = swarm.holder("a");
        swarm.run(HOUR);

        swarm.assertWhole();
        assertEquals(swarm.shape.length(), holder.sent);
        assertEquals(0, swarm.scheduler.dropped());
        assertEquals(0, swarm.scheduler.inFlight());
        assertEquals(swarm.shape.length(), swarm.scheduler.received());
    }

    @Test
    void anEmptyFileIsCompleteAndAsksForNothing() {
        final Swarm swarm = new Swarm(0, 0, 1, SchedulerLimits.DEFAULT);
        swarm.holder("a");

        assertTrue(swarm.scheduler.isComplete());
        assertNull(swarm.scheduler.next(Long.MAX_VALUE, 0));
    }

    @Test
    void hashesAndFirstBlocksAreAskedForAtOnce() {
        final Swarm swarm = swarm(200);
        swarm.scheduler.addHolder("a");
        final FetchWork.Ask<String> first = swarm.scheduler.next(Long.MAX_VALUE, 0);
        final FetchWork.Ask<String> second = swarm.scheduler.next(Long.MAX_VALUE, 0);

        assertEquals(new FetchWork.Ask<>(1, "a", true, 0, 1, 0), first);
        assertEquals(new FetchWork.Ask<>(2, "a", false, 0, 1, 0), second);
        swarm.scheduler.addHolder("b");
        assertNull(swarm.scheduler.next(Long.MAX_VALUE, 0), "the window of a is full, and b waits for the hashes");
        assertNull(
                swarm.scheduler.next(Long.MAX_VALUE, 0),
                "b has not been asked for hashes, so they would come too late");
    }

    @Test
    void aFileOfOneBlockNeedsNoHashes() {
        final Swarm swarm = swarm(1);
        swarm.holder("a");
        final long started = swarm.now;
        swarm.run(HOUR);

        swarm.assertWhole();
        assertTrue(swarm.now - started < 30 * MILLI, "one round trip");
    }

    @Test
    void aFarHolderFillsItsPathAndANearOneHasLittleUnderWay() {
        final Swarm far = swarm(4_000);
        far.holder("a").latency = 100 * MILLI;
        far.run(HOUR);
        final double ideal = far.shape.length() / (double) (10 << 20);
        assertTrue(far.now < ideal * 1.2 * SECOND, far.now / 1e9 + " s, ideal " + ideal);

        final Swarm near = swarm(3_000);
        near.holder("a").latency = MILLI / 5;
        final long[] most = {0};
        for (int i = 1; i < 200; i++) {
            near.at(i * 50 * MILLI, () -> most[0] = Math.max(most[0], near.scheduler.inFlight()));
        }
        near.run(HOUR);
        final double path = 2 * (10 << 20) * 0.2e-3;
        assertTrue(most[0] <= BLOCK + path + BLOCK, most[0] + " bytes: one is asked for, and one is being written");
    }

    @Test
    void holdersShareTheWorkByTheirSpeed() {
        final Swarm swarm = swarm(2_000);
        final Swarm.Holder slow = swarm.holder("slow");
        slow.bytesPerSecond = 1 << 20;
        final Swarm.Holder fast = swarm.holder("fast");
        fast.bytesPerSecond = 8 << 20;
        swarm.run(HOUR);

        swarm.assertWhole();
        assertTrue(fast.sent > 5 * slow.sent, fast.sent + " " + slow.sent);
        assertTrue(slow.sent > swarm.shape.length() / 20, "the slow one helps, too");
        final double ideal = swarm.shape.length() / (double) (9 << 20);
        assertTrue(swarm.now < ideal * 1.25 * SECOND, swarm.now / 1e9 + " s, ideal " + ideal);
        assertTrue(swarm.sentInAll() < swarm.shape.length() * 1.01);
    }

    @Test
    void theEndDoesNotWaitForASlowHolder() {
        final Swarm swarm = swarm(100);
        swarm.holder("slow").bytesPerSecond = 2_000;
        swarm.holder("fast");
        swarm.run(HOUR);

        swarm.assertWhole();
        assertTrue(swarm.now < 40 * SECOND, swarm.now / 1e9 + " s; a block takes the slow one half a minute");
    }

    @Test
    void whoWasWrongAboutABlockDoesNotTakeItOverFromWhoIsAskedInstead() {
        for (long seed = 1; seed <= 50; seed++) {
            final Swarm swarm = new Swarm(4L * BLOCK, 0, seed, SchedulerLimits.DEFAULT);
            swarm.holder("liar").wrongShare = 0.5;
            swarm.holder("slow").bytesPerSecond = 2_000;
            swarm.run(HOUR);

            swarm.assertWhole();
        }
    }

    @Test
    void whoFallsSilentAtTheEndIsNotGivenBackWhatASlowerOneTookOver() {
        final Swarm swarm = swarm(400);
        final Swarm.Holder fast = swarm.holder("fast");
        final Swarm.Holder slow = swarm.holder("slow");
        slow.bytesPerSecond = 100_000;
        swarm.at(2 * SECOND, () -> fast.silent = true);
        swarm.run(HOUR);

        swarm.assertWhole();
        assertTrue(swarm.now < 2_000 * SECOND, swarm.now / 1e9 + " s");
    }

    @Test
    void aLiarCostsThreeBlocksAndIsNotAskedAgain() {
        final Swarm swarm = swarm(500);
        final Swarm.Holder liar = swarm.holder("liar");
        liar.wrongShare = 1;
        swarm.holder("good");
        swarm.run(HOUR);

        swarm.assertWhole();
        assertTrue(swarm.scheduler.isBanned("liar"));
        assertFalse(swarm.scheduler.addHolder("liar"));
        assertTrue(
                swarm.scheduler.wrongBlocks() >= 1 && swarm.scheduler.wrongBlocks() <= 6,
                swarm.scheduler.wrongBlocks() + "");
        assertTrue(liar.sent <= 1 << 20);
    }

    @Test
    void whoLiesAboutHashesIsFoundOutBeforeAnythingIsWritten() {
        final Swarm swarm = swarm(500);
        swarm.holder("liar").wrongHashes = true;
        swarm.holder("good");
        swarm.run(HOUR);

        swarm.assertWhole();
        assertEquals(0, swarm.scheduler.wrongBlocks());
        assertTrue(swarm.scheduler.dropped() > 0);
    }

    @Test
    void aLiarAloneLeavesNobodyToAsk() {
        final Swarm swarm = swarm(500);
        swarm.holder("liar").wrongShare = 1;
        swarm.run(HOUR);

        assertFalse(swarm.scheduler.isComplete());
        assertFalse(swarm.scheduler.hasHolder());
        assertTrue(swarm.stored.isEmpty());
        assertEquals(0, swarm.scheduler.inFlight());
    }

    @Test
    void whoIsSilentIsPassedOver() {
        final Swarm swarm = swarm(500);
        swarm.holder("silent").silent = true;
        swarm.at(SECOND, () -> swarm.holder("good"));
        swarm.run(HOUR);

        swarm.assertWhole();
        assertTrue(swarm.now < 40 * SECOND);
    }

    @Test
    void aBlockThatWasBegunIsGoneOnWithWhenItsHolderIsBack() {
        final Swarm swarm = swarm(100);
        final Swarm.Holder holder = swarm.holder("a");
        holder.bytesPerSecond = 100_000; // a chunk takes a third of a second
        swarm.at(9 * SECOND + 500 * MILLI, () -> swarm.vanish(holder));
        swarm.at(11 * SECOND, () -> swarm.comeBack(holder));
        swarm.run(HOUR);

        swarm.assertWhole();
        assertEquals(swarm.shape.length(), holder.sent, "nothing is sent twice");
        assertEquals(0, swarm.scheduler.dropped());
        assertEquals(0, swarm.scheduler.inFlight());
    }

    @Test
    void holesAreNotAskedForButForTheFirstBlocks() {
        final Swarm swarm = new Swarm(3_000L * BLOCK, 0.99, 5, SchedulerLimits.DEFAULT);
        final Swarm.Holder holder = swarm.holder("a");
        swarm.run(HOUR);

        swarm.assertWhole();
        assertTrue(swarm.holeBlocks > 2_900);
        assertTrue(holder.sent < 80 * BLOCK);
    }

    @Test
    void whereOrderMattersBlocksComeInOrderAndHolesAsZeros() {
        final Swarm swarm = new Swarm(300L * BLOCK + 5, 0.3, 6, SchedulerLimits.DEFAULT.ordered());
        final Swarm.Holder liar = swarm.holder("a");
        liar.wrongShare = 0.005;
        swarm.holder("b").latency = 3 * MILLI;
        swarm.run(HOUR);

        swarm.assertWhole();
        assertEquals(LongStream.range(0, 301).boxed().toList(), swarm.storedInOrder);
    }

    @Test
    void aPausedOrBusyHolderIsAskedLater() {
        final Swarm swarm = swarm(100);
        final Swarm.Holder holder = swarm.holder("a");
        holder.silent = true;
        swarm.run(SECOND);
        assertFalse(swarm.scheduler.onRefused("a", 999, TransferFailure.PAUSED, swarm.now));
        assertFalse(swarm.scheduler.onRefused("b", 2, TransferFailure.PAUSED, swarm.now));
        swarm.refuse(holder, 2, TransferFailure.PAUSED);
        assertFalse(swarm.scheduler.hasHolder());
        assertEquals(0, swarm.scheduler.inFlight());
        assertNull(swarm.scheduler.next(Long.MAX_VALUE, swarm.now));

        swarm.scheduler.setPaused("a", false, swarm.now);
        final FetchWork.Ask<String> again = swarm.scheduler.next(Long.MAX_VALUE, swarm.now);
        assertNotNull(again);
        swarm.refuse(holder, again.request(), TransferFailure.BUSY);
        assertTrue(swarm.scheduler.hasHolder());
        assertNull(swarm.scheduler.next(Long.MAX_VALUE, swarm.now));
        assertEquals(swarm.now + SECOND, swarm.scheduler.nextDeadline(swarm.now));
        holder.silent = false;
        swarm.run(HOUR);
        swarm.assertWhole();
    }

    @Test
    void whoDoesNotHaveItIsNotAskedAgain() {
        final Swarm swarm = swarm(100);
        final Swarm.Holder holder = swarm.holder("a");
        holder.silent = true;
        swarm.run(SECOND);
        swarm.refuse(holder, 1, TransferFailure.NOT_FOUND);

        assertTrue(swarm.scheduler.isBanned("a"));
        assertFalse(swarm.scheduler.hasHolder());
    }

    @Test
    void whatNobodyAskedForIsDropped() {
        final Swarm swarm = swarm(100);
        swarm.scheduler.addHolder("a");
        swarm.scheduler.next(Long.MAX_VALUE, 0);
        final FetchWork.Ask<String> ask = swarm.scheduler.next(Long.MAX_VALUE, 0);
        assertNotNull(ask);
        final Bytes data = Bytes.of(new byte[100]);

        assertFalse(swarm.scheduler.onChunk("a", new Chunk(77, 0, 0, data), 0));
        assertFalse(swarm.scheduler.onChunk("b", new Chunk(ask.request(), 0, 0, data), 0));
        assertFalse(swarm.scheduler.onChunk("a", new Chunk(1, 0, 0, data), 0), "that was a request for hashes");
        assertTrue(swarm.scheduler.onChunk("a", new Chunk(ask.request(), 0, 0, data), 0));
        assertFalse(swarm.scheduler.onChunk("a", new Chunk(ask.request(), 0, 0, data), 0), "not the next bytes");
        assertEquals(400, swarm.scheduler.dropped());
        assertNotNull(swarm.scheduler.pollStop());
    }

    @Test
    void whoTalksNonsenseThreeTimesIsNotAskedAgain() {
        final Swarm swarm = swarm(100);
        final Bytes data = Bytes.of(new byte[100]);
        swarm.scheduler.addHolder("a");
        for (int i = 1; i <= HolderState.MAX_STRIKES; i++) {
            assertFalse(swarm.scheduler.isBanned("a"));
            FetchWork.Ask<String> ask = swarm.scheduler.next(Long.MAX_VALUE, 0);
            if (ask != null && ask.hashes()) {
                ask = swarm.scheduler.next(Long.MAX_VALUE, 0);
            }
            assertNotNull(ask);
            assertFalse(swarm.scheduler.onChunk("a", new Chunk(ask.request(), ask.first() + 1, 0, data), 0));
        }
        assertTrue(swarm.scheduler.isBanned("a"));
        assertFalse(swarm.scheduler.addHolder("a"));
        assertNull(swarm.scheduler.next(Long.MAX_VALUE, 0));
        assertEquals(0, swarm.scheduler.inFlight());
    }

    @Test
    void bytesThatNobodyGoesOnWithAreCountedAsDropped() {
        final Swarm swarm = swarm(100);
        swarm.scheduler.addHolder("a");
        assertNotNull(swarm.scheduler.next(Long.MAX_VALUE, 0));
        final FetchWork.Ask<String> first = swarm.scheduler.next(Long.MAX_VALUE, 0);
        assertNotNull(first);
        assertTrue(swarm.scheduler.onChunk("a", new Chunk(first.request(), 0, 0, Bytes.of(new byte[100])), 0));
        swarm.scheduler.removeHolder("a", 0);
        assertEquals(0, swarm.scheduler.dropped(), "it may go on with it");
        assertEquals(100, swarm.scheduler.inFlight());
        swarm.scheduler.handleTimeout(SchedulerLimits.DEFAULT.blockTimeoutNanos());
        assertEquals(100, swarm.scheduler.dropped());
        assertEquals(0, swarm.scheduler.inFlight());
    }

    @Test
    void theBudgetOfTheEngineIsKept() {
        final Swarm swarm = swarm(100);
        swarm.scheduler.addHolder("a");
        final FetchWork.Ask<String> hashes = swarm.scheduler.next(0, 0);
        assertNotNull(hashes);
        assertTrue(hashes.hashes());
        assertNull(swarm.scheduler.next(BLOCK - 1, 0));
        assertNotNull(swarm.scheduler.next(BLOCK, 0));
    }
}
