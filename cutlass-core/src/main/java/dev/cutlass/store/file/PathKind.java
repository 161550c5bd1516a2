package dev.cutlass.store.file;

import dev.cutlass.event.TransferFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What an application's path leads to; links in it are followed. Any thread.
 *
 * @param folder no file
 * @param modified milliseconds since 1970
 */
public record PathKind(boolean folder, long modified) {
    /**
     * Looks.
     *
     * @throws StoreException {@link TransferFailure#NOT_FOUND}; {@link TransferFailure#READ_FAILED} also if it is neither file nor folder
     */
    public static PathKind of(Path path) throws StoreException {
        try {
            final BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
            if (!found.isDirectory() && !found.isRegularFile()) {
                throw new StoreException(TransferFailure.READ_FAILED, path + " is neither file nor folder");
            }
            return new PathKind(found.isDirectory(), found.lastModifiedTime().toMillis());
        } catch (NoSuchFileException e) {
            throw new StoreException(TransferFailure.NOT_FOUND, "there is no " + path);
        } catch (IOException e) {
            throw StoreException.reading("cannot read " + path, e);
        }
    }
}
