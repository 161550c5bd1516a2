package dev.cutlass.store.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What this package does with a disk, one method for each thing that a crash can come before or after: so that tests can stop it at every one. Names are single parts; nothing follows a link.
 */
interface Disk {
    /** What something is. */
    enum Kind {
        FILE,
        FOLDER,
        /** A link, a device, a pipe: never touched. */
        OTHER
    }

    /**
     * What is known about something without opening it.
     *
     * @param modified milliseconds since 1970
     * @param key equal for two names of one file; null where the file system has no such thing
     */
    record Stat(
            Kind kind, long length, long modified, @Nullable Object key) {
        boolean isFile() {
            return kind == Kind.FILE;
        }
    }

    /**
     * Opens a folder that is there.
     *
     * @throws IOException also if it is a link
     */
    Folder open(Path folder) throws IOException;

    /** A folder. As far as the system can do it, all that happens in it happens there even if somebody puts another one in its place meanwhile. One thread at a time. */
    interface Folder extends Closeable {
        Path path();

        /** Null if there is nothing of this name. */
        @Nullable
        Stat stat(String name) throws IOException;

        /** Whether both names are there and name one file. */
        boolean isSame(String name, Folder other, String otherName) throws IOException;

        List<String> names() throws IOException;

        /** Opens a folder in this one. */
        Folder folder(String name) throws IOException;

        /**
         * Makes a folder.
         *
         * @param ownerOnly nobody else may look into it
         * @throws java.nio.file.FileAlreadyExistsException if something has this name
         */
        void makeFolder(String name, boolean ownerOnly) throws IOException;

        /**
         * Makes a file, sparse where there is a choice.
         *
         * @throws java.nio.file.FileAlreadyExistsException if something has this name
         */
        OpenFile create(String name) throws IOException;

        /** Opens a file to be read and written. */
        OpenFile openFile(String name) throws IOException;

        /**
         * Opens or makes a file that one process, and one object in it, has at a time.
         *
         * @param make it is made, and must not be there yet; else it must
         * @return null if somebody else has it
         */
        @Nullable
        OpenFile openAlone(String name, boolean make) throws IOException;

        /**
         * Gives a file a second name, here.
         *
         * @return whether this file system can do that
         * @throws java.nio.file.FileAlreadyExistsException if something has this name
         */
        boolean link(Folder from, String existing, String name) throws IOException;

        /** Moves a file here in one step; a file that has this name is gone then. */
        void move(Folder from, String existing, String name) throws IOException;

        void delete(String name) throws IOException;

        /**
         * Removes a folder.
         *
         * @throws java.nio.file.DirectoryNotEmptyException if it has something in it
         */
        void deleteFolder(String name) throws IOException;

        /**
         * Sets when a file was changed.
         *
         * @param millis since 1970
         */
        void setModified(String name, long millis) throws IOException;

        /** Returns when the names in this folder are on disk, where there is a way to have that. */
        void force() throws IOException;

        /** Bytes that may still be written here, about. */
        long usableSpace() throws IOException;
    }

    /** An open file. One thread at a time. */
    interface OpenFile extends Closeable {
        /** Reads until the buffer is full, or the file ends. */
        int read(long position, ByteBuffer into) throws IOException;

        /** Writes all of the buffer. */
        void write(long position, ByteBuffer from) throws IOException;

        long length() throws IOException;

        /** Cuts, or extends with a hole. */
        void setLength(long length) throws IOException;

        /**
         * Returns when what was written is on disk.
         *
         * @param all also what only stat tells
         */
        void force(boolean all) throws IOException;
    }
}
