package dev.cutlass.cables.queue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A disk, as far as a node needs one: each change is whole or not there, and lasts when the method returns. Tests have one that ends the
 * world between two changes. Any thread.
 */
public interface Volume {
    /**
     * A whole file; {@code null} if there is none.
     *
     * @throws IOException also if it is longer than {@code maxLength}
     */
    byte @Nullable [] read(Path file, int maxLength) throws IOException;

    /** When a file was last written; {@code null} if there is none. */
    @Nullable
    Instant modified(Path file) throws IOException;

    /** Creates a file or puts another content in its place. */
    void write(Path file, byte[] content) throws IOException;

    /**
     * Creates files in a directory or puts other contents in their place. They last when this returns; a crash before may leave any of them, each whole.
     *
     * @param contents by name
     */
    void writeAll(Path directory, Map<String, byte[]> contents) throws IOException;

    /**
     * Creates an empty file.
     *
     * @return false if there is something with this name
     */
    boolean create(Path file) throws IOException;

    /** Whether there is a file without content. */
    boolean isEmpty(Path file) throws IOException;

    /** Writes at the end of a file, which is created if there is none; a crash may leave a part of it. */
    void append(Path file, byte[] content) throws IOException;

    /** Moves a file or directory within this disk; a file in its place goes. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes a file or an empty directory; nothing if there is none. */
    void delete(Path path) throws IOException;

    /** Deletes a directory with the files in it; nothing if there is none. A crash before this returns may leave the directory with any of them. */
    void deleteAll(Path directory) throws IOException;

    /** Creates a directory for the owner alone, with its parents; nothing if it is there. */
    void createDirectory(Path directory) throws IOException;

    /** Names of what is in a directory; empty if there is none. */
    Set<String> names(Path directory) throws IOException;
}
