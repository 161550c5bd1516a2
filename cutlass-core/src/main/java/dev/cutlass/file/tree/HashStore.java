package dev.cutlass.file.tree;

import java.io.IOException;

/** Where the hashes of a tree lie: {@link TreeShape#storedHashes} places of 32 bytes. One thread at a time. */
public interface HashStore {
    /**
     * Writes hashes.
     *
     * @param index of the first one
     * @param hashes 32 bytes each, from {@code offset} on
     * @param count how many
     */
    void write(long index, byte[] hashes, int offset, int count) throws IOException;

    /**
     * Reads hashes that were written.
     *
     * @throws IOException also if they are not there
     */
    void read(long index, byte[] into, int offset, int count) throws IOException;
}
