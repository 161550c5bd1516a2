package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.GapTree;
import dev.cutlass.file.JournalRecord;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.store.file.PartialFile;
import dev.cutlass.store.file.PartialFolder;
import dev.cutlass.store.file.SafeFolder;
import dev.cutlass.store.file.StoreException;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What comes gets a part on the disk, is filled, and gets its name. What ends in {@code Locked} is called with the lock of files; the rest runs on the strand of the transfer. */
final class Filling implements DownloadJob.Course {
    private final FilesContext context;
    private final Turns turns;
    private final Downloads downloads;
    private final Endings endings;

    Filling(FilesContext context, Downloads downloads, Endings endings) {
        this.context = context;
        this.turns = context.turns;
        this.downloads = downloads;
        this.endings = endings;
    }

    /** It is its turn. */
    void beginLocked(DownloadJob job, long now) {
        turns.wakeByLocked(job.machine.nextDeadline());
        if (job.main != null) {
            job.forEachFetch(fetch -> {
                for (PeerId holder : job.holders.keySet()) {
                    if (!fetch.hasHolderLocked(holder)) {
                        fetch.addHolderLocked(holder, now);
                    }
                }
                fetch.pumpLocked(now);
            });
        } else if (!job.opening) {
            job.opening = true;
            openLocked(job, now);
        }
    }

    private void openLocked(DownloadJob job, long now) {
        final Offer offer = job.offer;
        final Path folder = job.folder;
        final SinkTarget sink = job.sink;
        if (offer == null) {
            return;
        }
        if (sink != null) {
            final TreeShape shape = new TreeShape(offer.length());
            sink.begin(shape);
            openedLocked(job, offer, sink, GapTree.all(shape.blocks()), sink.isInOrder(), now);
            return;
        }
        if (folder == null) {
            throw new AssertionError("accepted without a place: " + job.entry.id());
        }
        turns.laterLocked(() -> context.books.run(() -> {
            try {
                context.home.places().add(folder);
            } catch (StoreException e) {
                context.log("a folder will not be looked into after a restart", e);
            }
            job.strand.run(() -> open(job, offer, folder));
        }));
    }

    private void open(DownloadJob job, Offer offer, Path folder) {
        if (job.givenUp) {
            return;
        }
        try {
            final PartialFolder parts = new PartialFolder(SafeFolder.of(folder, true));
            final KeptPart kept = isKept(offer) ? KeptPart.find(parts, offer, context) : null;
            if (kept == null) {
                final BlockTarget target = new PartTarget(parts.create(context.engine.randomId(), head(job, offer)));
                final GapTree gaps = GapTree.all(new TreeShape(offer.length()).blocks());
                turns.step(now -> openedLocked(job, offer, target, gaps, false, now));
            } else {
                turns.step(now -> {
                    job.left(kept.children());
                    final PartialFile part = kept.part();
                    openedLocked(
                            job,
                            offer,
                            new PartTarget(part),
                            part.state().gaps().copy(),
                            false,
                            now);
                });
            }
        } catch (StoreException e) {
            turns.step(now -> endings.failLocked(job, e.failure(), String.valueOf(e.getMessage()), now));
        }
    }

    private boolean isKept(Offer offer) {
        final boolean[] kept = new boolean[1];
        turns.step(now -> kept[0] = downloads.takeKeptLocked(offer.root()));
        return kept[0];
    }

    private JournalRecord.Head head(DownloadJob job, Offer offer) {
        return new JournalRecord.Head(
                offer.folder(),
                context.config.replace(),
                offer.id(),
                job.peer(),
                offer.root(),
                offer.length(),
                offer.files(),
                offer.total(),
                offer.modified(),
                context.engine.wallMillis(),
                offer.name(),
                Id128.ZERO,
                0);
    }

    private void openedLocked(
            DownloadJob job, Offer offer, BlockTarget target, GapTree gaps, boolean inOrder, long now) {
        job.opening = false;
        final TreeShape shape = new TreeShape(offer.length());
        final boolean isBegun = gaps.missing() < shape.blocks();
        final Fetch fetch = downloads.newFetchLocked(job, target, offer.root(), shape, gaps, inOrder, isBegun);
        job.main = fetch;
        job.machine.onPresent(job.present(), now);
        if (job.givenUp) {
            fetch.closeLocked(now);
            downloads.forgetLocked(fetch);
            endings.releaseLocked(job, !isBegun);
            return;
        }
        beginLocked(job, now);
    }

    /** A part of an earlier run is there already. */
    void resumeLocked(DownloadJob job, PartialFile part, long now) {
        final Fetch fetch = downloads.newFetchLocked(
                job,
                new PartTarget(part),
                part.head().root(),
                part.shape(),
                part.state().gaps().copy(),
                false,
                true);
        job.main = fetch;
        job.machine.onPresent(job.present(), now);
        fetch.pumpLocked(now);
    }

    @Override
    public void allThereLocked(DownloadJob job, Fetch fetch, long now) {
        final FolderFetch entries = job.entries;
        if (entries != null && entries.allThereLocked(fetch)) {
            return;
        }
        final Offer offer = job.offer;
        if (fetch != job.main || offer == null) {
            return;
        }
        if (offer.folder()) {
            if (entries == null && fetch.target() instanceof PartTarget target) {
                final FolderFetch begun =
                        new FolderFetch(context, downloads, endings, job, offer, target.part(), job.takeLeft());
                job.entries = begun;
                turns.laterLocked(() -> job.strand.run(begun::start));
            }
            return;
        }
        job.machine.onAllThere();
        downloads.refreshLocked(job, now);
        fetch.onStrandLocked(() -> finish(job, fetch, offer), () -> {});
    }

    private void finish(DownloadJob job, Fetch fetch, Offer offer) throws IOException {
        final BlockTarget target = fetch.target();
        final boolean isDamaged = context.config.verifyAtEnd() && target.verifyAll() > 0;
        if (job.cancelled) {
            turns.step(now -> endings.failLocked(job, TransferFailure.CANCELLED, "", now));
            return;
        }
        if (isDamaged && target instanceof PartTarget part) {
            final GapTree gaps = part.part().state().gaps().copy();
            turns.step(now -> againLocked(job, fetch, offer, gaps, now));
            return;
        }
        final Optional<Path> path = target.finish(offer.name());
        endings.received(job, path, target::forget);
    }

    /** Something was damaged on the disk: it comes once more. */
    private void againLocked(DownloadJob job, Fetch fetch, Offer offer, GapTree gaps, long now) {
        if (!job.givenUp) {
            fetch.closeLocked(now);
            downloads.forgetLocked(fetch);
            job.machine.onNotAllThere(now);
            job.main = downloads.newFetchLocked(
                    job, fetch.target(), offer.root(), new TreeShape(offer.length()), gaps, false, true);
            downloads.placesLocked();
        }
    }

    @Override
    public void failedLocked(DownloadJob job, TransferFailure why, String text, long now) {
        endings.failLocked(job, why, text, now);
    }
}
