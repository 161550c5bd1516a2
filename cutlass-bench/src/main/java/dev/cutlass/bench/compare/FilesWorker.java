package dev.cutlass.bench.compare;

import dev.cutlass.bench.Machine;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One side of one way to send files, in a process of its own. */
public final class FilesWorker extends WorkerAnswers {
    /** The words of {@link dev.cutlass.bench.Main} that start it. */
    public static final String ROLE = "files-worker";

    private final FileContender contender;
    private final HeapWatch heap = new HeapWatch();
    private FileContender.@Nullable Receiver receiver;
    private FileContender.@Nullable Sender sender;

    private FilesWorker(FileContender contender) {
        this.contender = contender;
    }

    /**
     * Answers until the input ends.
     *
     * @param name of the contender, as in {@link FileContenders}
     */
    public static void serve(String name) throws IOException {
        new FilesWorker(FileContenders.named(name)).serve();
    }

    @Override
    String answer(String[] words) throws Exception {
        return switch (words[0]) {
            case "receive" -> {
                final FileContender.Receiver started = contender.receive(Path.of(words[1]));
                receiver = started;
                yield started.address();
            }
            case "connect" -> {
                sender = contender.connect(words[1]);
                yield "ok";
            }
            case "send" -> {
                final FileContender.Sender connected = sender;
                if (connected == null) {
                    throw new IllegalStateException("not connected");
                }
                final long start = System.nanoTime();
                connected.send(Path.of(words[1]));
                yield start + " " + System.nanoTime();
            }
            case "first" -> Long.toString(receiver == null ? FileContender.Receiver.UNKNOWN : receiver.firstByteAt());
            case "cpu" -> Long.toString(cpuNanos());
            case "heap" -> heap.afterCollection() + " " + heap.peak();
            case "reset" -> {
                heap.reset();
                yield "ok";
            }
            case "close" -> {
                close();
                yield "ok";
            }
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private long cpuNanos() throws IOException {
        return Machine.cpuNanos()
                + (receiver == null ? 0 : receiver.otherCpuNanos())
                + (sender == null ? 0 : sender.otherCpuNanos());
    }

    private void close() throws IOException {
        if (sender != null) {
            sender.close();
        }
        if (receiver != null) {
            receiver.close();
        }
    }
}
