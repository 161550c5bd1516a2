package dev.cutlass.engine.file;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.Manifest;
import dev.cutlass.file.tree.Root;
import dev.cutlass.spi.FileSource;
import dev.cutlass.store.file.HeldTree;
import dev.cutlass.store.file.PlacesBook;
import dev.cutlass.store.file.SafeFolder;
import dev.cutlass.store.file.SourceFile;
import dev.cutlass.store.file.StoreException;
import dev.cutlass.store.file.TreeCache;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A folder that a peer may fetch: its manifest, and where the file of each root is. Built by hashing all of it, and then
 * used with the lock of files.
 */
final class HeldFolder {
    /** A manifest is held in memory while it is offered: some 300,000 files. */
    static final int MAX_MANIFEST = 32 << 20;

    /** Of all that are offered together, with their indices: peers may ask for folders, and must not fill memory with that. */
    private static final long MAX_MEMORY = 64 << 20;

    /** What the index takes for a file, beside the manifest. */
    private static final int INDEX_BYTES = Long.BYTES + Integer.BYTES;

    private static final int MAX_OPEN = 8;

    private final OpenFiles files;
    private final SafeFolder folder;
    private final AtomicLong memory;
    private final AtomicLong weight = new AtomicLong();
    private final Map<Root, HeldFile> open = new LinkedHashMap<>(MAX_OPEN, 0.75f, true);
    private final byte[] list;

    /** First parts of the roots of the files, in order, and where in the manifest each is. */
    private final long[] keys;

    private final int[] offsets;
    private final HeldFile manifest;
    private final long entries;
    private final long total;

    private HeldFolder(Builder built, byte[] list, HeldFile manifest) {
        this.files = built.opened;
        this.folder = built.folder;
        this.memory = built.memory;
        this.weight.set(built.weight);
        this.list = list;
        this.manifest = manifest;
        this.entries = built.entries;
        this.total = built.total;
        this.keys = new long[built.files.size()];
        this.offsets = new int[built.files.size()];
        built.files.sort(Comparator.comparingLong(Place::key));
        for (int i = 0; i < keys.length; i++) {
            keys[i] = built.files.get(i).key();
            offsets[i] = built.files.get(i).offset();
        }
    }

    /**
     * Hashes all files of a folder, or finds their trees from earlier. Takes as long as reading it.
     *
     * @param memory what all that are held take together
     */
    static HeldFolder build(
            OpenFiles files, Path path, AtomicLong memory, BooleanSupplier isCancelled, LongConsumer hashed)
            throws StoreException {
        final Builder builder = new Builder(files, SafeFolder.of(path, false), memory, isCancelled, hashed);
        boolean built = false;
        try {
            builder.add(Manifest.start());
            builder.walk("");
            final byte[] list = builder.manifest.toByteArray();
            final SourceFile source = SourceFile.of(FileSource.of(list));
            final HeldTree tree = files.trees().hash(source, null, isCancelled, bytes -> {});
            built = true;
            return new HeldFolder(builder, list, HeldFile.of(files, source, tree, () -> source, null));
        } finally {
            if (!built) {
                memory.addAndGet(-builder.weight);
            }
        }
    }

    private record Place(long key, int offset) {}

    /** Makes the manifest. One thread. */
    private static final class Builder {
        final OpenFiles opened;
        final TreeCache trees;
        final SafeFolder folder;
        final AtomicLong memory;
        final BooleanSupplier isCancelled;
        final LongConsumer hashed;
        final ByteArrayOutputStream manifest = new ByteArrayOutputStream();
        final List<Place> files = new ArrayList<>();
        long entries;
        long total;
        long weight;

        Builder(
                OpenFiles opened,
                SafeFolder folder,
                AtomicLong memory,
                BooleanSupplier isCancelled,
                LongConsumer hashed) {
            this.opened = opened;
            this.trees = opened.trees();
            this.folder = folder;
            this.memory = memory;
            this.isCancelled = isCancelled;
            this.hashed = hashed;
        }

        /** In the order of the bytes of the whole names, as the manifest has them: a folder's files are where its name with a slash is. */
        void walk(String under) throws StoreException {
            for (SafeFolder.Entry entry : folder.list(under)) {
                if (isCancelled.getAsBoolean()) {
                    throw new StoreException(TransferFailure.CANCELLED, "no longer wanted");
                }
                if (!entry.folder()) {
                    addFile(entry);
                } else if (folder.list(entry.name()).isEmpty()) {
                    add(new Manifest.Entry(true, 0, entry.modified(), new Root(0, 0, 0, 0), entry.name()));
                } else {
                    walk(entry.name());
                }
            }
        }

        private void addFile(SafeFolder.Entry entry) throws StoreException {
            try (SourceFile source = folder.source(entry.name())) {
                final String key = key(folder, entry.name());
                final HeldTree known = trees.find(key, source.stamp().toString());
                final long before = total;
                try (HeldTree tree = known != null && known.shape().length() == source.length()
                        ? known
                        : trees.hash(source, key, isCancelled, bytes -> hashed.accept(before + bytes))) {
                    files.add(new Place(tree.root().a(), manifest.size()));
                    total += source.length();
                    hashed.accept(total);
                    add(new Manifest.Entry(false, source.length(), entry.modified(), tree.root(), entry.name()));
                }
            }
        }

        private void add(Manifest.Entry entry) throws StoreException {
            entries++;
            add(Manifest.encode(entry));
        }

        private void add(byte[] bytes) throws StoreException {
            final long more = (long) bytes.length + INDEX_BYTES;
            weight += more;
            final boolean isFull = memory.addAndGet(more) > MAX_MEMORY;
            manifest.writeBytes(bytes);
            if (manifest.size() > MAX_MANIFEST || entries > Manifest.MAX_ENTRIES) {
                throw new StoreException(TransferFailure.TOO_LARGE, "too many files for one folder; send parts of it");
            }
            if (isFull) {
                throw new StoreException(
                        TransferFailure.BUSY, "too many large folders are on offer; try again when some are done");
            }
        }
    }

    private static String key(SafeFolder folder, String name) {
        return PlacesBook.text(folder.path().resolve(name));
    }

    HeldFile manifest() {
        return manifest;
    }

    long entries() {
        return entries;
    }

    long total() {
        return total;
    }

    private Manifest.@Nullable Entry entry(Root root) {
        int at = Arrays.binarySearch(keys, root.a());
        while (at > 0 && keys[at - 1] == root.a()) {
            at--;
        }
        for (; at >= 0 && at < keys.length && keys[at] == root.a(); at++) {
            final Manifest.Entry entry = Manifest.entryAt(list, offsets[at]);
            if (entry.root().equals(root)) {
                return entry;
            }
        }
        return null;
    }

    boolean has(Root root) {
        return manifest.root().equals(root) || open.containsKey(root) || entry(root) != null;
    }

    /** The file of a root, or the manifest; null: neither. Under the lock of files. Afterwards {@link #evict}. */
    @Nullable
    HeldFile find(Root root) {
        if (manifest.root().equals(root)) {
            return manifest;
        }
        final HeldFile known = open.get(root);
        if (known != null) {
            return known;
        }
        final Manifest.Entry file = entry(root);
        if (file == null) {
            return null;
        }
        final String name = file.name();
        final HeldFile fresh = new HeldFile(files, root, file.length(), () -> folder.source(name), key(folder, name));
        open.put(root, fresh);
        return fresh;
    }

    /** One that was not asked for lately, to be closed without the lock; null: there are not too many. */
    @Nullable
    HeldFile evict() {
        if (open.size() <= MAX_OPEN) {
            return null;
        }
        final Root eldest = open.keySet().iterator().next();
        return open.remove(eldest);
    }

    /** All that are open, to be closed without the lock. It is not held any more. */
    List<HeldFile> closeAll() {
        memory.addAndGet(-weight.getAndSet(0));
        final List<HeldFile> all = new ArrayList<>(open.values());
        all.add(manifest);
        open.clear();
        return all;
    }
}
