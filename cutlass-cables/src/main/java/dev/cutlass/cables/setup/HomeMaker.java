package dev.cutlass.cables.setup;

import dev.cutlass.cables.address.HostName;
import dev.cutlass.cables.pki.OnionKey;
import dev.cutlass.cables.pki.OwnKeys;
import dev.cutlass.cables.queue.Volume;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * Makes a home folder. May be cut off anywhere and called again: each step looks at what is there, keys are whole or not there, and the settings are written last.
 */
public final class HomeMaker {
    private static final String SETTINGS = "cables.properties";
    private static final Set<String> HALF_MADE = Set.of("keys", "keys.new", "lock", "onion.pem");

    private final Volume volume;
    private final HomeFolder home;
    private final KeyFiles keyFiles;
    private final Progress progress;

    /** Hears what is done. Called on the thread that makes the home. */
    public interface Progress {
        /** A step begins. */
        void begins(String step);

        /** The step goes on: called some ten to a thousand times while keys are made; nobody knows how often. */
        void goesOn();
    }

    /** For a folder that need not be there. */
    public HomeMaker(Volume volume, HomeFolder home, Progress progress) {
        this.volume = volume;
        this.home = home;
        this.keyFiles = new KeyFiles(volume, home);
        this.progress = progress;
    }

    /**
     * Makes it, or goes on with a half-made one.
     *
     * @param now the day from which the certificates are valid
     * @return the user
     * @throws IllegalArgumentException if there is a whole one, or something else
     * @throws InterruptedIOException if the thread is interrupted while keys are made
     */
    @SuppressWarnings("try") // the lock is only held
    public OwnKeys make(List<HostName> hosts, int rsaBits, Instant now) throws IOException {
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException(
                    "host: at least one name under which this node can be reached is wanted");
        }
        demandRoom();
        volume.createDirectory(home.path());
        restrict(home.path());
        try (HomeLock lock = HomeLock.take(home)) {
            demandRoom(); // somebody else may just have been faster
            final OwnKeys keys = keys(rsaBits, now);
            progress.begins(
                    "writing certificates, directories and " + home.settings().getFileName());
            keyFiles.publish(keys);
            volume.createDirectory(home.books());
            volume.createDirectory(home.path().resolve("queue"));
            volume.createDirectory(home.path().resolve("rqueue"));
            volume.write(home.settings(), SettingsFile.text(hosts));
            return keys;
        }
    }

    /**
     * Makes the key of an onion service, in a home or before there is one, or finds the one that is there.
     *
     * @return its name
     * @throws IllegalArgumentException if there is something else in the folder, or the key is no good
     */
    @SuppressWarnings("try") // the lock is only held
    public HostName makeOnion() throws IOException {
        demandNothingElse(volume.names(home.path()));
        volume.createDirectory(home.path());
        restrict(home.path());
        try (HomeLock lock = HomeLock.take(home)) {
            final OnionFile file = new OnionFile(volume, home);
            final OnionKey there = file.read();
            if (there == null) {
                progress.begins("making the key of an onion service");
            }
            try (OnionKey key = there == null ? file.create(new SecureRandom()) : there) {
                return key.host();
            }
        }
    }

    private void demandRoom() throws IOException {
        final Set<String> names = volume.names(home.path());
        if (names.contains(SETTINGS)) {
            throw new IllegalArgumentException(home.path()
                    + " is a home of cables already; \"id\" shows its addresses, and hosts are changed in "
                    + home.settings());
        }
        demandNothingElse(names);
    }

    private void demandNothingElse(Set<String> names) {
        if (!names.isEmpty() && !names.contains(SETTINGS) && names.stream().noneMatch(HALF_MADE::contains)) {
            throw new IllegalArgumentException(
                    home.path() + " is not empty and is no half-made home of cables; name a new or an empty folder");
        }
    }

    private OwnKeys keys(int rsaBits, Instant now) throws IOException {
        if (keyFiles.areThere()) {
            progress.begins("going on with the keys that were made before");
            return keyFiles.read(now);
        }
        progress.begins("making an RSA key of " + rsaBits + " bits; this may take minutes");
        final OwnKeys keys;
        try {
            keys = OwnKeys.create(rsaBits, new WatchedRandom(progress::goesOn), now);
        } catch (CancellationException e) {
            final InterruptedIOException cancelled =
                    new InterruptedIOException("interrupted while keys were made; call it again to go on");
            cancelled.initCause(e);
            throw cancelled;
        }
        progress.begins("writing the keys");
        keyFiles.create(keys);
        return keys;
    }

    /** Also one that was made before, by somebody's {@code mkdir}. */
    private static void restrict(Path directory) throws IOException {
        final PosixFileAttributeView view = Files.getFileAttributeView(directory, PosixFileAttributeView.class);
        if (view != null && Files.isDirectory(directory)) {
            view.setPermissions(PosixFilePermissions.fromString("rwx------"));
        }
    }
}
