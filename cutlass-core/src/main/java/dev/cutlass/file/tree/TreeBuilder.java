package dev.cutlass.file.tree;

import dev.cutlass.crypto.primitive.Hash;
import java.io.IOException;
import java.util.Arrays;

/** Makes the tree of a file, leaf by leaf, from the first to the last. Holds one chapter in memory, 32 KiB, whatever the size of the file. One thread at a time. */
public final class TreeBuilder {
    private final TreeShape shape;
    private final HashStore store;
    private final TreeHasher hasher = new TreeHasher();
    private final byte[] chapter = new byte[TreeShape.CHAPTER * Hash.LENGTH];
    private int inChapter;
    private long leaves;

    /** Begins; the store is filled on the way and at the end. */
    public TreeBuilder(TreeShape shape, HashStore store) {
        this.shape = shape;
        this.store = store;
    }

    /** Blocks so far. */
    public long blocks() {
        return leaves;
    }

    /** Hashes the next block and adds its leaf. */
    public void addBlock(byte[] block, int offset, int length) throws IOException {
        if (leaves >= shape.blocks() || length != shape.blockLength(leaves)) {
            throw new IllegalStateException("block " + leaves + " of " + length + " bytes does not fit " + shape);
        }
        System.arraycopy(hasher.leaf(block, offset, length), 0, chapter, inChapter * Hash.LENGTH, Hash.LENGTH);
        leaves++;
        inChapter++;
        if (inChapter == TreeShape.CHAPTER || leaves == shape.blocks()) {
            endChapter();
        }
    }

    private void endChapter() throws IOException {
        store.write(leaves - inChapter, chapter, 0, inChapter);
        if (shape.chapters() > 1) {
            store.write(shape.blocks() + TreeShape.chapterOf(leaves - 1), hasher.top(chapter.clone(), inChapter), 0, 1);
            inChapter = 0;
        } // else: the only chapter, which finish needs once more
    }

    /**
     * Makes the layers above the chapters.
     *
     * @return the root of the file
     * @throws IllegalStateException if blocks are missing
     */
    public Root finish() throws IOException {
        if (leaves != shape.blocks()) {
            throw new IllegalStateException(leaves + " of " + shape.blocks() + " blocks");
        }
        if (leaves == 0) {
            return Root.ofTree(0, TreeHasher.emptyTree());
        }
        if (shape.chapters() == 1) {
            return Root.ofTree(shape.length(), hasher.top(chapter.clone(), inChapter));
        }
        long layer = shape.blocks();
        for (long nodes = shape.chapters(); nodes > 1; nodes = TreeShape.parents(nodes)) {
            raise(layer, nodes);
            layer += nodes;
        }
        store.read(layer, chapter, 0, 1);
        return Root.ofTree(shape.length(), Arrays.copyOf(chapter, Hash.LENGTH));
    }

    /** Reads a layer in parts and writes the one above it behind it. */
    private void raise(long layer, long nodes) throws IOException {
        for (long at = 0; at < nodes; at += TreeShape.CHAPTER) {
            final int count = (int) Math.min(TreeShape.CHAPTER, nodes - at);
            store.read(layer + at, chapter, 0, count);
            store.write(layer + nodes + at / 2, chapter, 0, hasher.raise(chapter, count));
        }
    }
}
