package dev.cutlass.engine.file;

import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.Download;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.store.file.PartialFile;
import dev.cutlass.store.file.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How what comes ends, well or not: who hears of it, and what is left on the disk. What ends in {@code Locked} is called with the lock of files. */
final class Endings {
    private final FilesContext context;
    private final Turns turns;
    private final Downloads downloads;

    Endings(FilesContext context, Downloads downloads) {
        this.context = context;
        this.turns = context.turns;
        this.downloads = downloads;
    }

    /** On the strand of a transfer that is complete, under its name, and on the disk. */
    void received(DownloadJob job, Optional<Path> path, Fetch.DiskWork forget) {
        context.books.run(() -> {
            if (job.givenUp) {
                return; // by the end of this engine: the next run finds it under its name, and says so
            }
            for (Download.From from : offersOf(job)) {
                try {
                    context.home.received().add(from.id());
                } catch (StoreException e) {
                    context.log("what was received may be offered again", e);
                }
            }
            turns.step(now -> receivedLocked(job, path, forget, now));
        });
    }

    private List<Download.From> offersOf(DownloadJob job) {
        final List<Download.From> offers = new ArrayList<>();
        turns.step(now -> offers.addAll(job.machine.offers()));
        return offers;
    }

    private void receivedLocked(DownloadJob job, Optional<Path> path, Fetch.DiskWork forget, long now) {
        final Offer offer = job.offer;
        job.machine.onNamed();
        downloads.sayAllLocked(job);
        context.noticeLocked(
                job.peer(),
                new CutlassEvent.FileReceived(
                        job.peer(),
                        context.nickLocked(job.peer()),
                        job.entry.id(),
                        job.entry.name(),
                        offer == null ? 0 : offer.total(),
                        path));
        turns.laterLocked(() -> job.strand.run(() -> forget(forget)));
        overLocked(job, path, now);
    }

    /** What is left beside a file that is complete goes. Blocks. */
    void forget(Fetch.DiskWork forget) {
        try {
            forget.run();
        } catch (IOException e) {
            context.log("something is left of a file that is complete", e);
        }
    }

    /** Refused before it was accepted. */
    void rejectLocked(DownloadJob job, TransferFailure why, long now) {
        if (job.machine.fail(why)) {
            job.entry.failed(why, "");
            downloads.sayAllLocked(job);
            noticeRejectedLocked(job, why);
            overLocked(job, Optional.empty(), now);
        }
    }

    /** Something is wrong, or not wanted any more. */
    void failLocked(DownloadJob job, TransferFailure why, String text, long now) {
        final boolean wasAccepted = job.offer != null && !job.machine.isDeciding();
        if (job.machine.fail(why)) {
            failedLocked(job, why, text, wasAccepted, now);
        }
    }

    /** It gave up by itself. */
    void expiredLocked(DownloadJob job, String text, long now) {
        final TransferFailure why = job.machine.failure();
        failedLocked(job, why == null ? TransferFailure.EXPIRED : why, text, true, now);
    }

    private void failedLocked(DownloadJob job, TransferFailure why, String text, boolean wasAccepted, long now) {
        job.givenUp = true;
        job.entry.failed(why, text);
        downloads.sayAllLocked(job);
        if (why != TransferFailure.CLOSED) { // else it goes on with the next start
            if (wasAccepted) {
                context.noticeLocked(
                        job.peer(),
                        new CutlassEvent.FileAborted(
                                job.peer(),
                                context.nickLocked(job.peer()),
                                job.entry.id(),
                                job.entry.name(),
                                false,
                                why,
                                text));
            } else {
                noticeRejectedLocked(job, why);
            }
        }
        final Offer offer = job.offer;
        if (keeps(why) && offer != null && job.main != null) {
            downloads.keptLocked(offer.root());
        }
        releaseLocked(job, !keeps(why));
        overLocked(job, Optional.empty(), now);
    }

    private void noticeRejectedLocked(DownloadJob job, TransferFailure why) {
        context.noticeLocked(
                job.peer(),
                new CutlassEvent.FileRejected(
                        job.peer(), context.nickLocked(job.peer()), job.entry.id(), job.entry.name(), false, why));
    }

    /** Whether what came is of use if it is tried again. */
    private static boolean keeps(TransferFailure why) {
        return why == TransferFailure.NO_SPACE
                || why == TransferFailure.WRITE_FAILED
                || why == TransferFailure.EXPIRED
                || why == TransferFailure.CLOSED
                || why == TransferFailure.READ_FAILED;
    }

    private void overLocked(DownloadJob job, Optional<Path> path, long now) {
        closeLocked(job, now);
        downloads.removeLocked(job, now);
        turns.laterLocked(job.entry::tellListeners);
        turns.laterLocked(
                job.machine.failure() == null ? () -> job.entry.completed(path) : job.entry::completedExceptionally);
    }

    private void closeLocked(DownloadJob job, long now) {
        job.forEachFetch(fetch -> {
            fetch.closeLocked(now);
            downloads.forgetLocked(fetch);
        });
        if (job.entries != null) {
            job.entries.closeLocked(now);
        }
    }

    /** As if this process had died: nothing is said, and all stays as it is on the disk. */
    void abandonLocked(DownloadJob job, long now) {
        job.givenUp = true;
        closeLocked(job, now);
        releaseLocked(job, false);
    }

    /** What it has on the disk is given back: for another time, or for ever. */
    void releaseLocked(DownloadJob job, boolean discard) {
        final Fetch main = job.main;
        final FolderFetch entries = job.entries;
        final SinkTarget sink = job.sink;
        final List<PartialFile> left = job.takeLeft();
        final TransferFailure why = job.machine.failure();
        turns.laterLocked(() -> job.strand.run(() -> {
            if (entries != null) {
                entries.release(discard);
            }
            left.forEach(part -> release(part, discard));
            try {
                if (main != null) {
                    release(main.target(), why, discard);
                } else if (sink != null) {
                    release(sink, why, discard);
                }
            } catch (IOException | RuntimeException e) {
                context.log("something is left of a file that was given up", e);
            }
        }));
    }

    private static void release(BlockTarget target, @Nullable TransferFailure why, boolean discard) throws IOException {
        if (target instanceof SinkTarget sink && why != null) {
            sink.failure(why);
        }
        if (discard) {
            target.discard();
        } else {
            target.close();
        }
    }

    /** A part that nobody works on goes, or stays for another time. Blocks. */
    void release(PartialFile part, boolean discard) {
        try {
            if (discard) {
                part.discard();
            } else {
                part.close();
            }
        } catch (StoreException e) {
            context.log("a part is left", e);
        }
    }
}
