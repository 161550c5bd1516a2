package dev.cutlass.cables.mailbox;

import dev.cutlass.cables.queue.RealVolume;
import dev.cutlass.cables.queue.Volume;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A Maildir: a file for each mail, whose name is its key, in {@code new}; a mail program moves it to {@code cur} and adds flags after a colon. The files are for their owner alone. Any thread.
 *
 * <p>A mail is not put in again if a file with its key is in {@code new} or {@code cur}, whatever follows the key after a colon, comma, semicolon or exclamation mark (what mail programs add), or if the journal says that it was put
 * in.
 */
public final class Maildir implements Mailbox {
    private static final String NEW = "new";
    private static final String CUR = "cur";
    private static final List<String> PARTS = List.of(NEW, CUR, "tmp");

    /** Between the unique part of a name and what mail programs add; a semicolon or exclamation mark where a colon is not allowed. */
    private static final String END_OF_KEY = ":;!,";

    private final Volume volume;
    private final Path directory;
    private final Prepared prepared;

    Maildir(Volume volume, Path directory, Path journal) throws IOException {
        this.volume = volume;
        this.directory = directory;
        for (String part : PARTS) {
            volume.createDirectory(directory.resolve(part));
        }
        this.prepared = new Prepared(volume, directory, journal);
    }

    /**
     * Opens one, and creates it if it is not there.
     *
     * @param journal a file that remembers what was put in; its directory must be there
     */
    public static Maildir open(Path directory, Path journal) throws IOException {
        return new Maildir(new RealVolume(), directory, journal);
    }

    @Override
    public synchronized void deliver(String key, byte[] mail) throws IOException {
        if (!volume.names(directory).contains(NEW)) {
            throw new IOException(directory + " is no Maildir just now: it has no directory " + NEW);
        }
        if (isIn(key)) {
            prepared.drop(key);
            return;
        }
        if (prepared.isDone(key)) {
            return;
        }
        if (prepared.target(key) == null) {
            prepared.write(key, mail);
            prepared.aim(key, NEW);
        }
        prepared.moveTo(key, directory.resolve(NEW).resolve(key));
    }

    private boolean isIn(String key) throws IOException {
        return isAmong(volume.names(directory.resolve(NEW)), key) || isAmong(volume.names(directory.resolve(CUR)), key);
    }

    private static boolean isAmong(Set<String> names, String key) {
        return names.contains(key)
                || names.stream()
                        .anyMatch(name -> name.length() > key.length()
                                && name.startsWith(key)
                                && END_OF_KEY.indexOf(name.charAt(key.length())) >= 0);
    }

    @Override
    public String toString() {
        return "Maildir " + directory;
    }
}
