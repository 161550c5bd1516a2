package dev.cutlass.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.wire.AckFrame;
import dev.cutlass.wire.AckRanges;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.LimitsFrame;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.PathChallengeFrame;
import dev.cutlass.wire.PingFrame;
import dev.cutlass.wire.ReceiptFrame;
import dev.cutlass.wire.Varint;
import org.junit.jupiter.api.Test;

class SentFramesTest {
    private final SentFrames.Pool pool = new SentFrames.Pool();

    @Test
    void whatWasAddedComesBackWithTheGreatestNumbersToo() {
        final SentFrames frames = pool.take();
        frames.addAck(new AckFrame(3, AckRanges.of(Varint.MAX, 7, 5, 5), 9));
        final LimitsFrame limits = new LimitsFrame(1, 2);
        frames.addOther(limits);
        final int size = MessageFrame.MAX_TOTAL - 5;
        final MessageFrame fragment =
                new MessageFrame(Varint.MAX, Varint.MAX - 1, 4, MessageFrame.MAX_TOTAL, 5, Bytes.of(new byte[size]));
        frames.addFragment(fragment, fragment.encodedLength());
        frames.addReceipt(new ReceiptFrame(1, 2, 3, Varint.MAX));

        for (int round = 0; round < 2; round++) {
            frames.rewind();
            assertTrue(frames.advance());
            assertSame(SentFrames.Kind.ACK, frames.kind());
            assertEquals(3, frames.pathId());
            assertEquals(Varint.MAX, frames.largest());
            assertTrue(frames.advance());
            assertSame(SentFrames.Kind.OTHER, frames.kind());
            assertSame(limits, frames.other());
            assertTrue(frames.advance());
            assertSame(SentFrames.Kind.FRAGMENT, frames.kind());
            assertEquals(Varint.MAX, frames.channel());
            assertEquals(Varint.MAX - 1, frames.number());
            assertEquals(4, frames.back());
            assertEquals(5, frames.offset());
            assertEquals(size, frames.dataLength());
            assertEquals(fragment.encodedLength(), frames.frameLength());
            assertTrue(frames.advance());
            assertSame(SentFrames.Kind.RECEIPT, frames.kind());
            assertEquals(new ReceiptFrame(1, 2, 3, Varint.MAX), frames.receipt());
            assertFalse(frames.advance());
        }
    }

    @Test
    void whatIsAskedAnewIsNotRemembered() {
        final SentFrames frames = pool.take();
        frames.addOther(new PingFrame(1));
        frames.addOther(new PathChallengeFrame(1));
        assertTrue(frames.isEmpty());
    }

    @Test
    void whatIsGivenBackServesAgainAndIsEmpty() {
        final SentFrames first = pool.take();
        first.addReceipt(new ReceiptFrame(1, 2, 3, 0));
        first.addOther(new LimitsFrame(1));
        pool.giveBack(first);
        final SentFrames again = pool.take();
        assertSame(first, again);
        assertTrue(again.isEmpty());
        assertFalse(again.advance());
        assertNotSame(again, pool.take());
    }
}
