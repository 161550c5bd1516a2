package dev.cutlass.cables.mailbox;

import dev.cutlass.cables.queue.Book;
import dev.cutlass.cables.queue.Volume;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Puts each mail into a folder once, whatever crash comes between and whatever the user does to the folder before the next attempt.
 *
 * <ol>
 *   <li>The mail is written, whole, into a directory of ours beside the folder's mail.
 *   <li>A book says: this key is prepared, and where it is going.
 *   <li>The mail is renamed to where it is going.
 * </ol>
 *
 * A key that is in the book and whose prepared mail is gone was renamed, so it is in the folder or was there; one that is not in the book never was. To look into the folder alone would not do: the user may have deleted or refiled the
 * mail while the node was down.
 */
final class Prepared {
    /** Mail programs take it for none of their folders: it has no cur, new and tmp in it, and MH lists names that are numbers. */
    static final String DIRECTORY = "cutlass.prepared";

    /** Each takes some 200 bytes of memory. Only those of messages that are still in a queue are needed. */
    private static final int MAX_ENTRIES = 100_000;

    private final Volume volume;
    private final Path folder;
    private final Path directory;
    private final Book book;

    private Prepared(Volume volume, Path folder, Book book) {
        this.volume = volume;
        this.folder = folder;
        this.directory = folder.resolve(DIRECTORY);
        this.book = book;
    }

    static Prepared open(Volume volume, Path folder, Path journal) throws IOException {
        return new Prepared(volume, folder, Book.open(volume, journal, MAX_ENTRIES));
    }

    /** Makes the directory, and with it the folder. */
    void create() throws IOException {
        volume.createDirectory(directory);
    }

    /** Our directory in it tells a folder from the empty place where its volume is mounted at other times. */
    void demandFolder() throws IOException {
        if (!volume.names(folder).contains(DIRECTORY)) {
            throw new IOException(folder + " is not there just now (it has no " + DIRECTORY + ")");
        }
    }

    /** Where a mail is or was going; {@code null} if it is not known yet. */
    @Nullable
    String target(String key) {
        return book.get(key);
    }

    /** Whether a mail is in the folder, or was. */
    boolean isDone(String key) throws IOException {
        return book.get(key) != null && !isWritten(key);
    }

    /** Whether the first step is done and the last is not. */
    boolean isWritten(String key) throws IOException {
        return volume.names(directory).contains(key);
    }

    /** The first step. */
    void write(String key, byte[] mail) throws IOException {
        volume.write(directory.resolve(key), mail);
    }

    /** The second. */
    void aim(String key, String target) throws IOException {
        book.put(key, target);
    }

    /** The last. */
    void moveTo(String key, Path target) throws IOException {
        volume.rename(directory.resolve(key), target);
    }

    /** A prepared mail that is not wanted any more. */
    void drop(String key) throws IOException {
        volume.delete(directory.resolve(key));
    }
}
