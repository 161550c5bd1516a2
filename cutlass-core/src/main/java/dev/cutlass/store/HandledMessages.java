package dev.cutlass.store;

import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which messages of the default channel were handled here, by sender and run of its engine: so that one that also comes as mail, or comes again after a restart of ours, is seen once. Readable text, a
 * line a run, the one that was heard of longest ago first, or the same sealed: {@code cutlass:KEY  boot id in hex  0-17,19}. Lines that are not understood are dropped.
 *
 * <p>Threads: {@link #save} belongs to the store's writer; everything else to any thread, without waiting.
 */
public final class HandledMessages {
    /** Name of the file in the home directory; sealed, {@code .sealed} follows. */
    public static final String FILE = "handled_messages";

    /** Runs of one peer: more than it can start while a mail is under way, unless it starts them for that. */
    static final int MAX_RUNS_OF_PEER = 16;

    /** Runs of all peers. */
    static final int MAX_RUNS = 4_096;

    /** Ranges of one run; before there are more, the lowest gap is closed. What leaves gaps is mail that comes late, and seldom. */
    static final int MAX_RANGES = 64;

    /** Bytes of the file: each line has a key, a boot id, and its ranges with at most 40 characters each. */
    private static final int MAX_LENGTH = MAX_RUNS * (128 + 40 * MAX_RANGES);

    private static final Logger LOG = LoggerFactory.getLogger(HandledMessages.class);
    private static final String PURPOSE = "handled-messages";
    private static final int FIELDS = 3;
    private static final int HEX_LENGTH = 2 * Id128.LENGTH;

    /** Whose messages, and of which run. */
    private record Run(PeerId peer, Id128 bootId) {}

    /**
     * @param bounds the first number of a range and the last one in turn; ascending, with gaps between; never changed
     * @param used counts up with every change of any run
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Numbers(long[] bounds, long used) {}

    private final @Nullable HomeFile file;
    private final ConcurrentHashMap<Run, Numbers> runs = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();

    /** Which of the changes are on the disk. Volatile: the writer's, read by anybody. */
    private volatile long saved;

    private HandledMessages(@Nullable HomeFile file) {
        this.file = file;
    }

    /** Forgotten with the engine. */
    public static HandledMessages inMemory() {
        return new HandledMessages(null);
    }

    /**
     * Opens the file of a home directory. Blocks.
     *
     * @param identity whose key seals the file; it must stay open as long as this is used
     * @param sealed the form in which it is to be kept; the other form is read too, and replaced by the next {@link #save}
     */
    public static HandledMessages open(Path home, Identity identity, boolean sealed) throws IOException {
        final HomeFile file = new HomeFile(home, FILE, PURPOSE, identity, sealed, MAX_LENGTH);
        final HandledMessages handled = new HandledMessages(file);
        final byte[] text = file.read();
        if (text != null) {
            handled.parse(text);
        }
        return handled;
    }

    /** A message was handled. */
    public void add(PeerId peer, Id128 bootId, long number) {
        final Run run = new Run(peer, bootId);
        if (!runs.containsKey(run)) {
            makeRoom(peer);
        }
        runs.merge(
                run,
                new Numbers(new long[] {number, number}, changes.incrementAndGet()),
                (before, fresh) -> new Numbers(with(before.bounds(), number), fresh.used()));
    }

    /** What was handled of a run, as ranges: the first number and the last one in turn, ascending and apart. */
    public long[] of(PeerId peer, Id128 bootId) {
        final Numbers numbers = runs.get(new Run(peer, bootId));
        return numbers == null ? new long[0] : numbers.bounds().clone();
    }

    /** Nothing is known of the peer any more. */
    public void forget(PeerId peer) {
        if (runs.keySet().removeIf(run -> run.peer().equals(peer))) {
            changes.incrementAndGet();
        }
    }

    /** Seldom, so that looking at all of them does no harm. */
    private void makeRoom(PeerId peer) {
        final long ofPeer =
                runs.keySet().stream().filter(run -> run.peer().equals(peer)).count();
        if (ofPeer >= MAX_RUNS_OF_PEER || runs.size() >= MAX_RUNS) {
            runs.entrySet().stream()
                    .filter(entry ->
                            ofPeer < MAX_RUNS_OF_PEER || entry.getKey().peer().equals(peer))
                    .min(Comparator.comparingLong(entry -> entry.getValue().used()))
                    .ifPresent(eldest -> runs.remove(eldest.getKey()));
        }
    }

    static long[] with(long[] bounds, long number) {
        int at = 0; // of the first range that does not end before the number, or just before it
        while (at < bounds.length && bounds[at + 1] < number - 1) {
            at += 2;
        }
        if (at < bounds.length && bounds[at] <= number && number <= bounds[at + 1]) {
            return bounds;
        }
        final boolean joinsLeft = at < bounds.length && bounds[at + 1] == number - 1;
        final int right = joinsLeft ? at + 2 : at;
        final boolean joinsRight = right < bounds.length && bounds[right] == number + 1;
        final long first = joinsLeft ? bounds[at] : number;
        final long last = joinsRight ? bounds[right + 1] : number;
        final int rest = joinsRight ? right + 2 : right;
        final long[] joined = new long[at + 2 + bounds.length - rest];
        System.arraycopy(bounds, 0, joined, 0, at);
        joined[at] = first;
        joined[at + 1] = last;
        System.arraycopy(bounds, rest, joined, at + 2, bounds.length - rest);
        if (joined.length <= 2 * MAX_RANGES) {
            return joined;
        }
        final long[] closed = Arrays.copyOfRange(joined, 2, joined.length);
        closed[0] = joined[0];
        return closed;
    }

    /** Whether there is something to save. */
    public boolean isUnsaved() {
        return file != null && (saved != changes.get() || file.isInOtherForm());
    }

    /**
     * Writes the file if anything has changed. The store's writer only; blocks.
     *
     * @throws IOException the changes are still there for the next attempt
     */
    public void save() throws IOException {
        final HomeFile target = file;
        if (target != null && isUnsaved()) {
            final long saving = changes.get(); // what is added meanwhile may be written already, and is written again
            target.locked(() -> target.write(render()));
            saved = saving;
        }
    }

    private byte[] render() {
        final StringBuilder text = new StringBuilder();
        runs.entrySet().stream()
                .sorted(Comparator.comparingLong(entry -> entry.getValue().used()))
                .forEach(entry -> render(text, entry));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void render(StringBuilder text, Map.Entry<Run, Numbers> entry) {
        text.append(entry.getKey().peer().text())
                .append("  ")
                .append(HexFormat.of().formatHex(entry.getKey().bootId().toArray()))
                .append("  ");
        final long[] bounds = entry.getValue().bounds();
        for (int i = 0; i < bounds.length; i += 2) {
            text.append(i == 0 ? "" : ",").append(bounds[i]);
            if (bounds[i] != bounds[i + 1]) {
                text.append('-').append(bounds[i + 1]);
            }
        }
        text.append('\n');
    }

    /** The lines that are understood, as far as there is room. */
    void parse(byte[] text) {
        for (String line : new String(text, StandardCharsets.UTF_8).split("\n", -1)) {
            final String[] fields = line.strip().split("\\s+", -1);
            if (fields.length == FIELDS && fields[1].length() == HEX_LENGTH) {
                parseLine(fields[0], fields[1], fields[2]);
            }
        }
        saved = changes.get();
    }

    private void parseLine(String key, String bootId, String ranges) {
        try {
            final Run run = new Run(PeerId.parse(key), Id128.of(HexFormat.of().parseHex(bootId), 0));
            final long[] bounds = parseRanges(ranges);
            makeRoom(run.peer());
            runs.put(run, new Numbers(bounds, changes.incrementAndGet()));
        } catch (IllegalArgumentException e) { // also of numbers
            LOG.warn("a line of {} is not understood and will be gone", FILE);
        }
    }

    private static long[] parseRanges(String text) {
        final String[] ranges = text.split(",", MAX_RANGES + 1);
        final long[] bounds = new long[2 * ranges.length];
        long least = 0;
        for (int i = 0; i < ranges.length; i++) {
            final String[] ends = ranges[i].split("-", 2);
            bounds[2 * i] = Long.parseLong(ends[0]);
            bounds[2 * i + 1] = Long.parseLong(ends[ends.length - 1]);
            if (bounds[2 * i] < least || bounds[2 * i + 1] < bounds[2 * i] || bounds[2 * i + 1] > Long.MAX_VALUE - 2) {
                throw new IllegalArgumentException("ranges that do not ascend");
            }
            least = bounds[2 * i + 1] + 2;
        }
        return bounds;
    }
}
