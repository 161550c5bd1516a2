package dev.cutlass.engine.file;

import dev.cutlass.engine.LockRank;
import dev.cutlass.engine.RankedLock;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.tree.ChapterHashes;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeHasher;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.store.file.HeldTree;
import dev.cutlass.store.file.SourceFile;
import dev.cutlass.store.file.StoreException;
import dev.cutlass.store.file.TreeCache;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A content that peers may fetch. Opened when somebody does, and hashed then if its tree is not there any more. Any thread; blocks, under a lock of its own that nothing else is held with. */
final class HeldFile {
    /** Opens the source. */
    interface Opener {
        SourceFile open() throws StoreException;
    }

    private final RankedLock lock = new RankedLock(LockRank.SOURCE);
    private final OpenFiles files;
    private final Root root;
    private final TreeShape shape;
    private final Opener opener;
    private final @Nullable String key;
    private @Nullable SourceFile source;
    private @Nullable HeldTree tree;

    /** @param key under which its tree is found; null: it has none */
    HeldFile(OpenFiles files, Root root, long length, Opener opener, @Nullable String key) {
        this.files = files;
        this.root = root;
        this.shape = new TreeShape(length);
        this.opener = opener;
        this.key = key;
    }

    /** With all that is open already. */
    static HeldFile of(OpenFiles files, SourceFile source, HeldTree tree, Opener opener, @Nullable String key) {
        final HeldFile held = new HeldFile(files, tree.root(), source.length(), opener, key);
        held.source = source;
        held.tree = tree;
        held.used();
        return held;
    }

    Root root() {
        return root;
    }

    TreeShape shape() {
        return shape;
    }

    private SourceFile source() throws StoreException {
        SourceFile open = source;
        if (open == null) {
            open = opener.open();
            source = open;
            if (open.length() != shape.length()) {
                throw new StoreException(TransferFailure.CHANGED, "the source is not what was offered any more");
            }
        }
        return open;
    }

    private HeldTree tree() throws StoreException {
        HeldTree open = tree;
        if (open == null) {
            open = hashed(files.trees(), source(), key);
            tree = open;
            if (!open.root().equals(root)) {
                throw new StoreException(TransferFailure.CHANGED, "the source is not what was offered any more");
            }
        }
        return open;
    }

    /** The tree of a source: that of earlier, or made now. */
    static HeldTree hashed(TreeCache trees, SourceFile source, @Nullable String key) throws StoreException {
        final HeldTree known =
                key == null ? null : trees.find(key, source.stamp().toString());
        return known != null && known.shape().length() == source.length()
                ? known
                : trees.hash(source, key, () -> false, bytes -> {});
    }

    /** Those whose hashes are kept under a key can be closed and opened again at little cost; others would be hashed again. */
    private void used() {
        if (key != null) {
            files.onUsed(this);
        }
    }

    byte[] read(long block, int offset, int length) throws StoreException {
        lock.lock();
        try {
            final ByteBuffer into = ByteBuffer.allocate(length);
            source().read(shape.position(block) + offset, into);
            return into.array();
        } finally {
            lock.unlock();
            used();
        }
    }

    ChapterHashes chapter(long chapter) throws StoreException {
        lock.lock();
        try {
            return tree().chapter(chapter);
        } finally {
            lock.unlock();
            used();
        }
    }

    /** Whether a block is still what it was. */
    boolean isGood(long block) throws StoreException {
        lock.lock();
        try {
            final byte[] data = source().readBlock(block);
            return Arrays.equals(tree().leaf(block), new TreeHasher().leaf(data, 0, data.length));
        } finally {
            lock.unlock();
            used();
        }
    }

    /** What comes later opens it again. */
    void close() {
        files.onClosed(this);
        lock.lock();
        try {
            final SourceFile open = source;
            final HeldTree hashes = tree;
            source = null;
            tree = null;
            if (open != null) {
                open.close();
            }
            if (hashes != null) {
                hashes.close();
            }
        } catch (StoreException e) {
            return; // it was only read
        } finally {
            lock.unlock();
        }
    }
}
