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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A folder that a peer may fetch: its manifest, and where the file of each root is. Built by hashing all of it; then of any thread that has the lock of files. */
final class HeldFolder {
    /** A manifest is held in memory while it is offered: some 300,000 files. */
    static final int MAX_MANIFEST = 32 << 20;

    private static final int MAX_OPEN = 8;

    private record File(String name, long length) {}

    private final TreeCache trees;
    private final SafeFolder folder;
    private final Map<Root, File> files = new HashMap<>();
    private final Map<Root, HeldFile> open = new LinkedHashMap<>(MAX_OPEN, 0.75f, true);
    private final ByteArrayOutputStream manifest = new ByteArrayOutputStream();
    private long entries;
    private long total;
    private @Nullable HeldFile held;

    private HeldFolder(TreeCache trees, SafeFolder folder) {
        this.trees = trees;
        this.folder = folder;
    }

    /** Hashes all files of a folder, or finds their trees from earlier. Takes as long as reading it. */
    static HeldFolder build(TreeCache trees, Path path, BooleanSupplier isCancelled, LongConsumer hashed)
            throws StoreException {
        final HeldFolder built = new HeldFolder(trees, SafeFolder.of(path, false));
        built.manifest.writeBytes(Manifest.start());
        built.walk("", isCancelled, hashed);
        final byte[] list = built.manifest.toByteArray();
        final SourceFile source = SourceFile.of(FileSource.of(list));
        built.held = HeldFile.of(trees, source, trees.hash(source, null, isCancelled, bytes -> {}), () -> source, null);
        return built;
    }

    /** In the order of the bytes of the whole names, as the manifest has them: a folder's files are where its name with a slash is. */
    private void walk(String under, BooleanSupplier isCancelled, LongConsumer hashed) throws StoreException {
        for (SafeFolder.Entry entry : folder.list(under)) {
            if (isCancelled.getAsBoolean()) {
                throw new StoreException(TransferFailure.CANCELLED, "no longer wanted");
            }
            if (!entry.folder()) {
                addFile(entry, isCancelled, hashed);
            } else if (folder.list(entry.name()).isEmpty()) {
                add(new Manifest.Entry(true, 0, entry.modified(), new Root(0, 0, 0, 0), entry.name()));
            } else {
                walk(entry.name(), isCancelled, hashed);
            }
        }
    }

    private void addFile(SafeFolder.Entry entry, BooleanSupplier isCancelled, LongConsumer hashed)
            throws StoreException {
        try (SourceFile source = folder.source(entry.name())) {
            final String key = key(entry.name());
            final HeldTree known = trees.find(key, source.stamp().toString());
            final long before = total;
            try (HeldTree tree = known != null && known.shape().length() == source.length()
                    ? known
                    : trees.hash(source, key, isCancelled, bytes -> hashed.accept(before + bytes))) {
                files.put(tree.root(), new File(entry.name(), source.length()));
                total += source.length();
                hashed.accept(total);
                add(new Manifest.Entry(false, source.length(), entry.modified(), tree.root(), entry.name()));
            }
        }
    }

    private String key(String name) {
        return PlacesBook.text(folder.path().resolve(name));
    }

    private void add(Manifest.Entry entry) throws StoreException {
        manifest.writeBytes(Manifest.encode(entry));
        entries++;
        if (manifest.size() > MAX_MANIFEST || entries > Manifest.MAX_ENTRIES) {
            throw new StoreException(TransferFailure.TOO_LARGE, "too many files for one folder");
        }
    }

    HeldFile manifest() {
        final HeldFile built = held;
        if (built == null) {
            throw new IllegalStateException("not built");
        }
        return built;
    }

    long entries() {
        return entries;
    }

    long total() {
        return total;
    }

    /** The file of a root, or the manifest; null: neither. Under the lock of files. */
    @Nullable
    HeldFile find(Root root) {
        if (manifest().root().equals(root)) {
            return manifest();
        }
        final File file = files.get(root);
        if (file == null) {
            return null;
        }
        final HeldFile known = open.get(root);
        if (known != null) {
            return known;
        }
        final HeldFile fresh =
                new HeldFile(trees, root, file.length(), () -> folder.source(file.name()), key(file.name()));
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

    /** All that are open, to be closed without the lock. */
    Iterable<HeldFile> closeAll() {
        final List<HeldFile> all = new ArrayList<>(open.values());
        all.add(manifest());
        open.clear();
        return all;
    }
}
