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

    private Maildir(Volume volume, Path directory, Prepared prepared) {
        this.volume = volume;
        this.directory = directory;
        this.prepared = prepared;
    }

    static Maildir create(Volume volume, Path directory, Path journal) throws IOException {
        for (String part : PARTS) {
            volume.createDirectory(directory.resolve(part));
        }
        final Prepared prepared = Prepared.open(volume, directory, journal);
        prepared.create();
        return new Maildir(volume, directory, prepared);
    }

    /**
     * Opens one, and creates it if it is not there.
     *
     * @param journal a file that remembers what was put in; its directory must be there
     */
    public static Maildir create(Path directory, Path journal) throws IOException {
        return create(new RealVolume(), directory, journal);
    }

    /** Opens one that was created once; it may lie on a volume that is away now, and then refuses mail until that is back. */
    public static Maildir open(Path directory, Path journal) throws IOException {
        final Volume volume = new RealVolume();
        return new Maildir(volume, directory, Prepared.open(volume, directory, journal));
    }

    @Override
    public synchronized void deliver(String key, byte[] mail) throws IOException {
        prepared.demandFolder();
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
