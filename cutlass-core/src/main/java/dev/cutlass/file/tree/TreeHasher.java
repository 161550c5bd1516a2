package dev.cutlass.file.tree;

import dev.cutlass.crypto.primitive.Hash;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Leaves and nodes of RFC 6962 section 2.1. One thread at a time; has a digest of its own.
 *
 * <p>Blocks of zeros are common in large files (disk images, holes), so the leaf of a whole one is known beforehand: looking at 64 KiB of zeros is many times faster than hashing them.
 */
public final class TreeHasher {
    private static final byte LEAF = 0;
    private static final byte NODE = 1;
    private static final byte[] ZEROS = new byte[TreeShape.BLOCK];
    private static final byte[] ZERO_LEAF = new TreeHasher().digestLeaf(ZEROS, 0, ZEROS.length);

    private final MessageDigest digest = Hash.SHA_256.newDigest();

    /** The hash at the top of the tree of an empty file. */
    static byte[] emptyTree() {
        return Hash.SHA_256.of();
    }

    /** The hash of a leaf, 32 bytes. */
    public byte[] leaf(byte[] block, int offset, int length) {
        return length == TreeShape.BLOCK && isZero(block, offset, length)
                ? ZERO_LEAF.clone()
                : digestLeaf(block, offset, length);
    }

    /** Whether a block has this leaf. */
    public boolean isLeafOf(byte[] leaf, byte[] block, int offset, int length) {
        return MessageDigest.isEqual(leaf, leaf(block, offset, length));
    }

    /** Whether this is the leaf of a whole block of zeros. */
    public static boolean isZeroLeaf(byte[] hashes, int offset) {
        return Arrays.equals(hashes, offset, offset + Hash.LENGTH, ZERO_LEAF, 0, Hash.LENGTH);
    }

    /** Whether all bytes are zero; at most a block. */
    public static boolean isZero(byte[] bytes, int offset, int length) {
        return Arrays.equals(bytes, offset, offset + length, ZEROS, 0, length);
    }

    /** The root of a file of one block, or of an empty one, which needs no tree. */
    public Root rootOfBlock(byte[] block, int offset, int length) {
        return Root.ofTree(length, length == 0 ? emptyTree() : leaf(block, offset, length));
    }

    private byte[] digestLeaf(byte[] block, int offset, int length) {
        digest.update(LEAF);
        digest.update(block, offset, length);
        return digest.digest();
    }

    /** Writes the parent of two nodes over {@code target}; a node may be its own place. */
    void parent(byte[] left, int leftOffset, byte[] right, int rightOffset, byte[] target, int targetOffset) {
        digest.update(NODE);
        digest.update(left, leftOffset, Hash.LENGTH);
        digest.update(right, rightOffset, Hash.LENGTH);
        try {
            digest.digest(target, targetOffset, Hash.LENGTH);
        } catch (DigestException e) {
            throw new AssertionError("32 bytes are room enough", e);
        }
    }

    /**
     * The layer above, over the layer itself.
     *
     * @return how many nodes it has
     */
    int raise(byte[] layer, int nodes) {
        for (int left = 0; left < nodes; left += 2) {
            final int from = left * Hash.LENGTH;
            final int to = from / 2;
            if (left + 1 < nodes) {
                parent(layer, from, layer, from + Hash.LENGTH, layer, to);
            } else {
                System.arraycopy(layer, from, layer, to, Hash.LENGTH);
            }
        }
        return (int) TreeShape.parents(nodes);
    }

    /** The top over some nodes, at least one; uses them up. */
    byte[] top(byte[] layer, int nodes) {
        for (int left = nodes; left > 1; ) {
            left = raise(layer, left);
        }
        return Arrays.copyOf(layer, Hash.LENGTH);
    }
}
