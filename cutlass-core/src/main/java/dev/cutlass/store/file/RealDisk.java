package dev.cutlass.store.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The disk of this machine. Where the system can open names relative to an open folder ({@link SecureDirectoryStream}) it does; Java can make neither folders nor links that way, so these are made by path and then looked for
 * in the open folder. Any thread.
 */
final class RealDisk implements Disk {
    static final Disk INSTANCE = new RealDisk(true);

    private final boolean usesHandles;

    /** @param usesHandles false: as on a system that cannot open names relative to a folder */
    RealDisk(boolean usesHandles) {
        this.usesHandles = usesHandles;
    }

    @Override
    @SuppressWarnings("StreamResourceLeak") // the folder has it
    public Folder open(Path folder) throws IOException {
        if (!attributes(folder).isDirectory()) {
            throw new NotDirectoryException(folder.toString());
        }
        return open(folder, Files.newDirectoryStream(folder));
    }

    /** A folder that was opened just now, by its path. Takes it over. */
    Folder open(Path path, DirectoryStream<Path> opened) throws IOException {
        if (!usesHandles || !(opened instanceof SecureDirectoryStream<Path> secure)) {
            opened.close();
            return new RealFolder(this, path, null);
        }
        boolean isTheSame = false;
        try {
            final Object key = secure.getFileAttributeView(BasicFileAttributeView.class)
                    .readAttributes()
                    .fileKey();
            isTheSame = key == null || key.equals(attributes(path).fileKey());
        } finally {
            if (!isTheSame) {
                secure.close();
            }
        }
        if (!isTheSame) {
            throw new FileSystemException(path.toString(), null, "was replaced at this moment, or is a link");
        }
        return new RealFolder(this, path, secure);
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
}
