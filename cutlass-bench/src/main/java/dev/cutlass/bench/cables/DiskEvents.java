package dev.cutlass.bench.cables;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/** Counts what this process writes below a folder, by the events of the JVM itself. One thread. */
final class DiskEvents {
    private static final String WRITE = "jdk.FileWrite";
    private static final String FORCE = "jdk.FileForce";

    private final String folder;
    private @Nullable Recording recording;

    DiskEvents(Path folder) {
        this.folder = folder.toString();
    }

    void begin() {
        final Recording started = new Recording();
        for (String name : Set.of(WRITE, FORCE)) {
            started.enable(name).withoutThreshold().withoutStackTrace();
        }
        started.start();
        recording = started;
    }

    /** Since {@link #begin}: files written, calls of write, bytes, and calls that wait for the disk (fsync); separated by spaces. */
    String end() throws IOException {
        final Recording ended = recording;
        if (ended == null) {
            throw new IllegalStateException("not begun");
        }
        recording = null;
        final Path file = Files.createTempFile("cutlass-bench", ".jfr");
        try (ended) {
            ended.stop();
            ended.dump(file);
            return count(file);
        } finally {
            Files.delete(file);
        }
    }

    private String count(Path file) throws IOException {
        final Set<String> files = new TreeSet<>();
        long writes = 0;
        long bytes = 0;
        long forces = 0;
        try (RecordingFile events = new RecordingFile(file)) {
            while (events.hasMoreEvents()) {
                final RecordedEvent event = events.readEvent();
                final String path = event.getString("path");
                if (path == null || !path.startsWith(folder)) {
                    continue;
                }
                if (event.getEventType().getName().equals(WRITE)) {
                    files.add(path);
                    writes++;
                    bytes += event.getLong("bytesWritten");
                } else {
                    forces++;
                }
            }
        }
        return String.format(Locale.ROOT, "%d %d %d %d", files.size(), writes, bytes, forces);
    }
}
