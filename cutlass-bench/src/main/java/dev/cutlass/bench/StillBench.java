package dev.cutlass.bench;

import dev.cutlass.Cutlass;
import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.noise.DrawnSecrets;
import dev.cutlass.crypto.packet.KeySchedule;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.engine.EngineSeams;
import dev.cutlass.engine.Handle;
import dev.cutlass.proto.Connection;
import dev.cutlass.proto.ConnectionStart;
import dev.cutlass.proto.Output;
import dev.cutlass.proto.RekeyKeys;
import dev.cutlass.proto.handshake.HandshakeMode;
import dev.cutlass.proto.handshake.HandshakeOutput;
import dev.cutlass.proto.handshake.HandshakeResult;
import dev.cutlass.spi.DatagramPort;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An engine with as many idle connections as it can have, without sockets or threads, in virtual time: what they cost the processor and the heap. The connections begin with keys that
 * were drawn instead of a handshake, whose public-key operations would take most of the time; everything after it is real, on both sides. The peers are forgotten as soon as they are
 * connected, so nothing but the engine is counted. One thread.
 */
final class StillBench implements AutoCloseable {
    /** What the first ones bring with them is not the price of each. */
    private static final int BEFORE = 200;

    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Enough for what connecting left to do, and for connections to come to rest. */
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final int MAX_STEPS = 1_000;

    /** So that nobody takes the minutes that the handshakes of 100,000 peers need for a standstill. */
    private static final int PROGRESS = 10_000;

    private static final int QUIET_STEPS = 100;

    private final SecureRandom random = new SecureRandom();
    private final VirtualPort port = new VirtualPort();
    private final Identity identity = Identity.generate();
    private final Bytes engineKey = Bytes.of(identity.device().publicKey());
    private final Id128 engineRun = new Id128(random.nextLong(), random.nextLong());
    private final Cutlass cutlass;
    private @Nullable Handle handle;
    private long now;
    private int peers;

    // Of the peer that is about to connect:
    private @Nullable Connection connection;
    private boolean admitted;

    private StillBench() throws IOException {
        cutlass = Silence.OFF
                .applyTo(Cutlass.builder()
                        .identity(identity)
                        .anyPort()
                        .handlerExecutor(Runnable::run)
                        .seams(new EngineSeams(
                                (address, number) -> port,
                                () -> now,
                                InstantSource.system(),
                                random,
                                host -> List.of(InetAddress.getAllByName(host)),
                                true,
                                opened -> handle = opened)))
                .start();
    }

    static void run(int count) throws IOException {
        try (StillBench bench = new StillBench()) {
            bench.connect(BEFORE);
            bench.rest(REST_NANOS);
            final long empty = HostProcess.heapAfterCollection();
            final boolean byClass = Boolean.getBoolean(MemoryBench.HISTOGRAM);
            final Map<String, Long> classes = byClass ? MemoryBench.byClass(HostProcess.histogram()) : Map.of();
            final long start = System.nanoTime();
            bench.connect(count - BEFORE);
            final double seconds = (System.nanoTime() - start) / 1e9;
            bench.rest(REST_NANOS);
            final double each = (double) (HostProcess.heapAfterCollection() - empty) / (count - BEFORE);
            final long before = cpuNanos();
            bench.rest(IDLE_NANOS);
            final double used = cpuNanos() - before;
            final long left = bench.engine().turns().connections();
            if (left != count) {
                throw new IOException("connections were lost: " + left + " of " + count + " are left");
            }
            final MarkdownTable table = new MarkdownTable("engine without sockets, virtual time", "");
            table.row("idle connections", String.format(Locale.ROOT, "%,d", count));
            table.row("heap of each, bytes", String.format(Locale.ROOT, "%,.0f", each));
            table.row(
                    "processor time per second of virtual time, ms",
                    String.format(Locale.ROOT, "%.4f", used / 1e6 / TimeUnit.NANOSECONDS.toSeconds(IDLE_NANOS)));
            table.row("% of one core", String.format(Locale.ROOT, "%.4f", 100 * used / IDLE_NANOS));
            table.row(
                    "new connections per second, both sides in one thread, without handshakes",
                    String.format(Locale.ROOT, "%.0f", (count - BEFORE) / seconds));
            table.print(System.out, "Idle connections, keep-alives apart");
            if (byClass) {
                MemoryBench.printByClass(classes, MemoryBench.byClass(HostProcess.histogram()), count - BEFORE);
            }
        }
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private Handle engine() {
        if (handle == null) {
            throw new AssertionError("the engine started without a handle");
        }
        return handle;
    }

    /** Lets time pass, and the engine do what is due. */
    private void rest(long nanos) {
        final long end = now + nanos;
        while (engine().turns().nextDeadline() <= end) {
            now = Math.max(now, engine().turns().nextDeadline());
            turn();
        }
        now = end;
    }

    private void turn() {
        engine().turns().listener(now);
        engine().turns().housekeeping(now);
    }

    private void connect(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            connectOne();
            if (peers % PROGRESS == 0) {
                System.err.printf(Locale.ROOT, "%,d connected%n", peers);
            }
        }
    }

    private void connectOne() throws IOException {
        final int number = peers++;
        final InetSocketAddress from = new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {11, (byte) (number >> 16), (byte) (number >> 8), (byte) number}),
                8_365);
        final LightPeer peer = new LightPeer(random, 0);
        connection = begin(peer, from);
        admitted = false;
        int quiet = 0; // steps in which nothing moved: the last ACKs wait for 25 ms
        for (int i = 0; i < MAX_STEPS && quiet < QUIET_STEPS; i++) {
            quiet = admitted && port.isQuiet() ? quiet + 1 : 0;
            drain(from);
            turn();
            for (VirtualPort.Datagram next = port.take(); next != null; next = port.take()) {
                if (next.peer().equals(from)) {
                    connection.handle(next.bytes(), 0, next.bytes().length, port.localAddress(), 0, now);
                    drain(from);
                }
            }
            now += STEP_NANOS;
        }
        if (!admitted) {
            throw new IOException("peer " + number + " did not get in");
        }
        peer.identity.close();
    }

    private void drain(InetSocketAddress from) {
        final Connection live = Objects.requireNonNull(connection);
        if (live.nextDeadline() <= now) {
            live.handleTimeout(now);
        }
        for (Output out = live.poll(); out != null; out = live.poll()) {
            if (out instanceof Output.Transmit transmit) {
                port.deliver(transmit.datagram(), transmit.length(), from);
            } else if (out instanceof Output.Confirmed) {
                live.admit(now);
            }
            admitted |= out instanceof Output.Admitted;
        }
    }

    /** As if the two had shaken hands: the engine gets what its half would have told it, the peer what is left. */
    private Connection begin(LightPeer peer, InetSocketAddress from) {
        final byte[] secrets = new byte[DrawnSecrets.LENGTH];
        random.nextBytes(secrets);
        final long toEngine = random.nextLong();
        final long toPeer = random.nextLong();
        final Bytes peerKey = Bytes.of(peer.identity.device().publicKey());
        engine().turns()
                .adopt(
                        new HandshakeOutput.Completed(
                                new HandshakeResult(
                                        false,
                                        HandshakeMode.NORMAL,
                                        new Id128(random.nextLong(), random.nextLong()),
                                        peer.identity.id(),
                                        peerKey,
                                        null,
                                        new Id128(random.nextLong(), random.nextLong()),
                                        "",
                                        toEngine,
                                        toPeer,
                                        AeadAlgorithm.AES_256_GCM,
                                        Bytes.of(new byte[0]),
                                        null,
                                        List.of(),
                                        new KeySchedule(DrawnSecrets.of(secrets))),
                                from,
                                DatagramPort.BOUND,
                                true),
                        now);
        return new Connection(
                Silence.OFF.config(),
                new ConnectionStart(
                        true,
                        peer.identity.id().compareTo(identity.id()) < 0,
                        toPeer,
                        toEngine,
                        engineRun,
                        AeadAlgorithm.AES_256_GCM,
                        new KeySchedule(DrawnSecrets.of(secrets)),
                        new RekeyKeys(peer.identity.device(), engineKey, random)),
                peer.conversation,
                port.localAddress(),
                0,
                random,
                now);
    }

    @Override
    public void close() {
        cutlass.close();
        identity.close();
    }
}
