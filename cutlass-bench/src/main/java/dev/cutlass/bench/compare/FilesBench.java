package dev.cutlass.bench.compare;

import dev.cutlass.bench.Machine;
import dev.cutlass.bench.MarkdownTable;
import dev.cutlass.bench.Options;
import dev.cutlass.bench.Samples;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Files from the disk of one process to that of another, on loopback: all contenders side by side, two processes each, which rest while it is the turn of others; rounds take turns, and the table has medians over rounds. One thread.
 */
public final class FilesBench {
    private static final int WARM_UP = 1;
    private static final int ROUNDS = 3;
    private static final long SIZE_QUICK = 4L << 20;

    /** What a person would call small: one packet or two would be too kind to whoever packs. */
    private static final int SMALL = 4_096;

    private static final int SMALL_FILES = 10;
    private static final int PART = 1 << 20;
    private static final double GIB = 1L << 30;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MIB = 1 << 20;

    /** For one file: a tenth of the rate that is worth a table. */
    private static final long PATIENCE_SECONDS = 300;

    private enum Case {
        RATE("MB/s"),
        CPU("CPU s/GiB"),
        CPU_SENDER("of it sender"),
        FIRST("small file: first byte, ms"),
        SMALL("on disk, ms"),
        HEAP_SENDER("heap of sender, MiB"),
        HEAP_RECEIVER("of receiver, MiB");

        final String head;

        Case(String head) {
            this.head = head;
        }
    }

    private static final class Row {
        final String label;
        final WorkerPair pair;
        final Path folder;
        final Map<Case, Samples> thousandths = new EnumMap<>(Case.class);

        Row(String label, WorkerPair pair, Path folder) {
            this.label = label;
            this.pair = pair;
            this.folder = folder;
        }

        void add(Case what, double value) {
            thousandths.computeIfAbsent(what, any -> new Samples(1)).add(Math.round(value * 1_000));
        }

        String cell(Case what) {
            final Samples samples = thousandths.get(what);
            if (samples == null) {
                return "-";
            }
            final double median = samples.median() / 1_000.0;
            return String.format(Locale.ROOT, median < 10 ? "%.2f" : median < 100 ? "%.1f" : "%,.0f", median);
        }
    }

    private final Path home;
    private final long size;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private FilesBench(Path home, long size) {
        this.home = home;
        this.size = size;
    }

    /**
     * Measures and prints the table.
     *
     * @param given {@code --rounds=N}, {@code --size=N} (bytes, or with k, m, g), {@code --only=name,name}, {@code --folder=DIR} (on the disk that is meant; else the system's temporary folder)
     * @throws IllegalArgumentException if an option is none of these
     */
    public static void run(List<String> given, boolean quick) throws IOException {
        final Options options = new Options(given, "rounds", "size", "only", "folder");
        final String names = options.text("only", String.join(",", FileContenders.names()));
        final long size = quick ? SIZE_QUICK : size(options.text("size", "1g"));
        final Path folder = Path.of(options.text("folder", System.getProperty("java.io.tmpdir")));
        final Path home = Files.createTempDirectory(folder, "cutlass-bench-files");
        try {
            new FilesBench(home, size)
                    .compare(
                            Arrays.asList(names.split(",", -1)),
                            quick ? 0 : WARM_UP,
                            options.number("rounds", quick ? 1 : ROUNDS));
        } finally {
            deleteAll(home);
        }
    }

    static long size(String text) {
        final int shift = 10 * (1 + "kmg".indexOf(Character.toLowerCase(text.charAt(text.length() - 1))));
        return Long.parseLong(shift == 0 ? text : text.substring(0, text.length() - 1)) << shift;
    }

    private static void deleteAll(Path folder) throws IOException {
        final List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = new ArrayList<>(walk.toList());
        }
        for (int i = all.size() - 1; i >= 0; i--) {
            Files.deleteIfExists(all.get(i));
        }
    }

    private static void fill(Path file, long length) throws IOException {
        final Random random = new Random(length); // content that neither packs nor repeats
        final byte[] part = new byte[PART];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long written = 0; written < length; written += part.length) {
                random.nextBytes(part);
                out.write(part, 0, (int) Math.min(part.length, length - written));
            }
        }
    }

    private void compare(List<String> names, int warmUp, int rounds) throws IOException {
        final Path large = home.resolve("large.bin");
        final Path small = home.resolve("small.bin");
        fill(large, size);
        fill(small, SMALL);
        final List<WorkerPair> started = new ArrayList<>();
        try {
            for (String name : names) {
                start(name, started);
            }
            for (int round = -warmUp; round < rounds; round++) {
                System.err.println("round " + (round + warmUp + 1) + " of " + (warmUp + rounds));
                for (Iterator<Row> turn = rows.iterator(); turn.hasNext(); ) {
                    final Row row = turn.next();
                    try {
                        round(round < 0 ? new Row(row.label, row.pair, row.folder) : row, large, small);
                    } catch (IOException e) {
                        notes.add(row.label + ": given up in round " + round + ", " + e.getMessage());
                        turn.remove();
                    }
                }
            }
        } finally {
            started.forEach(WorkerPair::close);
        }
        print(rounds);
    }

    private void start(String name, List<WorkerPair> started) throws IOException {
        final String label = FileContenders.named(name).label();
        final Path folder = Files.createDirectory(home.resolve(name));
        final WorkerPair pair = WorkerPair.start(PATIENCE_SECONDS, FilesWorker.ROLE, name);
        started.add(pair);
        try {
            pair.askClient("connect " + pair.askServer("receive " + folder));
            rows.add(new Row(label, pair, folder));
        } catch (IOException e) {
            notes.add(label + ": left out, " + e.getMessage());
        }
    }

    private void round(Row row, Path large, Path small) throws IOException {
        final WorkerPair pair = row.pair;
        pair.askServer("reset");
        pair.askClient("reset");
        final long sender = Long.parseLong(pair.askClient("cpu"));
        final long receiver = Long.parseLong(pair.askServer("cpu"));
        final long nanos = send(pair, large)[1];
        final long sent = Long.parseLong(pair.askClient("cpu")) - sender;
        final long received = Long.parseLong(pair.askServer("cpu")) - receiver;
        row.add(Case.RATE, size / 1e6 / (nanos / NANOS_PER_SECOND));
        row.add(Case.CPU, (sent + received) / NANOS_PER_SECOND * (GIB / size));
        row.add(Case.CPU_SENDER, sent / NANOS_PER_SECOND * (GIB / size));
        addHeap(row, Case.HEAP_SENDER, pair.askClient("heap"));
        addHeap(row, Case.HEAP_RECEIVER, pair.askServer("heap"));
        check(row, large);
        for (int i = 0; i < SMALL_FILES; i++) {
            final long[] times = send(pair, small);
            if (times[0] >= 0) {
                row.add(Case.FIRST, times[0] / 1e6);
            }
            row.add(Case.SMALL, times[1] / 1e6);
        }
    }

    private static void addHeap(Row row, Case what, String answer) {
        final long afterCollection = Long.parseLong(answer.substring(0, answer.indexOf(' ')));
        if (afterCollection > 0) {
            row.add(what, afterCollection / MIB);
        }
    }

    /** Nanoseconds from the start to the first byte (negative: not known), and to the end. */
    private static long[] send(WorkerPair pair, Path file) throws IOException {
        final String[] words = pair.askClient("send " + file).split(" ", -1);
        final long start = Long.parseLong(words[0]);
        final long first = Long.parseLong(pair.askServer("first"));
        return new long[] {
            first == FileContender.Receiver.UNKNOWN ? -1 : first - start, Long.parseLong(words[1]) - start
        };
    }

    /** What is not the same is no rate; the next round begins without it. */
    private static void check(Row row, Path large) throws IOException {
        final Path came = row.folder.resolve(large.getFileName());
        if (Files.mismatch(large, came) >= 0) {
            throw new IOException("what came is not what was sent");
        }
        Files.delete(came);
    }

    private void print(int rounds) {
        final List<String> heads = new ArrayList<>(List.of("contender"));
        for (Case what : Case.values()) {
            heads.add(what.head);
        }
        final MarkdownTable table = new MarkdownTable(heads.toArray(new String[0]));
        for (Row row : rows) {
            final List<String> cells = new ArrayList<>(List.of(row.label));
            for (Case what : Case.values()) {
                cells.add(row.cell(what));
            }
            table.row(cells.toArray(new String[0]));
        }
        table.print(
                System.out,
                String.format(
                        Locale.ROOT,
                        "Files of %,d MiB from disk to disk: medians of %d rounds, load %.1f at the end",
                        size >> 20,
                        rounds,
                        Machine.load()));
        notes.forEach(note -> System.out.println("\n* " + note));
    }
}
