package dev.cutlass.store.file;

import dev.cutlass.crypto.primitive.Hash;
import dev.cutlass.file.tree.HashStore;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeBuilder;
import dev.cutlass.file.tree.TreeShape;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The root of a whole file, without keeping its leaves: 64 bytes of memory for 64 MiB. */
final class WholeHash {
    private WholeHash() {}

    /** Whether a file has this length and root. Reads all of it. */
    static boolean isOf(Root root, TreeShape shape, Disk.OpenFile file) throws IOException {
        if (file.length() != shape.length()) {
            return false;
        }
        final TreeBuilder builder = new TreeBuilder(shape, new TopStore(shape));
        final byte[] block = new byte[TreeShape.BLOCK];
        for (long i = 0; i < shape.blocks(); i++) {
            final int length = shape.blockLength(i);
            if (file.read(shape.position(i), ByteBuffer.wrap(block, 0, length)) != length) {
                return false;
            }
            builder.addBlock(block, 0, length);
        }
        return builder.finish().equals(root);
    }

    /** Keeps the layers from the chapters up, and drops the leaves, which nobody reads again here. */
    private static final class TopStore implements HashStore {
        private final long leaves;
        private final byte[] hashes;

        TopStore(TreeShape shape) {
            leaves = shape.blocks();
            hashes = new byte[Math.toIntExact((shape.storedHashes() - leaves) * Hash.LENGTH)];
        }

        @Override
        public void write(long index, byte[] from, int offset, int count) {
            if (index >= leaves) {
                System.arraycopy(from, offset, hashes, place(index), count * Hash.LENGTH);
            }
        }

        @Override
        public void read(long index, byte[] into, int offset, int count) {
            System.arraycopy(hashes, place(index), into, offset, count * Hash.LENGTH);
        }

        private int place(long index) {
            return Math.toIntExact((index - leaves) * Hash.LENGTH);
        }
    }
}
