package dev.cutlass.cables.mailbox;

import dev.cutlass.cables.queue.RealVolume;
import dev.cutlass.cables.queue.Volume;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A folder of MH: a file for each mail, whose name is a number, the highest so far and one. Cables protocol section 15. The files are for their owner alone (the original shares them with a group). Any thread.
 *
 * <p>The number is taken by creating an empty file, which fails if any other program has just taken it; the mail is then renamed over it.
 */
public final class MhFolder implements Mailbox {
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");

    private final Volume volume;
    private final Path folder;
    private final Prepared prepared;

    private MhFolder(Volume volume, Path folder, Prepared prepared) {
        this.volume = volume;
        this.folder = folder;
        this.prepared = prepared;
    }

    static MhFolder create(Volume volume, Path folder, Path journal) throws IOException {
        final Prepared prepared = Prepared.open(volume, folder, journal);
        prepared.create();
        return new MhFolder(volume, folder, prepared);
    }

    /**
     * Opens one, and creates it if it is not there.
     *
     * @param journal a file that remembers what was put in; its directory must be there
     */
    public static MhFolder create(Path folder, Path journal) throws IOException {
        return create(new RealVolume(), folder, journal);
    }

    /** Opens one that was created once; it may lie on a volume that is away now, and then refuses mail until that is back. */
    public static MhFolder open(Path folder, Path journal) throws IOException {
        final Volume volume = new RealVolume();
        return new MhFolder(volume, folder, Prepared.open(volume, folder, journal));
    }

    @Override
    public synchronized void deliver(String key, byte[] mail) throws IOException {
        prepared.demandFolder();
        if (prepared.isDone(key)) {
            return;
        }
        String number = prepared.target(key);
        if (number == null) {
            prepared.write(key, mail);
            number = take(key);
        } else if (!isStillOurs(number)) {
            number = take(key);
        }
        prepared.moveTo(key, folder.resolve(number));
    }

    /** Takes a number; the journal has it first, so that an empty file that a crash leaves is known as ours. */
    private String take(String key) throws IOException {
        while (true) {
            final String number = next();
            prepared.aim(key, number);
            if (volume.create(folder.resolve(number))) {
                return number;
            }
        }
    }

    /** After a crash: what was taken is empty, and no mail is. */
    private boolean isStillOurs(String number) throws IOException {
        final Path file = folder.resolve(number);
        return volume.create(file) || volume.isEmpty(file);
    }

    private String next() throws IOException {
        return volume.names(folder).stream()
                .filter(name -> NUMBER.matcher(name).matches())
                .map(BigInteger::new)
                .max(BigInteger::compareTo)
                .orElse(BigInteger.ZERO)
                .add(BigInteger.ONE)
                .toString();
    }

    @Override
    public String toString() {
        return "MH folder " + folder;
    }
}
