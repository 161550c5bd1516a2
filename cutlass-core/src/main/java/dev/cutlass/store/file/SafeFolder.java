package dev.cutlass.store.file;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.Manifest;
import dev.cutlass.file.SafeNames;
import dev.cutlass.spi.FileSource;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A folder into which files come, or from which they go, by names that strangers may have chosen. No name leads out of it: each part on the way is looked at before it is entered, and a link is not entered. docs/files.md
 * section 6. Any thread; blocks.
 */
public final class SafeFolder {
    /** The folder for what is not complete; no file of ours goes in or out of it. */
    static final String WORK = ".cutlass";

    private final Disk disk;
    private final Path path;

    private SafeFolder(Disk disk, Path path) {
        this.disk = disk;
        this.path = path;
    }

    /**
     * A folder that the application named. Links in its own path are followed, now and never again.
     *
     * @param make it is made if it is missing, with its parents
     * @throws StoreException {@link TransferFailure#WRITE_FAILED} if it is not there, or is no folder
     */
    public static SafeFolder of(Path folder, boolean make) throws StoreException {
        try {
            if (make && !Files.isDirectory(folder)) {
                Files.createDirectories(folder);
            }
            final Path real = folder.toRealPath();
            if (!Files.isDirectory(real)) {
                throw new StoreException(TransferFailure.WRITE_FAILED, real + " is no folder");
            }
            return new SafeFolder(RealDisk.INSTANCE, real);
        } catch (IOException e) {
            throw StoreException.writing("folder " + folder, e);
        }
    }

    /** A folder of any disk. */
    static SafeFolder of(Disk disk, Path path) {
        return new SafeFolder(disk, path);
    }

    /** Where it is, without links. */
    public Path path() {
        return path;
    }

    Disk disk() {
        return disk;
    }

    /** Bytes that may still be written here, about. */
    public long usableSpace() throws StoreException {
        try (Disk.Folder folder = disk.open(path)) {
            return folder.usableSpace();
        } catch (IOException e) {
            throw StoreException.writing("folder " + path, e);
        }
    }

    /** What a name that is taken becomes: a folder in front is numbered as a whole only by {@link PartialFile#claimFolder}, here it is the last part. */
    static String numbered(String name, int number) {
        final int slash = name.lastIndexOf('/') + 1;
        return number == 1 ? name : name.substring(0, slash) + SafeNames.numbered(name.substring(slash), number);
    }

    static String lastPart(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** Whether this may be the name of something in here, whoever says so. */
    static boolean isSafe(String name) {
        return name.equals(SafeNames.relative(name)) && !name.split("/", 2)[0].equalsIgnoreCase(WORK);
    }

    /**
     * Opens the folder that a name is in.
     *
     * @param name safe
     * @param make folders on the way that are missing are made, and are on disk on return
     */
    Disk.Folder parent(String name, boolean make) throws IOException {
        final String[] parts = name.split("/", -1);
        Disk.Folder at = disk.open(path);
        boolean arrived = false;
        try {
            for (int i = 0; i < parts.length - 1; i++) {
                final Disk.Folder next = into(at, parts[i], make);
                final Disk.Folder left = at;
                at = next;
                left.close();
            }
            arrived = true;
            return at;
        } finally {
            if (!arrived) {
                at.close();
            }
        }
    }

    private static Disk.Folder into(Disk.Folder at, String part, boolean make) throws IOException {
        Disk.Stat there = at.stat(part);
        if (there == null && make) {
            try {
                at.makeFolder(part, false);
                at.force();
            } catch (FileAlreadyExistsException e) {
                // somebody was faster, perhaps we, for another file: looked at again
            }
            there = at.stat(part);
        }
        if (there == null) {
            throw new StoreException(
                    TransferFailure.NOT_FOUND, "there is no " + at.path().resolve(part));
        }
        if (there.kind() != Disk.Kind.FOLDER) {
            throw new StoreException(TransferFailure.EXISTS, at.path().resolve(part) + " is no folder");
        }
        return at.folder(part);
    }

    /**
     * Makes a folder, with those on the way to it. It may be there.
     *
     * @throws StoreException {@link TransferFailure#EXISTS} if a file or a link has one of these names
     */
    public void makeFolder(String name) throws StoreException {
        if (!isSafe(name)) {
            throw new StoreException(TransferFailure.BAD_NAME, "no safe name");
        }
        try (Disk.Folder parent = parent(name, true);
                Disk.Folder made = into(parent, lastPart(name), true)) {
            assert made != null; // it is made, not used
        } catch (IOException e) {
            throw StoreException.writing("folder " + name + " in " + path, e);
        }
    }

    /**
     * A file in here, to be read.
     *
     * @throws StoreException {@link TransferFailure#NOT_FOUND} if there is none, or the way to it leads over a link
     */
    public SourceFile source(String name) throws StoreException {
        if (isSafe(name)) {
            try (Disk.Folder parent = parent(name, false)) {
                final Disk.Stat found = parent.stat(lastPart(name));
                if (found != null && found.isFile()) {
                    return SourceFile.of(FileSource.of(parent.path().resolve(lastPart(name))));
                }
            } catch (IOException e) {
                final StoreException failed = StoreException.reading("file " + name + " in " + path, e);
                if (failed.failure() != TransferFailure.EXISTS) {
                    throw failed;
                } // else: a link on the way
            }
        }
        throw new StoreException(TransferFailure.NOT_FOUND, "there is no file of this name in " + path);
    }

    /**
     * What is in a folder.
     *
     * @param folder no file
     * @param length bytes of a file; 0
     * @param modified milliseconds since 1970
     * @param name relative to the {@link SafeFolder}
     */
    public record Entry(boolean folder, long length, long modified, String name) {}

    /**
     * Files and folders in a folder in here, those of one level, in the order in which a manifest names what is in them: that of the bytes, a folder with a slash behind it. Links, special files and what has no safe name are left out.
     *
     * @param under the folder; empty: this one
     * @throws StoreException {@link TransferFailure#NOT_FOUND} if there is no such folder
     */
    public List<Entry> list(String under) throws StoreException {
        final String prefix = under.isEmpty() ? "" : under + "/";
        final List<Entry> entries = new ArrayList<>();
        if (!under.isEmpty() && !isSafe(under)) {
            throw new StoreException(TransferFailure.NOT_FOUND, "no safe name");
        }
        try (Disk.Folder folder = parent(prefix + "x", false)) {
            for (String name : folder.names()) {
                final String whole = prefix + name;
                final Disk.Stat found = isSafe(whole) ? folder.stat(name) : null;
                if (found != null && found.kind() != Disk.Kind.OTHER) {
                    final boolean isFolder = !found.isFile();
                    entries.add(new Entry(isFolder, isFolder ? 0 : found.length(), found.modified(), whole));
                }
            }
        } catch (IOException e) {
            final StoreException failed = StoreException.reading("folder " + under + " in " + path, e);
            throw failed.failure() == TransferFailure.EXISTS
                    ? new StoreException(TransferFailure.NOT_FOUND, "there is no such folder")
                    : failed;
        }
        entries.sort(
                Comparator.comparing(entry -> entry.folder() ? entry.name() + "/" : entry.name(), Manifest::compare));
        return entries;
    }
}
