package dev.cutlass.store.file;

import dev.cutlass.crypto.file.PrivateFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the files of an engine leave to its next run: {@code files} in the home folder, for one engine at a time. Any thread may have it; the books in it say who may use them.
 */
public final class FilesHome implements Closeable {
    private static final String FOLDER = "files";
    private static final String TREES = "trees";
    private static final String LOCK_FILE = "lock";

    private final @Nullable FileChannel lock;
    private final OfferBook offers;
    private final ReceivedBook received;
    private final PlacesBook places;
    private final TreeCache trees;

    private FilesHome(
            @Nullable FileChannel lock, OfferBook offers, ReceivedBook received, PlacesBook places, TreeCache trees) {
        this.lock = lock;
        this.offers = offers;
        this.received = received;
        this.places = places;
        this.trees = trees;
    }

    /** What ends with the engine; trees are temporary files. */
    public static FilesHome temporary() throws StoreException {
        return new FilesHome(
                null, OfferBook.inMemory(), ReceivedBook.inMemory(), PlacesBook.inMemory(), TreeCache.temporary());
    }

    /**
     * Opens or makes it.
     *
     * @throws StoreException if it cannot be read and written, or another engine has it open
     */
    public static FilesHome open(Path home) throws StoreException {
        final Path folder = home.resolve(FOLDER);
        FileChannel lock = null;
        boolean opened = false;
        try {
            PrivateFiles.createDirectory(folder);
            lock = PrivateFiles.tryLockFor(folder.resolve(LOCK_FILE));
            if (lock == null) {
                throw new IOException("another engine uses it");
            }
            final FilesHome files = new FilesHome(
                    lock,
                    OfferBook.open(folder),
                    ReceivedBook.open(folder),
                    PlacesBook.open(folder),
                    TreeCache.open(folder.resolve(TREES)));
            opened = true;
            return files;
        } catch (IOException e) {
            throw StoreException.reading("cannot open " + folder, e);
        } finally {
            if (!opened && lock != null) {
                closeQuietly(lock);
            }
        }
    }

    private static void closeQuietly(FileChannel lock) throws StoreException {
        try {
            lock.close();
        } catch (IOException e) {
            throw StoreException.reading("cannot release the lock", e);
        }
    }

    public OfferBook offers() {
        return offers;
    }

    public ReceivedBook received() {
        return received;
    }

    public PlacesBook places() {
        return places;
    }

    public TreeCache trees() {
        return trees;
    }

    @Override
    public void close() throws StoreException {
        try (offers;
                received;
                trees) {
            if (lock != null) {
                closeQuietly(lock);
            }
        }
    }
}
