package dev.cutlass.bench;

import dev.cutlass.Cutlass;
import dev.cutlass.Delivery;
import dev.cutlass.Peer;
import dev.cutlass.crypto.Identity;
import dev.cutlass.event.Message;
import dev.cutlass.event.PeerState;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;

/** The process with the engine that is measured. */
final class HostProcess {
    static final String ROLE = "host";
    private static final int LENGTH = 64;
    private static final int COLLECTIONS = 4;

    /** Number, instances, bytes, class; then sometimes a module. */
    private static final int HISTOGRAM_COLUMNS = 4;

    private HostProcess() {}

    /** Answers questions about the engine and its JVM. */
    static void serve(Silence silence) throws IOException {
        try (Identity identity = Identity.generate();
                Cutlass cutlass = silence.applyTo(Cutlass.builder()
                                .identity(identity)
                                .bind(InetAddress.getLoopbackAddress())
                                .anyPort())
                        .start()) {
            Worker.answerAll(question -> switch (question) {
                case "port" -> Integer.toString(cutlass.localPort());
                case "heap" -> Long.toString(heapAfterCollection());
                case "cpu" -> Long.toString(Machine.cpuNanos());
                case "connected" -> Long.toString(connected(cutlass));
                case "talk" -> Integer.toString(talk(cutlass));
                case "histogram" -> histogram();
                default -> throw new IllegalArgumentException(question);
            });
        }
    }

    private static long connected(Cutlass cutlass) {
        return cutlass.peers().stream()
                .filter(peer -> peer.state() == PeerState.CONNECTED)
                .count();
    }

    /** A message to each peer; returns when all have receipts. */
    private static int talk(Cutlass cutlass) {
        final List<Delivery> deliveries = new ArrayList<>();
        for (Peer peer : cutlass.peers()) {
            deliveries.add(peer.send(Message.bytes("application/octet-stream", new byte[LENGTH])));
        }
        deliveries.forEach(Delivery::join);
        return deliveries.size();
    }

    /** Several, since what finalization and reference queues free needs more than one. */
    static long heapAfterCollection() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** What fills the heap: class and bytes in turn, in one line. */
    static String histogram() {
        try {
            final Object text = ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
            return Objects.requireNonNull(text)
                    .toString()
                    .lines()
                    .map(line -> line.strip().split("\\s+", -1))
                    .filter(words -> words.length >= HISTOGRAM_COLUMNS && words[0].endsWith(":"))
                    .map(words -> words[HISTOGRAM_COLUMNS - 1] + " " + words[HISTOGRAM_COLUMNS - 2])
                    .collect(Collectors.joining(" "));
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }
}
