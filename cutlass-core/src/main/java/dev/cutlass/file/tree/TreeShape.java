package dev.cutlass.file.tree;

import dev.cutlass.crypto.primitive.Hash;

/**
 * How many blocks, chapters and hashes a file of some length has. The shape of the tree follows from the length alone.
 *
 * @param length bytes of the file, 0 to {@link #MAX_FILE_LENGTH}
 */
public record TreeShape(long length) {
    /** Bytes of a block, but for the last one. What a kill can cost grows with it, hashes shrink: 0.05 % of the file. */
    public static final int BLOCK = 65_536;

    /** Leaves of a chapter: what one message can carry, 64 MiB of the file. */
    public static final int CHAPTER = 1_024;

    /** 64 TiB: 2^30 blocks, 2^20 chapters. An index with 8 bytes a chapter takes 8 MiB then. */
    public static final long MAX_FILE_LENGTH = 1L << 46;

    /** Siblings on the way from a chapter to the top, at most. */
    public static final int MAX_PROOF = 20;

    /** @throws IllegalArgumentException if out of range */
    public TreeShape {
        if (!isValid(length)) {
            throw new IllegalArgumentException("length: " + length + "; allowed: 0 to " + MAX_FILE_LENGTH);
        }
    }

    /** Whether a file may be so long. */
    public static boolean isValid(long length) {
        return length >= 0 && length <= MAX_FILE_LENGTH;
    }

    /** Blocks of the file; 0 of an empty one. */
    public long blocks() {
        return ceil(length, BLOCK);
    }

    /** Chapters of the file; 0 of an empty one. */
    public long chapters() {
        return ceil(blocks(), CHAPTER);
    }

    /** Bytes of a block. */
    public int blockLength(long block) {
        checkBlock(block);
        return (int) Math.min(BLOCK, length - block * BLOCK);
    }

    /** Where in the file a block begins. */
    public long position(long block) {
        return block * BLOCK;
    }

    /** Bytes of the blocks from {@code first} to before {@code end}. */
    public long bytes(long first, long end) {
        return Math.min(length, end * BLOCK) - Math.min(length, first * BLOCK);
    }

    /** In which chapter a block is. */
    public static long chapterOf(long block) {
        return block / CHAPTER;
    }

    /** The first block of a chapter. */
    public static long firstBlock(long chapter) {
        return chapter * CHAPTER;
    }

    /** Blocks of a chapter. */
    public int chapterBlocks(long chapter) {
        checkChapter(chapter);
        return (int) Math.min(CHAPTER, blocks() - chapter * CHAPTER);
    }

    /** Siblings on the way from a chapter's node to the top: layers at which the node moves up alone have none. */
    public int proofLength(long chapter) {
        checkChapter(chapter);
        int siblings = 0;
        long node = chapter;
        for (long nodes = chapters(); nodes > 1; nodes = parents(nodes)) {
            if ((node ^ 1) < nodes) {
                siblings++;
            }
            node >>= 1;
        }
        return siblings;
    }

    /**
     * How many hashes a {@link HashStore} keeps for the file: first the leaves; then, if there are several chapters, their nodes and the layers above up to the top.
     */
    public long storedHashes() {
        long stored = blocks();
        if (chapters() > 1) {
            long nodes = chapters();
            for (; nodes > 1; nodes = parents(nodes)) {
                stored += nodes;
            }
            stored++;
        }
        return stored;
    }

    /** Bytes of them. */
    public long storedBytes() {
        return storedHashes() * Hash.LENGTH;
    }

    /** Nodes of the layer above one of {@code nodes}. */
    static long parents(long nodes) {
        return ceil(nodes, 2);
    }

    private static long ceil(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    private void checkBlock(long block) {
        if (block < 0 || block >= blocks()) {
            throw new IllegalArgumentException("block " + block + " of " + blocks());
        }
    }

    private void checkChapter(long chapter) {
        if (chapter < 0 || chapter >= chapters()) {
            throw new IllegalArgumentException("chapter " + chapter + " of " + chapters());
        }
    }
}
