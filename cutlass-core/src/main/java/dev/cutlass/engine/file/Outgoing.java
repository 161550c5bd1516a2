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
import org.jspecify.annotations.Nullable;

/** What goes, as a whole: what somebody here wants of it, what the peer says to it, what is due. Under the lock of files. */
final class Outgoing {
    final Shares shares = new Shares();
    final Uploads uploads;
    final Hashing hashing;
    final Sender sender;
    final Replies replies;
    private final FilesContext context;

    Outgoing(FilesContext context, TransferList list, long now) {
        this.context = context;
        this.uploads = new Uploads(context, list);
        this.hashing = new Hashing(context, uploads, shares);
        this.sender = new Sender(context, uploads, now);
        this.replies = new Replies(context, uploads, shares, hashing, sender);
    }

    // -- beginning

    /** Offers a file or folder. */
    TransferEntry sendLocked(PeerId to, String name, @Nullable Path path, @Nullable FileSource source, long now) {
        final Id128 id = context.engine.randomId();
        final UploadJob job = uploads.newJobLocked(Upload.pushed(id), to, name, now);
        job.path = path;
        job.source = source;
        if (!name.equals(SafeNames.single(name))) {
            uploads.failLocked(job, TransferFailure.BAD_NAME, "no name that is safe everywhere: " + name, now);
        } else {
            hashing.hashLocked(job);
        }
        return job.entry;
    }

    /** Offers of an earlier run: what is there is hashed again, or its tree found, and offered again. */
    void recoverLocked(OfferBook.Offered offered, long now) {
        final Offer offer = offered.offer();
        final Upload machine = offer.answer() ? Upload.asked(offer.id()) : Upload.pushed(offer.id());
        machine.allow();
        final UploadJob job = uploads.newJobLocked(machine, offered.peer(), offer.name(), now);
        job.path = offered.path();
        job.before = offer;
        hashing.hashLocked(job);
    }

    // -- what the peer says

    void answerLocked(PeerFiles from, Answer answer, long now) {
        final UploadJob job = uploads.jobOfLocked(from, answer.id());
        if (job == null) {
            return;
        }
        if (job.machine.onAnswer(answer)) {
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
        uploads.refreshLocked(job, now);
    }

    void progressLocked(PeerFiles from, Id128 id, long present, boolean paused, long now) {
        final UploadJob job = uploads.jobOfLocked(from, id);
        if (job != null) {
            job.machine.onProgress(present, paused);
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
        for (UploadJob job : uploads.allOfLocked(peer.id)) {
            job.machine.peerThere(true);
            if (isNewRun) {
                job.machine.renew();
                uploads.sayAllLocked(job);
            }
            uploads.refreshLocked(job, now);
        }
    }

    void disconnectedLocked(PeerFiles peer, long now) {
        for (UploadJob job : uploads.allOfLocked(peer.id)) {
            job.machine.peerThere(false);
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
            final PeerFiles peer = context.links.peerLocked(job.peer);
            final HeldFile file = job.file;
            if (file != null) {
                peer.removeAll(file.root(), pending -> uploads.refuseLocked(peer, pending.get, TransferFailure.PAUSED));
            }
        } else {
            job.machine.resume();
        }
        uploads.sayAllLocked(job);
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
        for (UploadJob job : uploads.allLocked()) {
            if (job.machine.state() == TransferState.RUNNING) {
                uploads.refreshLocked(job, now);
            }
        }
        uploads.evictLocked();
    }

    void closeLocked(long now) {
        for (UploadJob job : uploads.allLocked()) {
            uploads.failLocked(job, TransferFailure.CLOSED, "", now);
        }
    }
}
