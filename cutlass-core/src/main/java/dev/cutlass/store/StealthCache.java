package dev.cutlass.store;

import dev.cutlass.crypto.file.PrivateFiles;
import dev.cutlass.proto.handshake.StealthReplayGuard;
import dev.cutlass.proto.handshake.StealthReplayGuard.Flight;
import dev.cutlass.proto.handshake.StealthReplayGuard.Saved;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file of the stealth responder's memory: verified first flights, on disk before their answer leaves. docs/protocol.md section
 * 3.5; what is accepted is decided by {@link StealthReplayGuard}, the bytes are in {@link StealthCacheFormat}.
 *
 * <p>One thread, the store's writer. Once a write has failed the file is written anew before the next flight, and the run counts as one
 * that did not stop in order.
 */
public final class StealthCache implements Closeable {
    /** Name of the file in the home directory. */
    public static final String FILE = "stealth_cache";

    private static final String LOCK_FILE = "stealth_cache.lock";

    /** Records beyond twice the capacity that the file may hold before it is written anew, so that a small one is not always. */
    private static final int SLACK_RECORDS = 1_024;

    private final Path file;
    private final FileChannel lock;
    private final long windowMillis;
    private final int capacity;
    private final StealthReplayGuard guard;
    private FileChannel channel;
    private long floor;
    private int records;
    private boolean intact = true;
    private boolean rewriteFirst;

    private StealthCache(
            Path file,
            FileChannel lock,
            long windowMillis,
            int capacity,
            StealthReplayGuard guard,
            List<Flight> flights,
            long wallMillis)
            throws IOException {
        this.file = file;
        this.lock = lock;
        this.windowMillis = windowMillis;
        this.capacity = capacity;
        this.guard = guard;
        this.floor = guard.floor();
        this.channel = rewrite(flights, wallMillis); // says "open" before the first flight, so that a crash shows
    }

    /**
     * Opens or creates the file.
     *
     * @param windowMillis see {@link StealthReplayGuard}
     * @param capacity flights to keep, see {@link StealthReplayGuard}
     * @param wallMillis our clock, in milliseconds since 1970
     * @throws IOException if the file cannot be read and written, or another engine has it open
     */
    public static StealthCache open(Path home, long windowMillis, int capacity, long wallMillis) throws IOException {
        PrivateFiles.createDirectory(home);
        final FileChannel lock = PrivateFiles.tryLockFor(home.resolve(LOCK_FILE));
        if (lock == null) {
            throw new IOException(
                    "another engine uses " + home.resolve(FILE) + ": one identity runs in one engine at a time");
        }
        boolean opened = false;
        try {
            final Path file = home.resolve(FILE);
            final List<Flight> flights = new ArrayList<>();
            final byte[] bytes = Files.notExists(file) ? null : PrivateFiles.read(file, StealthCacheFormat.MAX_LENGTH);
            final StealthReplayGuard guard = restore(bytes, windowMillis, capacity, wallMillis, flights);
            final StealthCache cache = new StealthCache(file, lock, windowMillis, capacity, guard, flights, wallMillis);
            opened = true;
            return cache;
        } finally {
            if (!opened) {
                lock.close();
            }
        }
    }

    /**
     * What a file leaves to the next run.
     *
     * @param bytes of the file, {@code null} if there is none
     * @param flights to be filled
     */
    static StealthReplayGuard restore(
            byte @Nullable [] bytes, long windowMillis, int capacity, long wallMillis, List<Flight> flights) {
        if (bytes == null) {
            return StealthReplayGuard.withoutPast(windowMillis, capacity, wallMillis);
        }
        final Saved saved = StealthCacheFormat.decode(bytes, flights);
        if (saved == null) {
            // Lost flights may have had stamps up to a window ahead of the clock. Ten quiet minutes are better than an
            // answer to one.
            return StealthReplayGuard.withoutPast(windowMillis, capacity, wallMillis + windowMillis);
        }
        return StealthReplayGuard.afterRestart(windowMillis, capacity, saved, wallMillis);
    }

    /** The memory to go on with: the owner of handshakes takes it over. */
    public StealthReplayGuard guard() {
        return guard;
    }

    /**
     * Puts admitted flights on disk. Only when this has returned may they be answered.
     *
     * @param flights at most a few hundred: they are one write
     * @throws IOException then none of them is answered, ever
     */
    public void append(List<Flight> flights, long wallMillis) throws IOException {
        if (!channel.isOpen()) {
            throw new IOException("the stealth cache is closed");
        }
        boolean written = false;
        try {
            if (rewriteFirst || records + flights.size() > 2L * capacity + SLACK_RECORDS) {
                compact(wallMillis);
            }
            final ByteBuffer out = ByteBuffer.allocate(flights.size() * StealthCacheFormat.RECORD_LENGTH);
            flights.forEach(flight -> StealthCacheFormat.writeRecord(flight, out));
            PrivateFiles.writeFully(channel, out.flip());
            channel.force(false);
            records += flights.size();
            written = true;
        } finally {
            if (!written) {
                intact = false; // after a failed fsync nobody knows what of the file is on disk (and Linux forgets the
                // error)
                rewriteFirst = true;
            }
        }
    }

    /** Flights that the file holds, to see when it is written anew. */
    int records() {
        return records;
    }

    /** Ends the run in order, so that the next one knows that nothing is missing. */
    public void close(long wallMillis) throws IOException {
        final FileChannel last = channel;
        try (lock;
                last) {
            if (last.isOpen() && intact) {
                last.position(0);
                PrivateFiles.writeFully(last, StealthCacheFormat.header(true, floor, wallMillis));
                last.force(false);
            }
        }
    }

    /** Ends the run without a word, as a crash does. Does nothing after {@link #close(long)}. */
    @Override
    public void close() throws IOException {
        try (lock) {
            channel.close();
        }
    }

    private void compact(long wallMillis) throws IOException {
        final List<Flight> flights = new ArrayList<>();
        final Saved saved = StealthCacheFormat.decode(PrivateFiles.read(file, StealthCacheFormat.MAX_LENGTH), flights);
        if (saved == null) {
            throw new IOException(file + " was damaged while it was open");
        }
        final FileChannel fresh = rewrite(flights, wallMillis);
        channel.close();
        channel = fresh;
        rewriteFirst = false;
    }

    /** Writes what still counts into a new file; what does not lies below the floor, so it needs no record. */
    private FileChannel rewrite(List<Flight> flights, long wallMillis) throws IOException {
        flights.sort(Comparator.comparingLong(Flight::stamp));
        int from = 0;
        while (from < flights.size()
                && (flights.get(from).stamp() < wallMillis - windowMillis || flights.size() - from > capacity)) {
            floor = Math.max(floor, flights.get(from).stamp());
            from++;
        }
        final List<Flight> kept = flights.subList(from, flights.size());
        final ByteBuffer out =
                ByteBuffer.allocate(StealthCacheFormat.HEADER_LENGTH + kept.size() * StealthCacheFormat.RECORD_LENGTH);
        out.put(StealthCacheFormat.header(false, floor, wallMillis));
        kept.forEach(flight -> StealthCacheFormat.writeRecord(flight, out));
        final Path fresh = file.resolveSibling(FILE + ".new");
        final FileChannel written = PrivateFiles.createFresh(fresh);
        boolean moved = false;
        try {
            PrivateFiles.writeFully(written, out.flip());
            written.force(true);
            PrivateFiles.moveInto(fresh, file);
            moved = true;
        } finally {
            if (!moved) {
                written.close();
            }
        }
        records = kept.size();
        return written;
    }
}
