package dev.cutlass.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TransferState;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.wire.Answer;
import dev.cutlass.file.wire.Change;
import dev.cutlass.file.wire.Done;
import dev.cutlass.file.wire.FileMessage;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.file.wire.Progress;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.wire.Id128;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What offerers and fetchers are told, whatever happens in which order. */
final class TransferMachinesTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final Id128 ID = new Id128(1, 2);
    private static final Offer OFFER = new Offer(ID, false, false, new Root(1, 2, 3, 4), 1_000, 1, 1_000, -1, "name");

    private static Download.From from() {
        return new Download.From(SomePeer.ID, ID);
    }

    /** A valid key; whose it is does not matter. */
    private static final class SomePeer {
        static final PeerId ID = peer();

        private static PeerId peer() {
            final byte[] base = new byte[PeerId.LENGTH]; // the base point of Ed25519: RFC 8032 section 5.1
            Arrays.fill(base, (byte) 0x66);
            base[0] = 0x58;
            final PeerId read = PeerId.parseWire(base);
            if (read == null) {
                throw new AssertionError("the base point is a key");
            }
            return read;
        }
    }

    private static List<FileMessage> said(Download download) {
        final List<FileMessage> all = new ArrayList<>();
        for (Download.Say say = download.poll(); say != null; say = download.poll()) {
            all.add(say.message());
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void aDownloadEndsOnceAndSaysSoOnceWhateverHappens(long seed) {
        Seeds.run(seed, s -> {
            final SplittableRandom random = new SplittableRandom(s);
            final Download download = random.nextBoolean()
                    ? Download.offered(from(), 0)
                    : Download.recovered(from(), random.nextBoolean(), 0);
            long now = 0;
            int ends = 0;
            boolean over = false;
            for (int step = 0; step < 200; step++) {
                now += random.nextLong(2 * SECOND);
                switch (random.nextInt(14)) {
                    case 0 -> download.accept(now);
                    case 1 -> download.start(now);
                    case 2 -> download.giveWay();
                    case 3 -> download.pause(now);
                    case 4 -> download.resume(now);
                    case 5 -> download.holderThere(random.nextBoolean(), now);
                    case 6 -> download.onPresent(random.nextLong(1_000), now);
                    case 7 -> download.handleTimeout(now);
                    case 8 -> download.heldBack(random.nextBoolean(), now);
                    case 9 -> {
                        if (random.nextInt(20) == 0) {
                            download.onAllThere();
                        }
                    }
                    case 10 -> {
                        if (random.nextInt(40) == 0) {
                            download.fail(TransferFailure.CANCELLED);
                        }
                    }
                    case 11 -> {
                        if (download.state() == TransferState.FINISHING) {
                            download.onNamed();
                        }
                    }
                    default -> assertTrue(download.nextDeadline() >= 0);
                }
                for (FileMessage message : said(download)) {
                    assertFalse(over, "something was said after the end");
                    final boolean isEnd = message instanceof Done
                            || (message instanceof Answer answer && answer.code() != TransferFailure.NONE);
                    ends += isEnd ? 1 : 0;
                }
                over = download.isOver();
                assertEquals(over ? 1 : 0, ends);
            }
        });
    }

    @Test
    void whoOffersAgainWhatIsCompleteHearsThatAtOnce() {
        final Download download = Download.offered(from(), 0);
        download.accept(0);
        download.onAllThere();
        download.onNamed();
        assertEquals(List.of(new Answer(ID, 0, 0), new Done(ID, 0)), said(download));
        download.onOffer(from());
        assertEquals(List.of(new Done(ID, 0)), said(download));
    }

    @Test
    void whoMakesTooManyOffersOfOneContentHasToWaitUntilItIsRestarted() {
        final Download download = Download.offered(from(), 0);
        download.accept(0);
        for (int i = 1; i < Offers.MAX_OF_PEER; i++) {
            download.onOffer(new Download.From(SomePeer.ID, new Id128(i, 0)));
        }
        final Id128 further = new Id128(0, 7);
        said(download);
        download.onOffer(new Download.From(SomePeer.ID, further));
        assertEquals(List.of(new Answer(further, TransferFailure.BUSY.code(), 0)), said(download));
        download.onRestarted(SomePeer.ID);
        download.onOffer(from());
        download.onOffer(new Download.From(SomePeer.ID, further));
        assertEquals(List.of(new Answer(ID, 0, 0), new Answer(further, 0, 0)), said(download));
        download.onAllThere();
        download.onNamed();
        final List<FileMessage> ends = said(download);
        assertEquals(Offers.MAX_OF_PEER, ends.size());
        assertTrue(ends.contains(new Done(ID, 0)), "made again after the restart");
        assertTrue(ends.contains(new Done(further, 0)), "the newest");
        assertFalse(ends.contains(new Done(new Id128(1, 0), 0)), "the oldest of the earlier run made room");
    }

    @Test
    void anOfferThatNobodyDecidesExpires() {
        final Download download = Download.offered(from(), 5);
        assertEquals(5 + Download.DECISION_NANOS, download.nextDeadline());
        download.handleTimeout(4 + Download.DECISION_NANOS);
        assertFalse(download.isOver());
        download.handleTimeout(5 + Download.DECISION_NANOS);
        assertEquals(TransferFailure.EXPIRED, download.failure());
    }

    @Test
    void whatDoesNotMoveWhileAHolderIsThereIsGivenUpWithAReason() {
        final Download download = Download.offered(from(), 0);
        download.accept(0);
        download.start(0);
        download.handleTimeout(Download.STUCK_NANOS * 3);
        assertEquals(TransferState.AWAY, download.state());
        final long there = Download.STUCK_NANOS * 3;
        download.holderThere(true, there);
        download.onPresent(7, there + SECOND);
        download.handleTimeout(there + SECOND + Download.STUCK_NANOS - 1);
        assertEquals(TransferState.RUNNING, download.state());
        download.handleTimeout(there + SECOND + Download.STUCK_NANOS);
        assertEquals(TransferFailure.EXPIRED, download.failure());
    }

    @Test
    void progressIsToldAtMostOnceASecondAndOnlyIfThereIsSome() {
        final Download download = Download.recovered(from(), false, 0);
        download.holderThere(true, 0);
        download.start(0);
        int told = 0;
        for (int tenths = 0; tenths < 100; tenths++) {
            final long now = tenths * SECOND / 10;
            download.onPresent(Math.min(50, tenths), now);
            download.handleTimeout(now);
            told += said(download).stream().anyMatch(Progress.class::isInstance) ? 1 : 0;
        }
        assertTrue(told >= 5 && told <= 6, () -> "not about 5");
    }

    @Test
    void anUploadIsOfferedAgainUntilItIsDoneAndThenNoMore() {
        final Upload upload = Upload.pushed(ID, 0);
        assertNull(upload.poll());
        upload.onHashed(OFFER);
        upload.offerNow(0);
        assertEquals(OFFER, upload.poll());
        upload.renew();
        assertEquals(OFFER, upload.poll());
        assertTrue(upload.onAnswer(new Answer(ID, 0, 10), 0));
        assertFalse(upload.onAnswer(new Answer(ID, 0, 20), 0));
        assertEquals(20, upload.present());
        upload.peerThere(true, 0);
        upload.pause();
        assertEquals(new Change(ID, Change.PAUSED, 0), upload.poll());
        assertEquals(TransferState.PAUSED, upload.state());
        assertFalse(upload.isServing());
        upload.renew();
        assertEquals(OFFER, upload.poll());
        assertEquals(new Change(ID, Change.PAUSED, 0), upload.poll());
        upload.resume();
        assertEquals(new Change(ID, Change.GOES_ON, 0), upload.poll());
        upload.onProgress(5_000, true, 0);
        assertEquals(TransferState.PAUSED, upload.state());
        assertEquals(1_000, upload.present());
        assertTrue(upload.onDone(0));
        assertFalse(upload.onDone(0));
        assertFalse(upload.fail(TransferFailure.CANCELLED));
        upload.renew();
        assertNull(upload.poll());
        assertEquals(TransferState.COMPLETE, upload.state());
    }

    @Test
    void anUploadThatIsGivenUpSaysWhyInTheWordsOfWhoBegan() {
        final Upload pushed = Upload.pushed(ID, 0);
        assertTrue(pushed.fail(TransferFailure.READ_FAILED));
        assertNull(pushed.poll());
        final Upload asked = Upload.asked(ID, 0);
        assertTrue(asked.fail(TransferFailure.DECLINED));
        assertEquals(new Answer(ID, TransferFailure.DECLINED.code(), 0), asked.poll());
        final Upload offered = Upload.asked(ID, 0);
        offered.allow();
        offered.onHashed(OFFER);
        offered.offerNow(0);
        assertEquals(OFFER, offered.poll());
        assertTrue(offered.fail(TransferFailure.CHANGED));
        assertEquals(new Change(ID, Change.OVER, TransferFailure.CHANGED.code()), offered.poll());
    }

    @Test
    void anUploadWaitsForItsPlaceAndForAPeerThatIsBusy() {
        final Upload upload = Upload.pushed(ID, 0);
        upload.onHashed(OFFER);
        upload.renew();
        assertNull(upload.poll(), "nothing is said before it has a place");
        assertTrue(upload.isServing(), "but who knows it already may fetch it");
        assertTrue(upload.isWaiting(0));
        upload.offerNow(0);
        assertEquals(OFFER, upload.poll());
        assertTrue(upload.isOut());
        assertFalse(upload.onAnswer(new Answer(ID, TransferFailure.BUSY.code(), 0), 5));
        assertEquals(TransferState.QUEUED, upload.state());
        assertFalse(upload.isOut());
        assertFalse(upload.isWaiting(5 + Upload.BUSY_NANOS - 1));
        assertEquals(5 + Upload.BUSY_NANOS, upload.nextDeadline(5));
        assertTrue(upload.isWaiting(5 + Upload.BUSY_NANOS));
    }

    @Test
    void anUploadExpiresWhenNothingIsHeardOfThePeerForTooLong() {
        final Upload away = Upload.pushed(ID, 0);
        away.onHashed(OFFER);
        away.offerNow(0);
        assertEquals(Upload.SILENCE_NANOS, away.nextDeadline(0));
        away.onRequest(7);
        away.handleTimeout(Upload.SILENCE_NANOS + 6);
        assertFalse(away.isOver());
        away.handleTimeout(Upload.SILENCE_NANOS + 7);
        assertEquals(TransferFailure.EXPIRED, away.failure());
        final Upload mute = Upload.pushed(ID, 0);
        mute.peerThere(true, 0);
        mute.onHashed(OFFER);
        mute.offerNow(3);
        mute.handleTimeout(3 + Upload.ANSWER_NANOS - 1);
        assertFalse(mute.isOver());
        mute.peerThere(false, 3 + Upload.ANSWER_NANOS - 1);
        mute.peerThere(true, 3 + Upload.ANSWER_NANOS);
        mute.handleTimeout(3 + Upload.ANSWER_NANOS);
        assertFalse(mute.isOver(), "it was not there all the time");
        mute.handleTimeout(3 + 2 * Upload.ANSWER_NANOS);
        assertEquals(TransferFailure.EXPIRED, mute.failure());
        final Upload asked = Upload.asked(ID, 0);
        assertEquals(Upload.DECISION_NANOS, asked.nextDeadline(0));
        asked.handleTimeout(Upload.DECISION_NANOS);
        assertEquals(new Answer(ID, TransferFailure.EXPIRED.code(), 0), asked.poll());
        final Upload known = Upload.recovered(ID, false, -Upload.SILENCE_NANOS, 0);
        known.onHashed(OFFER);
        known.handleTimeout(0);
        assertEquals(TransferFailure.EXPIRED, known.failure(), "a restart does not make it younger");
    }

    @Test
    void whatThePeerWasToldOfInAnEarlierRunIsTakenBackWhenItIsGone() {
        final Upload known = Upload.recovered(ID, false, 0, 0);
        assertTrue(known.fail(TransferFailure.READ_FAILED));
        assertEquals(new Change(ID, Change.OVER, TransferFailure.READ_FAILED.code()), known.poll());
    }
}
