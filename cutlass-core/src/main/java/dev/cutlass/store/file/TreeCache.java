package dev.cutlass.store.file;

import dev.cutlass.crypto.file.PrivateFiles;
import dev.cutlass.crypto.primitive.Hash;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.tree.HashStore;
import dev.cutlass.file.tree.HeapHashStore;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeBuilder;
import dev.cutlass.file.tree.TreeShape;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The trees of files that we have, so that nothing is hashed twice: a file each, named after its root. docs/files.md section 7.4. The least recently used go when there are too many. Trees of a single block are not kept: they are made faster than
 * read.
 *
 * <p>Any thread; blocks. One object for a folder.
 */
public final class TreeCache implements Closeable {
    /** Of all trees together: those of 2 TiB. */
    static final long MAX_TREES_BYTES = 1L << 30;

    /** Each costs some 200 bytes of memory. */
    static final int MAX_TREES = 10_000;

    private static final String NEW_SUFFIX = ".new";

    /**
     * A tree on disk.
     *
     * @param bytes of its file
     * @param used a number that grows with each use
     */
    private record Known(TreeHeader header, long bytes, AtomicLong used) {}

    private final Path folder;
    private final boolean isTemporary;
    private final long maxBytes;
    private final Map<Root, Known> trees = new ConcurrentHashMap<>();
    private final Map<String, Root> byKey = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong uses = new AtomicLong();
    private final AtomicLong made = new AtomicLong();

    private TreeCache(Path folder, boolean isTemporary, long maxBytes) {
        this.folder = folder;
        this.isTemporary = isTemporary;
        this.maxBytes = maxBytes;
    }

    /** Opens the trees in a folder, which is made if it is missing. What is damaged there is removed. */
    public static TreeCache open(Path folder) throws StoreException {
        return open(folder, MAX_TREES_BYTES);
    }

    static TreeCache open(Path folder, long maxBytes) throws StoreException {
        final TreeCache cache = new TreeCache(folder, false, maxBytes);
        try {
            PrivateFiles.createDirectory(folder);
            cache.readAll();
            return cache;
        } catch (IOException e) {
            throw StoreException.reading("cannot read the trees in " + folder, e);
        }
    }

    /** Trees that go with {@link #close}. */
    public static TreeCache temporary() throws StoreException {
        try {
            return new TreeCache(Files.createTempDirectory("cutlass-trees"), true, MAX_TREES_BYTES);
        } catch (IOException e) {
            throw StoreException.writing("cannot make a temporary folder", e);
        }
    }

    private void readAll() throws IOException {
        record Found(TreeHeader header, long length, long modified) {}
        final List<Found> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                final TreeHeader header = readHeader(file);
                if (header == null
                        || !String.valueOf(file.getFileName())
                                .equals(header.root().toString())) {
                    Files.deleteIfExists(file);
                } else {
                    found.add(new Found(
                            header,
                            Files.size(file),
                            Files.getLastModifiedTime(file).toMillis()));
                }
            }
        }
        found.sort(Comparator.comparingLong(Found::modified));
        found.forEach(each -> know(each.header(), each.length()));
        evict();
    }

    private static @Nullable TreeHeader readHeader(Path file) throws IOException {
        if (!Files.isRegularFile(file) || String.valueOf(file.getFileName()).endsWith(NEW_SUFFIX)) {
            return null;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            final ByteBuffer header = ByteBuffer.allocate(TreeHeader.LENGTH);
            int count;
            do {
                count = channel.read(header);
            } while (count > 0);
            final TreeHeader read = header.hasRemaining() ? null : TreeHeader.decode(header.array());
            return read != null
                            && channel.size()
                                    == TreeHeader.LENGTH + read.shape().storedBytes()
                    ? read
                    : null;
        }
    }

    private void know(TreeHeader header, long length) {
        final Known before =
                trees.put(header.root(), new Known(header, length, new AtomicLong(uses.incrementAndGet())));
        bytes.addAndGet(length - (before == null ? 0 : before.bytes()));
        if (before != null) {
            byKey.remove(before.header().key(), header.root());
        }
        byKey.put(header.key(), header.root());
    }

    private void evict() throws IOException {
        while (bytes.get() > maxBytes || trees.size() > MAX_TREES) {
            final Known oldest = trees.values().stream()
                    .min(Comparator.comparingLong(known -> known.used().get()))
                    .orElse(null);
            if (oldest == null) {
                return;
            }
            remove(oldest);
        }
    }

    private void remove(Known known) throws IOException {
        final Root root = known.header().root();
        if (trees.remove(root, known)) {
            byKey.remove(known.header().key(), root);
            bytes.addAndGet(-known.bytes());
            Files.deleteIfExists(folder.resolve(root.toString()));
        }
    }

    /** Bytes of all trees on disk. */
    long bytes() {
        return bytes.get();
    }

    /**
     * The tree of a file that was hashed earlier.
     *
     * @param key as it was given to {@link #hash}
     * @param stamp text of {@link SourceFile#stamp}
     * @return null if there is none, or it is that of another version
     */
    public @Nullable HeldTree find(String key, String stamp) throws StoreException {
        final Root root = byKey.get(key);
        final Known known = root == null ? null : trees.get(root);
        return known != null
                        && known.header().key().equals(key)
                        && known.header().stamp().equals(stamp)
                ? open(known)
                : null;
    }

    /** The tree of a root; null if there is none. */
    public @Nullable HeldTree find(Root root) throws StoreException {
        final Known known = trees.get(root);
        return known == null ? null : open(known);
    }

    private @Nullable HeldTree open(Known known) throws StoreException {
        final TreeHeader header = known.header();
        known.used().set(uses.incrementAndGet());
        try {
            final Path file = folder.resolve(header.root().toString());
            if (Files.notExists(file)) {
                remove(known);
                return null;
            }
            final FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            boolean opened = false;
            try {
                TreeHeader.touch(channel); // so that the next start knows which were used last, without a clock of ours
                final HeldTree tree =
                        new HeldTree(header.root(), header.shape(), new FileHashStore(channel, TreeHeader.LENGTH));
                opened = true;
                return tree;
            } finally {
                if (!opened) {
                    channel.close();
                }
            }
        } catch (IOException e) {
            throw StoreException.reading("cannot read the tree of " + header.root(), e);
        }
    }

    /** Removes a tree that turned out to be damaged. */
    public void drop(Root root) throws StoreException {
        final Known known = trees.get(root);
        if (known != null) {
            try {
                remove(known);
            } catch (IOException e) {
                throw StoreException.writing("cannot remove the tree of " + root, e);
            }
        }
    }

    /**
     * Hashes a source, and keeps the tree. Takes as long as reading it.
     *
     * @param key whose the tree is, to find it again: {@link PlacesBook#text} of a path; null: it need not be found
     * @param isCancelled asked once a block
     * @param hashed is told how many bytes have been hashed, once a block
     * @throws StoreException {@link TransferFailure#CANCELLED}, {@link TransferFailure#CHANGED}, {@link TransferFailure#READ_FAILED}; {@link TransferFailure#WRITE_FAILED} and {@link TransferFailure#NO_SPACE} are
     *     those of the disk on which trees are
     */
    public HeldTree hash(SourceFile source, @Nullable String key, BooleanSupplier isCancelled, LongConsumer hashed)
            throws StoreException {
        final TreeShape shape = source.shape();
        if (shape.chapters() <= 1) {
            final HeapHashStore store = new HeapHashStore(shape);
            final Root root = build(source, store, isCancelled, hashed);
            if (key != null && shape.blocks() > 1) {
                final byte[] all = new byte[Math.toIntExact(shape.storedBytes())];
                store.read(0, all, 0, all.length / Hash.LENGTH);
                keep(new TreeHeader(root, shape, key, source.stamp().toString()), all);
            }
            return new HeldTree(root, shape, store);
        }
        final Path file = fresh();
        FileHashStore store = null;
        boolean done = false;
        try {
            store = new FileHashStore(PrivateFiles.createFresh(file), TreeHeader.LENGTH);
            final Root root = build(source, store, isCancelled, hashed);
            final String own = key == null ? root.toString() : key;
            finish(
                    file,
                    store.channel(),
                    new TreeHeader(root, shape, own, source.stamp().toString()));
            done = true;
            return new HeldTree(root, shape, store);
        } catch (IOException e) {
            throw StoreException.writing("cannot keep a tree in " + folder, e);
        } finally {
            if (!done) {
                giveUp(file, store);
            }
        }
    }

    private Path fresh() {
        return folder.resolve(made.incrementAndGet() + NEW_SUFFIX);
    }

    private static void giveUp(Path file, @Nullable FileHashStore store) throws StoreException {
        try {
            if (store != null) {
                store.close();
            }
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw StoreException.writing("cannot remove " + file, e);
        }
    }

    private static Root build(SourceFile source, HashStore store, BooleanSupplier isCancelled, LongConsumer hashed)
            throws StoreException {
        final TreeShape shape = source.shape();
        final TreeBuilder builder = new TreeBuilder(shape, store);
        final byte[] block = new byte[TreeShape.BLOCK];
        try {
            for (long i = 0; i < shape.blocks(); i++) {
                if (isCancelled.getAsBoolean()) {
                    throw new StoreException(TransferFailure.CANCELLED, "hashing was cancelled");
                }
                final int length = shape.blockLength(i);
                source.read(shape.position(i), ByteBuffer.wrap(block, 0, length));
                builder.addBlock(block, 0, length);
                hashed.accept(shape.bytes(0, i + 1));
            }
            final Root root = builder.finish();
            source.check();
            return root;
        } catch (IOException e) {
            throw StoreException.writing("cannot write a tree", e);
        }
    }

    private void keep(TreeHeader header, byte[] hashes) throws StoreException {
        final Path file = fresh();
        FileHashStore store = null;
        boolean done = false;
        try {
            store = new FileHashStore(PrivateFiles.createFresh(file), TreeHeader.LENGTH);
            store.write(0, hashes, 0, hashes.length / Hash.LENGTH);
            finish(file, store.channel(), header);
            store.close();
            done = true;
        } catch (IOException e) {
            throw StoreException.writing("cannot keep a tree in " + folder, e);
        } finally {
            if (!done) {
                giveUp(file, store);
            }
        }
    }

    private void finish(Path file, FileChannel channel, TreeHeader header) throws IOException {
        channel.position(0);
        PrivateFiles.writeFully(channel, ByteBuffer.wrap(header.encode()));
        channel.force(true);
        PrivateFiles.moveInto(file, folder.resolve(header.root().toString()));
        know(header, channel.size());
        evict();
    }

    /** Removes temporary trees. Those of a home folder stay. */
    @Override
    public void close() throws StoreException {
        if (isTemporary) {
            try {
                for (Known known : trees.values()) {
                    remove(known);
                }
                Files.deleteIfExists(folder);
            } catch (IOException e) {
                throw StoreException.writing("cannot remove " + folder, e);
            }
        }
    }
}
