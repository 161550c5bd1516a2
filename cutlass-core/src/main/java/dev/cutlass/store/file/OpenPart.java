package dev.cutlass.store.file;

import java.io.IOException;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/** The content of a partial file: open while somebody writes to it, closed while it waits for its turn. One thread at a time. */
final class OpenPart {
    private final PartialFolder home;
    private final String name;
    private Disk.@Nullable OpenFile open;

    OpenPart(PartialFolder home, String id) {
        this.home = home;
        this.name = id + PartialFile.PART;
    }

    /** Makes it, empty. */
    void create(Disk.Folder work) throws IOException {
        open = work.create(name);
    }

    /** Opened if it is not. */
    Disk.OpenFile file() throws IOException {
        Disk.OpenFile file = open;
        if (file == null) {
            try (Disk.Folder work = home.work()) {
                file = work.openFile(name);
            }
            open = file;
        }
        return file;
    }

    /** Whatever comes next opens it again. */
    void close() throws IOException {
        final Disk.OpenFile file = open;
        open = null;
        if (file != null) {
            file.close();
        }
    }

    /** Sets when it was changed; a time that this file system does not know is no reason to fail. */
    void setModified(long millis) throws IOException {
        try (Disk.Folder work = home.work()) {
            work.setModified(name, millis);
        } catch (FileSystemException e) {
            return;
        }
    }
}
