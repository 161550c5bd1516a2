package dev.cutlass.file.tree;

import dev.cutlass.crypto.primitive.Hash;
import dev.cutlass.wire.Bytes;

/**
 * The leaves of a chapter and what proves that they belong to a root: the siblings on the way from the chapter's node to the top, lowest first. A value as it came, which
 * {@link #verifies} or not. Any thread.
 *
 * @param chapter its number
 * @param proof hashes of 32 bytes
 * @param leaves likewise
 */
public record ChapterHashes(long chapter, Bytes proof, Bytes leaves) {
    /** How many leaves there are. */
    public int blocks() {
        return leaves.length() / Hash.LENGTH;
    }

    /** The leaf of a block of the file, which must be in this chapter. */
    public byte[] leaf(long block) {
        return leaves.slice(place(block), Hash.LENGTH).toArray();
    }

    /** Whether a block of this chapter is a whole one of zeros. */
    public boolean isZero(long block) {
        return TreeHasher.isZeroLeaf(leaf(block), 0);
    }

    private int place(long block) {
        return Math.toIntExact((block - TreeShape.firstBlock(chapter)) * Hash.LENGTH);
    }

    /** Whether all leaves are those of the file with this shape and root. Costs a hash for each leaf, half a millisecond for a full chapter. */
    public boolean verifies(TreeShape shape, Root root) {
        if (chapter < 0
                || chapter >= shape.chapters()
                || leaves.length() != shape.chapterBlocks(chapter) * Hash.LENGTH
                || proof.length() != shape.proofLength(chapter) * Hash.LENGTH) {
            return false;
        }
        final TreeHasher hasher = new TreeHasher();
        final byte[] top = hasher.top(leaves.toArray(), blocks());
        final byte[] siblings = proof.toArray();
        int used = 0;
        long node = chapter;
        for (long nodes = shape.chapters(); nodes > 1; nodes = TreeShape.parents(nodes)) {
            if ((node ^ 1) < nodes) {
                if ((node & 1) == 0) {
                    hasher.parent(top, 0, siblings, used, top, 0);
                } else {
                    hasher.parent(siblings, used, top, 0, top, 0);
                }
                used += Hash.LENGTH;
            }
            node >>= 1;
        }
        return Root.ofTree(shape.length(), top).equals(root);
    }
}
