package dev.cutlass.file.tree;

import dev.cutlass.crypto.primitive.Hash;
import dev.cutlass.wire.Bytes;
import java.io.IOException;

/** The tree of a file that we have: answers with the hashes of any chapter and their proof. One thread at a time, as its store. */
public final class HashTree {
    private final TreeShape shape;
    private final HashStore store;

    /** Takes what a {@link TreeBuilder} has finished. */
    public HashTree(TreeShape shape, HashStore store) {
        this.shape = shape;
        this.store = store;
    }

    public TreeShape shape() {
        return shape;
    }

    /** The leaf of a block, 32 bytes. */
    public byte[] leaf(long block) throws IOException {
        shape.blockLength(block);
        final byte[] leaf = new byte[Hash.LENGTH];
        store.read(block, leaf, 0, 1);
        return leaf;
    }

    /**
     * The hashes of a chapter.
     *
     * @throws IllegalArgumentException if there is no such chapter
     */
    public ChapterHashes chapter(long chapter) throws IOException {
        final byte[] leaves = new byte[shape.chapterBlocks(chapter) * Hash.LENGTH];
        store.read(TreeShape.firstBlock(chapter), leaves, 0, leaves.length / Hash.LENGTH);
        final byte[] proof = new byte[shape.proofLength(chapter) * Hash.LENGTH];
        int filled = 0;
        long layer = shape.blocks();
        long node = chapter;
        for (long nodes = shape.chapters(); nodes > 1; nodes = TreeShape.parents(nodes)) {
            if ((node ^ 1) < nodes) {
                store.read(layer + (node ^ 1), proof, filled, 1);
                filled += Hash.LENGTH;
            }
            layer += nodes;
            node >>= 1;
        }
        return new ChapterHashes(chapter, Bytes.of(proof), Bytes.of(leaves));
    }
}
