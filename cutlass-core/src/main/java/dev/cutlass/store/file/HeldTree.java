package dev.cutlass.store.file;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.tree.ChapterHashes;
import dev.cutlass.file.tree.HashStore;
import dev.cutlass.file.tree.HashTree;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeShape;
import java.io.Closeable;
import java.io.IOException;

/** The tree of a file that we have, as {@link TreeCache} gives it. It may lie on the disk, so it is verified again before anybody hears of it. One thread at a time. */
public final class HeldTree implements Closeable {
    private final Root root;
    private final HashTree tree;
    private final HashStore store;

    HeldTree(Root root, TreeShape shape, HashStore store) {
        this.root = root;
        this.tree = new HashTree(shape, store);
        this.store = store;
    }

    public Root root() {
        return root;
    }

    public TreeShape shape() {
        return tree.shape();
    }

    /**
     * The hashes of a chapter.
     *
     * @throws StoreException {@link TransferFailure#READ_FAILED}: the tree is damaged; {@link TreeCache#drop} it and hash again
     * @throws IllegalArgumentException if there is no such chapter
     */
    public ChapterHashes chapter(long chapter) throws StoreException {
        try {
            final ChapterHashes hashes = tree.chapter(chapter);
            if (!hashes.verifies(tree.shape(), root)) {
                throw new StoreException(TransferFailure.READ_FAILED, "the tree of " + root + " is damaged");
            }
            return hashes;
        } catch (IOException e) {
            throw StoreException.reading("cannot read the tree of " + root, e);
        }
    }

    /** The leaf of a block, not verified: to find out whether a block is still what it was. */
    public byte[] leaf(long block) throws StoreException {
        try {
            return tree.leaf(block);
        } catch (IOException e) {
            throw StoreException.reading("cannot read the tree of " + root, e);
        }
    }

    @Override
    public void close() throws StoreException {
        if (store instanceof FileHashStore file) {
            try {
                file.close();
            } catch (IOException e) {
                throw StoreException.reading("cannot close the tree of " + root, e);
            }
        }
    }
}
