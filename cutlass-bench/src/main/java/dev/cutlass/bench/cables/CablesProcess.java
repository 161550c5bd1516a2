package dev.cutlass.bench.cables;

import dev.cutlass.bench.Machine;
import dev.cutlass.bench.Worker;
import dev.cutlass.cables.CablesListener;
import dev.cutlass.cables.CablesNode;
import dev.cutlass.cables.Carrier;
import dev.cutlass.cables.MailRefused;
import dev.cutlass.cables.address.HostName;
import dev.cutlass.cables.address.MessageId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The process with one node. Questions are answered by one thread; the node's own tells of mail. */
public final class CablesProcess {
    public static final String ROLE = "cables-node";

    /** A line of mail: what is under 76 letters is left alone by all programs. */
    private static final int LINE = 64;

    private static final long PATIENCE_SECONDS = 600;

    private final CablesNode node;
    private final DiskEvents disk;
    private final Semaphore arrived;
    private final Semaphore confirmed;

    private CablesProcess(CablesNode node, DiskEvents disk, Semaphore arrived, Semaphore confirmed) {
        this.node = node;
        this.disk = disk;
        this.arrived = arrived;
        this.confirmed = confirmed;
    }

    /** Runs the node of a home at a port of loopback, which reaches one other host at another. */
    public static void serve(String home, String port, String otherHost, String otherPort) throws IOException {
        final Semaphore arrived = new Semaphore(0);
        final Semaphore confirmed = new Semaphore(0);
        final Path folder = Path.of(home).toRealPath();
        try (CablesNode node = CablesNode.builder(folder)
                .listen(loopback(port))
                .carrier(Carrier.none().mapped(HostName.of(otherHost), loopback(otherPort)))
                .listener(new CablesListener() {
                    @Override
                    public void arrived(MessageId id) {
                        arrived.release();
                    }

                    @Override
                    public void confirmed(MessageId id) {
                        confirmed.release();
                    }
                })
                .start()) {
            final CablesProcess process = new CablesProcess(node, new DiskEvents(folder), arrived, confirmed);
            Worker.answerAll(process::answer);
        }
    }

    private static InetSocketAddress loopback(String port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
    }

    private String answer(String question) {
        final String[] words = question.split(" ", -1);
        try {
            return switch (words[0]) {
                case "address" -> node.addresses().get(0).toString();
                case "send" -> send(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
                case "arrived" -> take(arrived, Integer.parseInt(words[1]));
                case "confirmed" -> take(confirmed, Integer.parseInt(words[1]));
                case "left" -> Integer.toString(node.status().size());
                case "cpu" -> Long.toString(Machine.cpuNanos());
                case "memory" -> memory();
                case "disk" -> beginDisk();
                case "disk-end" -> disk.end();
                default -> throw new IllegalArgumentException(question);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MailRefused e) {
            throw new IllegalStateException(e);
        }
    }

    /** Mails to one address, all at once. */
    private String send(String to, int count, int length) throws IOException, MailRefused {
        for (int i = 0; i < count; i++) {
            final String mail = "From: <" + node.addresses().get(0) + ">\nTo: <" + to + ">\nSubject: mail " + i + "\n\n"
                    + body(length);
            node.send(mail.getBytes(StandardCharsets.US_ASCII));
        }
        return Integer.toString(count);
    }

    /** Text that a compressor makes little of. */
    private static String body(int length) {
        final java.util.Random random = new java.util.Random(length);
        final StringBuilder text = new StringBuilder(length + LINE);
        while (text.length() < length) {
            for (int i = 1; i < LINE; i++) {
                text.append((char) ('0' + random.nextInt(64)));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String take(Semaphore permits, int count) {
        try {
            if (!permits.tryAcquire(count, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        "only " + permits.availablePermits() + " of " + count + " in " + PATIENCE_SECONDS + " s");
            }
            return Integer.toString(count);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Bytes of heap in use after collections, KiB of memory in all (-1 where the system does not say), threads. */
    private static String memory() throws IOException {
        System.gc();
        System.gc();
        final long heap =
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        return heap + " " + resident() + " "
                + ManagementFactory.getThreadMXBean().getThreadCount();
    }

    private static long resident() throws IOException {
        final Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return -1;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(-1);
    }

    private String beginDisk() {
        disk.begin();
        return "ok";
    }
}
