package dev.cutlass.engine.file;

import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TransferState;
import dev.cutlass.file.Download;
import dev.cutlass.file.JournalRecord;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.store.file.PartialFile;
import dev.cutlass.wire.Id128;
import java.util.List;

/** What comes, as a whole: what somebody here wants of it, what is due, what earlier runs left. Under the lock of files. */
final class Incoming {
    final Downloads downloads;
    final HolderSearch holders;
    final Admission admission;
    private final FilesContext context;
    private final Turns turns;
    final Endings endings;
    private final Filling filling;

    Incoming(FilesContext context, TransferList list, long now) {
        this.context = context;
        this.turns = context.turns;
        this.downloads = new Downloads(context, list, now);
        this.endings = new Endings(context, downloads);
        this.filling = new Filling(context, downloads, endings);
        this.holders = new HolderSearch(context, downloads, endings);
        this.admission = new Admission(context, downloads, endings, filling, holders);
        turns.settle(new Places(context, downloads, filling)::settleLocked);
    }

    // -- what somebody here wants; false: none of these

    boolean pauseLocked(Id128 id, boolean pause, long now) {
        final DownloadJob job = downloads.jobLocked(id);
        if (job == null) {
            return false;
        }
        if (pause) {
            job.machine.pause(now);
            job.forEachFetch(fetch -> fetch.haltLocked(now));
        } else {
            job.machine.resume(now);
        }
        final Fetch main = job.main;
        if (main != null) {
            main.onStrandLocked(() -> main.target().notePaused(pause), () -> {});
        }
        downloads.sayAllLocked(job);
        downloads.placesLocked();
        downloads.refreshLocked(job, now);
        return true;
    }

    boolean cancelLocked(Id128 id, long now) {
        final DownloadJob job = downloads.jobLocked(id);
        if (job == null) {
            return false;
        }
        if (job.machine.state() == TransferState.FINISHING) {
            job.cancelled = true; // looked at before it gets its name; afterwards it is too late
        } else {
            endings.failLocked(job, TransferFailure.CANCELLED, "", now);
        }
        return true;
    }

    boolean limitLocked(Id128 id, long perSecond, long now) {
        final DownloadJob job = downloads.jobLocked(id);
        if (job == null) {
            return false;
        }
        job.limit.limit(perSecond, now);
        job.forEachFetch(fetch -> fetch.pumpLocked(now));
        return true;
    }

    void priorityLocked(Id128 id, int priority) {
        final DownloadJob job = downloads.jobLocked(id);
        if (job != null) {
            job.priority = priority;
            downloads.placesLocked();
        }
    }

    // -- after a restart

    /** A part of an earlier run, and if it is a folder's, parts of its files. */
    void recoverLocked(PartialFile part, List<PartialFile> left, long now) {
        final JournalRecord.Head head = part.head();
        if (context.isClosed() || downloads.jobLocked(head.id()) != null) {
            turns.laterLocked(() -> {
                endings.release(part, false);
                left.forEach(child -> endings.release(child, false));
            });
            return;
        }
        final Download machine = Download.recovered(
                new Download.From(head.peer(), head.id()), part.state().isPaused(), now);
        final DownloadJob job = downloads.newJobLocked(filling, machine, head.peer(), head.id(), head.name(), now);
        job.folder = part.folder().target().path();
        job.left(left);
        job.offer = new Offer(
                head.id(),
                head.folder(),
                false,
                head.root(),
                head.length(),
                head.files(),
                head.total(),
                head.modified(),
                head.name());
        filling.resumeLocked(job, part, now);
        context.noticeLocked(
                job.peer(),
                new CutlassEvent.FileAccepted(
                        job.peer(), context.nickLocked(job.peer()), job.entry.id(), job.entry.name(), false));
        holders.findAgainLocked(head.root(), part.state().holders());
        downloads.refreshLocked(job, now);
    }

    // -- time

    void timeoutLocked(boolean isSyncDue, long now) {
        for (DownloadJob job : downloads.allLocked()) {
            final boolean wasDeciding = job.machine.isDeciding();
            job.machine.handleTimeout(now);
            if (job.machine.isOver()) {
                endings.expiredLocked(job, wasDeciding ? "nobody decided" : "nothing moved", now);
                continue;
            }
            downloads.sayAllLocked(job);
            turns.wakeByLocked(job.machine.nextDeadline());
            job.forEachFetch(fetch -> {
                fetch.timeoutLocked(now);
                if (isSyncDue && job.machine.isRunning()) {
                    fetch.onStrandLocked(() -> fetch.target().sync(), () -> {});
                }
            });
            if (job.machine.isRunning()) {
                downloads.refreshLocked(job, now);
            }
        }
    }

    boolean isMovingLocked() {
        return downloads.allLocked().stream().anyMatch(job -> job.machine.isRunning());
    }

    // -- the end

    List<Strand> strandsLocked() {
        return downloads.allLocked().stream().map(job -> job.strand).toList();
    }

    /** Everything is given back; with {@code quietly}, as if this process had died. */
    void closeLocked(boolean quietly, long now) {
        for (DownloadJob job : downloads.allLocked()) {
            if (quietly) {
                endings.abandonLocked(job, now);
            } else {
                endings.failLocked(job, TransferFailure.CLOSED, "", now);
            }
        }
    }
}
