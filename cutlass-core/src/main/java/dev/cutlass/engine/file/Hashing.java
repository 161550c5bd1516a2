package dev.cutlass.engine.file;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.spi.FileSource;
import dev.cutlass.store.file.HeldTree;
import dev.cutlass.store.file.PathKind;
import dev.cutlass.store.file.PlacesBook;
import dev.cutlass.store.file.SourceFile;
import dev.cutlass.store.file.StoreException;
import dev.cutlass.store.file.TreeCache;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What goes is hashed, and then offered. What ends in {@code Locked} is called with the lock of files; the rest runs on the handler executor and waits for disks. */
final class Hashing {
    /** At once: more would make each disk slower, and leave no core to anything else. */
    private static final int MAX_HASHING = 2;

    private final FilesContext context;
    private final Turns turns;
    private final Uploads uploads;
    private final Shares shares;
    private final TreeCache trees;
    private final OpenFiles files;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int hashing;

    /** What folders that are held take of the memory. */
    private final AtomicLong folders = new AtomicLong();

    Hashing(FilesContext context, Uploads uploads, Shares shares) {
        this.context = context;
        this.turns = context.turns;
        this.uploads = uploads;
        this.shares = shares;
        this.trees = context.home.trees();
        this.files = new OpenFiles(trees);
    }

    void hashLocked(UploadJob job) {
        waiting.add(() -> hash(job));
        hashNextLocked();
    }

    /** A single file that is shared is hashed at once, so that who looks for it elsewhere finds it here. */
    void hashShareLocked(String name, Path path) {
        waiting.add(() -> hashShare(name, path));
        hashNextLocked();
    }

    private void hashNextLocked() {
        while (hashing < MAX_HASHING && !waiting.isEmpty()) {
            hashing++;
            final Runnable task = waiting.remove();
            turns.laterLocked(() -> new Strand(context.executor).run(() -> {
                try {
                    task.run();
                } finally {
                    turns.step(now -> {
                        hashing--;
                        hashNextLocked();
                    });
                }
            }));
        }
    }

    private void hashShare(String name, Path path) {
        try {
            if (!PathKind.of(path).folder()) {
                final SourceFile source = SourceFile.open(path);
                final String key = PlacesBook.text(path);
                final HeldTree tree = HeldFile.hashed(trees, source, key);
                shares.noteHashed(name, HeldFile.of(files, source, tree, () -> SourceFile.open(path), key));
            }
        } catch (StoreException e) {
            context.log("what is shared cannot be read", e);
        }
    }

    private void hash(UploadJob job) {
        try {
            final Path path = job.path;
            final FileSource given = job.source;
            if (path != null) {
                final PathKind kind = PathKind.of(path);
                if (kind.folder()) {
                    hashFolder(job, path, kind);
                } else {
                    hashFile(
                            job,
                            SourceFile.open(path),
                            PlacesBook.text(path),
                            kind.modified(),
                            () -> SourceFile.open(path));
                }
            } else if (given != null) {
                final SourceFile source = SourceFile.of(given);
                hashFile(job, source, null, -1, () -> source);
            }
        } catch (StoreException e) {
            turns.step(now -> uploads.failLocked(job, e.failure(), String.valueOf(e.getMessage()), now));
        } catch (RuntimeException e) { // a source of the application may throw anything
            turns.step(
                    now -> uploads.failLocked(job, TransferFailure.READ_FAILED, String.valueOf(e.getMessage()), now));
        }
    }

    private void hashFile(UploadJob job, SourceFile source, @Nullable String key, long modified, HeldFile.Opener opener)
            throws StoreException {
        HeldTree tree = key == null ? null : trees.find(key, source.stamp().toString());
        if (tree == null || tree.shape().length() != source.length()) {
            tree = trees.hash(source, key, () -> job.over, bytes -> onHashed(job, bytes));
        }
        final HeldFile held = HeldFile.of(files, source, tree, opener, key);
        final long length = source.length();
        final Offer offer = new Offer(
                job.machine.id(),
                false,
                job.machine.isAnswer(),
                tree.root(),
                length,
                1,
                length,
                modified,
                job.entry.name());
        if (job.asked != null) {
            shares.noteHashed(job.asked, held);
        }
        turns.step(now -> job.file = held);
        if (job.over) { // meanwhile: who ended it did not know of this
            held.close();
        } else {
            offer(job, offer);
        }
    }

    private void hashFolder(UploadJob job, Path path, PathKind kind) throws StoreException {
        final HeldFolder folder = HeldFolder.build(files, path, folders, () -> job.over, bytes -> onHashed(job, bytes));
        final HeldFile manifest = folder.manifest();
        final Offer offer = new Offer(
                job.machine.id(),
                true,
                job.machine.isAnswer(),
                manifest.root(),
                manifest.shape().length(),
                folder.entries(),
                folder.total(),
                kind.modified(),
                job.entry.name());
        turns.step(now -> job.folder = folder);
        if (job.over) {
            turns.step(now -> uploads.closeLocked(folder));
        } else {
            offer(job, offer);
        }
    }

    private void onHashed(UploadJob job, long bytes) {
        turns.step(now -> {
            job.hashed = bytes;
            uploads.refreshLocked(job, now);
        });
    }

    private void offer(UploadJob job, Offer offer) {
        final Offer before = job.before;
        if (before != null && !before.root().equals(offer.root())) {
            turns.step(
                    now -> uploads.failLocked(job, TransferFailure.CHANGED, "the source is not what was offered", now));
            return;
        }
        final Path path = job.path;
        if (path != null && before == null) {
            context.books.run(() -> {
                uploads.note(job, offer);
                turns.step(now -> offeredLocked(job, offer, now));
            });
        } else {
            turns.step(now -> offeredLocked(job, offer, now));
        }
    }

    private void offeredLocked(UploadJob job, Offer offer, long now) {
        job.machine.onHashed(offer);
        uploads.offerNextLocked(job.peer, now);
        uploads.refreshLocked(job, now);
    }
}
