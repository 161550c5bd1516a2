package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TransferState;
import dev.cutlass.file.SafeNames;
import dev.cutlass.file.Upload;
import dev.cutlass.file.wire.Answer;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.spi.FileSource;
import dev.cutlass.store.file.OfferBook;
import dev.cutlass.wire.Id128;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What goes, as a whole: what somebody here wants of it, what the peer says to it, what is due. Under the lock of files. */
final class Outgoing {
    final Shares shares = new Shares();
    final Uploads uploads;
    final Hashing hashing;
    final Sender sender;
    final Replies replies;
    private final FilesContext context;
    private final Turns turns;

    Outgoing(FilesContext context, TransferList list, long now) {
        this.context = context;
        this.turns = context.turns;
        this.uploads = new Uploads(context, list);
        this.hashing = new Hashing(context, uploads, shares);
        this.sender = new Sender(context, uploads, now);
        this.replies = new Replies(context, uploads, shares, hashing, sender);
    }

    // -- beginning

    /** Offers a file or folder. */
    TransferEntry sendLocked(PeerId to, String name, @Nullable Path path, @Nullable FileSource source, long now) {
        final Id128 id = context.engine.randomId();
        final String safe = SafeNames.single(name); // a file system may have it in another form
        final UploadJob job = uploads.newJobLocked(Upload.pushed(id, now), to, safe == null ? name : safe, now);
        job.path = path;
        job.source = source;
        if (safe == null) {
            uploads.failLocked(
                    job,
                    TransferFailure.BAD_NAME,
                    "no name that is safe everywhere; send it under another: " + name,
                    now);
        } else {
            hashing.hashLocked(job);
        }
        return job.entry;
    }

    /** Offers of an earlier run: what is there is hashed again, or its tree found, and offered again. */
    void recoverLocked(OfferBook.Offered offered, long now) {
        if (context.isClosed()) {
            return;
        }
        final Offer offer = offered.offer();
        final long silent = Math.max(0, context.engine.wallMillis() - offered.heardMillis());
        final long heardAt = now - Math.min(Upload.SILENCE_NANOS, TimeUnit.MILLISECONDS.toNanos(silent));
        final Upload machine = Upload.recovered(offer.id(), offer.answer(), heardAt, now);
        final UploadJob job = uploads.newJobLocked(machine, offered.peer(), offer.name(), now);
        job.path = offered.path();
        job.before = offer;
        job.notedMillis = offered.heardMillis();
        hashing.hashLocked(job);
    }

    // -- what the peer says

    void answerLocked(PeerFiles from, Answer answer, long now) {
        final UploadJob job = uploads.jobOfLocked(from, answer.id());
        if (job == null) {
            return;
        }
        if (job.machine.onAnswer(answer, now)) {
            final String nick = context.nickLocked(job.peer);
            final String id = job.entry.id();
            final String name = job.entry.name();
            if (job.machine.isOver()) {
                uploads.overLocked(job, now);
                context.noticeLocked(
                        job.peer,
                        new CutlassEvent.FileRejected(job.peer, nick, id, name, true, Uploads.failureOf(job)));
                return;
            }
            context.noticeLocked(job.peer, new CutlassEvent.FileAccepted(job.peer, nick, id, name, true));
        }
        uploads.offerNextLocked(job.peer, now); // it may have been busy
        uploads.refreshLocked(job, now);
    }

    void progressLocked(PeerFiles from, Id128 id, long present, boolean paused, long now) {
        final UploadJob job = uploads.jobOfLocked(from, id);
        if (job != null) {
            job.machine.onProgress(present, paused, now);
            uploads.heardLocked(job);
            uploads.refreshLocked(job, now);
        }
    }

    void doneLocked(PeerFiles from, Id128 id, long code, long now) {
        final UploadJob job = uploads.jobOfLocked(from, id);
        if (job == null || !job.machine.onDone(code)) {
            return;
        }
        uploads.overLocked(job, now);
        if (job.machine.failure() == null) {
            context.noticeLocked(
                    job.peer,
                    new CutlassEvent.FileSent(
                            job.peer,
                            context.nickLocked(job.peer),
                            job.entry.id(),
                            job.entry.name(),
                            job.machine.present()));
        } else {
            uploads.noticeAbortedLocked(job, Uploads.failureOf(job), "the other side gave up");
        }
    }

    // -- what happens to the peer

    void connectedLocked(PeerFiles peer, boolean isNewRun, long now) {
        uploads.metLocked(peer.id);
        for (UploadJob job : uploads.allOfLocked(peer.id)) {
            job.machine.peerThere(true, now);
            if (isNewRun) {
                job.machine.renew();
                uploads.sayAllLocked(job);
            }
            uploads.refreshLocked(job, now);
        }
    }

    void disconnectedLocked(PeerFiles peer, long now) {
        for (UploadJob job : uploads.allOfLocked(peer.id)) {
            job.machine.peerThere(false, now);
            uploads.refreshLocked(job, now);
        }
    }

    /** The peer does not take part. */
    void refusedLocked(PeerFiles peer, TransferFailure why, long now) {
        for (UploadJob job : uploads.allOfLocked(peer.id)) {
            if (!job.machine.isAnswer()) {
                uploads.failLocked(job, why, "", now);
            }
        }
    }

    // -- what somebody here wants; false: none of these

    boolean pauseLocked(Id128 id, boolean pause, long now) {
        final UploadJob job = uploads.jobLocked(id);
        if (job == null) {
            return false;
        }
        if (pause) {
            job.machine.pause();
            uploads.refuseAllLocked(job, TransferFailure.PAUSED);
        } else {
            job.machine.resume();
        }
        uploads.sayAllLocked(job);
        uploads.offerNextLocked(job.peer, now);
        uploads.refreshLocked(job, now);
        return true;
    }

    boolean cancelLocked(Id128 id, long now) {
        final UploadJob job = uploads.jobLocked(id);
        if (job == null) {
            return false;
        }
        uploads.failLocked(job, TransferFailure.CANCELLED, "", now);
        return true;
    }

    boolean limitLocked(Id128 id, long perSecond, long now) {
        final UploadJob job = uploads.jobLocked(id);
        if (job == null) {
            return false;
        }
        job.limit.limit(perSecond, now);
        return true;
    }

    // -- time

    void timeoutLocked(long now) {
        final Set<PeerId> waitedFor = new LinkedHashSet<>();
        for (UploadJob job : uploads.allLocked()) {
            job.machine.handleTimeout(now);
            if (job.machine.isOver()) {
                uploads.expiredLocked(job, now);
                continue;
            }
            if (job.machine.isWaiting(now)) {
                waitedFor.add(job.peer);
            }
            turns.wakeByLocked(job.machine.nextDeadline(now));
            if (job.machine.state() == TransferState.RUNNING) {
                uploads.refreshLocked(job, now);
            }
        }
        waitedFor.forEach(peer -> uploads.offerNextLocked(peer, now));
    }

    void closeLocked(long now) {
        for (UploadJob job : uploads.allLocked()) {
            uploads.failLocked(job, TransferFailure.CLOSED, "", now);
        }
    }
}
