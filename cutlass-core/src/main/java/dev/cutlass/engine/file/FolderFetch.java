package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.GapTree;
import dev.cutlass.file.JournalRecord;
import dev.cutlass.file.Manifest;
import dev.cutlass.file.ManifestSums;
import dev.cutlass.file.SchedulerLimits;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.store.file.PartialFile;
import dev.cutlass.store.file.StoreException;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The files of a folder whose manifest is there: some at once, from the first on. docs/files.md section 5. What ends in {@code Locked} is called with the lock of files; the rest runs on the strand of its transfer. */
final class FolderFetch {
    /** Files of a folder that are under way at once. */
    static final int AT_ONCE = 8;

    /** A file that is under way. */
    private record Child(long index, Manifest.Entry entry, PartialFile part, Fetch fetch) {}

    private final Turns turns;
    private final FilesContext context;
    private final Downloads downloads;
    private final Endings endings;
    private final DownloadJob job;
    private final Offer offer;
    private final PartialFile part;

    // On the strand:
    private final Map<Long, PartialFile> recovered = new HashMap<>();
    private Manifest.@Nullable Reader reader;
    private String name = "";
    private long nextIndex;
    private boolean ended;

    // Under the lock:
    private final Map<Fetch, Child> children = new LinkedHashMap<>();
    private int active;
    private long presentOfDone;
    private long done;
    private boolean closed;

    FolderFetch(
            FilesContext context,
            Downloads downloads,
            Endings endings,
            DownloadJob job,
            Offer offer,
            PartialFile part,
            List<PartialFile> left) {
        this.context = context;
        this.turns = context.turns;
        this.downloads = downloads;
        this.endings = endings;
        this.job = job;
        this.offer = offer;
        this.part = part;
        for (PartialFile child : left) {
            recovered.put(child.head().entry(), child);
        }
    }

    long presentLocked() {
        long present = presentOfDone;
        for (Fetch fetch : children.keySet()) {
            present += fetch.presentLocked();
        }
        return present;
    }

    long doneLocked() {
        return done;
    }

    void forEachLocked(Consumer<Fetch> each) {
        List.copyOf(children.keySet()).forEach(each);
    }

    /** Reads the manifest once to see that it is sound, and then begins. */
    void start() {
        try {
            final GapTree missing = part.state().entryGaps();
            final ManifestSums sums = ManifestSums.of(new Manifest.Reader(part::read), missing, offer);
            if (sums == null) {
                fail(new StoreException(TransferFailure.BAD_NAME, "the list of the folder is malformed"));
                return;
            }
            name = part.claimFolder(offer.name());
            reader = new Manifest.Reader(part::read);
            final long before = sums.present();
            final long entriesDone = offer.files() - missing.missing();
            turns.step(now -> {
                presentOfDone = before;
                done = entriesDone;
                job.machine.onPresent(presentLocked(), now);
            });
            fill();
            context.turns.step(now -> {
                job.machine.onPresent(presentLocked(), now);
                downloads.refreshLocked(job, now);
            });
        } catch (IOException e) {
            fail(e);
        }
    }

    private void fail(IOException e) {
        turns.step(now -> endings.failLocked(job, Fetch.failureOf(e), String.valueOf(e.getMessage()), now));
    }

    /** Begins files until there are enough under way. */
    private void fill() {
        try {
            while (!ended && takePlace()) {
                if (!beginNext()) {
                    turns.step(now -> active--);
                }
            }
            final boolean[] isOver = new boolean[1];
            turns.step(now -> isOver[0] = ended && active == 0 && !closed);
            if (isOver[0]) {
                turns.step(now -> job.machine.onAllThere());
                endings.received(job, Optional.of(path()), part::forget);
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    private boolean takePlace() {
        final boolean[] taken = new boolean[1];
        turns.step(now -> {
            taken[0] = active < AT_ONCE && !closed;
            active += taken[0] ? 1 : 0;
        });
        return taken[0];
    }

    /** False if there was nothing to fetch for the next entry, or there is none. */
    private boolean beginNext() throws IOException {
        final Manifest.Reader entries = reader;
        final Manifest.Entry entry = entries == null ? null : entries.next();
        if (entry == null) {
            ended = true;
            releaseRecovered(true); // of entries that are none
            return false;
        }
        final long index = nextIndex++;
        final PartialFile before = recovered.remove(index);
        if (!part.state().entryGaps().isMissing(index)) {
            if (before != null) {
                endings.release(before, true); // a crash came before it was removed
            }
            return false;
        }
        if (entry.folder()) {
            part.folder().target().makeFolder(name + "/" + entry.name());
            part.noteEntries(index, index + 1);
            turns.step(now -> doneLocked(0, now));
            return false;
        }
        final PartialFile child =
                before == null ? part.folder().create(context.engine.randomId(), head(index, entry)) : before;
        if (child.isNamed()) { // a crash came between its name and our note
            entryDone(index, entry, child);
            return false;
        }
        turns.step(now -> beginLocked(index, entry, child, before != null, now));
        return true;
    }

    private JournalRecord.Head head(long index, Manifest.Entry entry) {
        final Id128 parent = Id128.of(HexFormat.of().parseHex(part.id()), 0);
        return new JournalRecord.Head(
                false,
                false,
                offer.id(),
                part.head().peer(),
                entry.root(),
                entry.length(),
                1,
                entry.length(),
                entry.modified(),
                context.engine.wallMillis(),
                entry.name(),
                parent,
                index);
    }

    private void beginLocked(long index, Manifest.Entry entry, PartialFile child, boolean isOld, long now) {
        final Fetch fetch = downloads.newFetchLocked(
                job,
                new PartTarget(child),
                entry.root(),
                new TreeShape(entry.length()),
                child.state().gaps().copy(),
                false,
                isOld);
        children.put(fetch, new Child(index, entry, child, fetch));
        if (closed) {
            fetch.closeLocked(now);
            downloads.forgetLocked(fetch);
            return;
        }
        for (PeerId holder : job.holders.keySet()) {
            fetch.addHolderLocked(holder, now);
        }
        fetch.pumpLocked(now);
    }

    /** All blocks of one of its files are there. False if it is none of its. */
    boolean allThereLocked(Fetch fetch) {
        final Child child = children.get(fetch);
        if (child == null) {
            return false;
        }
        fetch.onStrandLocked(
                () -> {
                    child.part().finish(name + "/" + child.entry().name());
                    entryDone(child.index(), child.entry(), child.part());
                },
                () -> {
                    turns.step(now -> {
                        children.remove(fetch);
                        downloads.forgetLocked(fetch);
                        active--;
                        job.machine.onPresent(presentLocked(), now);
                        downloads.refreshLocked(job, now);
                    });
                    fill();
                });
        return true;
    }

    private void entryDone(long index, Manifest.Entry entry, PartialFile child) throws IOException {
        part.noteEntries(index, index + 1);
        child.forget();
        turns.step(now -> {
            doneLocked(entry.length(), now);
            children.keySet().removeIf(fetch -> fetch.target() instanceof PartTarget target && target.part() == child);
        });
    }

    private void doneLocked(long length, long now) {
        done++;
        presentOfDone += length;
        job.machine.onMoved(now);
    }

    /** No more of it. */
    void closeLocked(long now) {
        closed = true;
        children.keySet().forEach(fetch -> fetch.closeLocked(now));
    }

    /** On the strand: parts go, or stay for another time. */
    void release(boolean discard) {
        final @Nullable List<?>[] left = new @Nullable List<?>[1];
        turns.step(now -> {
            left[0] = List.copyOf(children.values());
            children.clear();
        });
        for (Object each : left[0] == null ? List.of() : left[0]) {
            if (each instanceof Child child) {
                endings.release(child.part(), discard);
            }
        }
        releaseRecovered(discard);
    }

    private void releaseRecovered(boolean discard) {
        recovered.values().forEach(child -> endings.release(child, discard));
        recovered.clear();
    }

    private Path path() {
        return part.folder().target().path().resolve(name);
    }

    static SchedulerLimits limits(boolean inOrder) {
        return inOrder ? SchedulerLimits.DEFAULT.ordered() : SchedulerLimits.DEFAULT;
    }
}
