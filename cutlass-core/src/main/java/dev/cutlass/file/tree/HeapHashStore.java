package dev.cutlass.file.tree;

import dev.cutlass.crypto.primitive.Hash;

/** The hashes of a small file, in memory: 32 KiB for 64 MiB. One thread at a time. */
public final class HeapHashStore implements HashStore {
    private final byte[] hashes;

    /** @throws ArithmeticException if the file has more than 2^26 blocks (4 TiB) */
    public HeapHashStore(TreeShape shape) {
        hashes = new byte[Math.toIntExact(shape.storedBytes())];
    }

    @Override
    public void write(long index, byte[] from, int offset, int count) {
        System.arraycopy(from, offset, hashes, Math.toIntExact(index * Hash.LENGTH), count * Hash.LENGTH);
    }

    @Override
    public void read(long index, byte[] into, int offset, int count) {
        System.arraycopy(hashes, Math.toIntExact(index * Hash.LENGTH), into, offset, count * Hash.LENGTH);
    }
}
