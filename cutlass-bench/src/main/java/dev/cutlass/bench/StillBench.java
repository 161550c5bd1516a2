package dev.cutlass.bench;

import dev.cutlass.Cutlass;
import dev.cutlass.crypto.Identity;
import dev.cutlass.engine.EngineSeams;
import dev.cutlass.engine.Handle;
import dev.cutlass.proto.Connection;
import dev.cutlass.proto.ConnectionStart;
import dev.cutlass.proto.Output;
import dev.cutlass.proto.RekeyKeys;
import dev.cutlass.proto.handshake.CookieJar;
import dev.cutlass.proto.handshake.Dial;
import dev.cutlass.proto.handshake.HandshakeGate;
import dev.cutlass.proto.handshake.HandshakeMode;
import dev.cutlass.proto.handshake.HandshakeOutput;
import dev.cutlass.proto.handshake.HandshakeResult;
import dev.cutlass.proto.handshake.InitiatorHandshake;
import dev.cutlass.proto.handshake.StealthReplayGuard;
import dev.cutlass.proto.handshake.Verdict;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An engine with as many idle connections as it can have, without sockets or threads, in virtual time: what they cost the processor and the heap. All handshakes are real. The peers
 * are forgotten as soon as they are connected, so nothing but the engine is counted. One thread.
 */
final class StillBench implements StrangersHost, AutoCloseable {
    /** What the first ones bring with them is not the price of each. */
    private static final int BEFORE = 200;

    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Enough for what connecting left to do, and for connections to come to rest. */
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final int MAX_STEPS = 1_000;
    private static final int QUIET_STEPS = 100;

    private final SecureRandom random = new SecureRandom();
    private final VirtualPort port = new VirtualPort();
    private final Identity identity = Identity.generate();
    private final CookieJar cookies = new CookieJar(random);
    private final Cutlass cutlass;
    private @Nullable Handle handle;
    private long now;
    private int peers;

    // Of the peer that is about to connect:
    private @Nullable InitiatorHandshake dial;
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
            final long start = System.nanoTime();
            bench.connect(count - BEFORE);
            final double seconds = (System.nanoTime() - start) / 1e9;
            bench.rest(REST_NANOS);
            final double each = (double) (HostProcess.heapAfterCollection() - empty) / (count - BEFORE);
            final long before = cpuNanos();
            bench.rest(IDLE_NANOS);
            final double used = cpuNanos() - before;
            final long left = bench.engine().connections();
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
                    "new connections per second, both sides in one thread",
                    String.format(Locale.ROOT, "%.0f", (count - BEFORE) / seconds));
            table.print(System.out, "Idle connections, keep-alives apart");
            if (Boolean.getBoolean(MemoryBench.HISTOGRAM)) {
                System.out.println(HostProcess.histogram());
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
        while (engine().nextDeadline() <= end) {
            now = Math.max(now, engine().nextDeadline());
            turn();
        }
        now = end;
    }

    private void turn() {
        engine().listenerTurn(now);
        engine().housekeepingTurn(now);
    }

    private void connect(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            connectOne();
        }
    }

    private void connectOne() throws IOException {
        final int number = peers++;
        final InetSocketAddress from = new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {11, (byte) (number >> 16), (byte) (number >> 8), (byte) number}),
                8_365);
        final LightPeer peer = new LightPeer(random, 0);
        final HandshakeGate gate = new HandshakeGate(
                false,
                null,
                StealthReplayGuard.withoutPast(StealthReplayGuard.DEFAULT_WINDOW_MILLIS, 1, System.currentTimeMillis()),
                cookies,
                random);
        dial = InitiatorHandshake.start(
                Dial.to(HandshakeMode.NORMAL, port.localAddress(), null),
                peer.party,
                this,
                random,
                now,
                System.currentTimeMillis());
        gate.dialOpened(dial);
        connection = null;
        admitted = false;
        int quiet = 0; // steps in which nothing moved: the last ACKs wait for 25 ms
        for (int i = 0; i < MAX_STEPS && quiet < QUIET_STEPS; i++) {
            quiet = admitted && port.isQuiet() ? quiet + 1 : 0;
            drain(peer, from);
            turn();
            for (VirtualPort.Datagram next = port.take(); next != null; next = port.take()) {
                if (next.peer().equals(from)) {
                    hear(next.bytes(), gate);
                    drain(peer, from);
                }
            }
            now += STEP_NANOS;
        }
        if (!admitted) {
            throw new IOException("peer " + number + " did not get in");
        }
        gate.close();
        peer.identity.close();
    }

    private void hear(byte[] bytes, HandshakeGate gate) {
        if (connection != null) {
            connection.handle(bytes, 0, bytes.length, port.localAddress(), 0, now);
        } else if (dial != null
                && gate.check(bytes, 0, bytes.length, port.localAddress(), now, System.currentTimeMillis())
                        instanceof Verdict.Candidate candidate) {
            dial.handle(candidate, port.localAddress(), now, System.currentTimeMillis());
        }
    }

    private void drain(LightPeer peer, InetSocketAddress from) {
        final InitiatorHandshake dialling = dial;
        if (dialling != null) {
            for (HandshakeOutput out = dialling.poll(); out != null; out = dialling.poll()) {
                if (out instanceof HandshakeOutput.Transmit transmit) {
                    port.deliver(transmit.datagram(), transmit.datagram().length, from);
                } else if (out instanceof HandshakeOutput.Completed completed) {
                    connection = begin(peer, completed.result());
                }
            }
        }
        final Connection live = connection;
        if (live != null) {
            if (live.nextDeadline() <= now) {
                live.handleTimeout(now);
            }
            for (Output out = live.poll(); out != null; out = live.poll()) {
                if (out instanceof Output.Transmit transmit) {
                    port.deliver(transmit.datagram(), transmit.length(), from);
                } else if (out instanceof Output.Confirmed && dial != null) {
                    dial.confirmed();
                    dial = null;
                    live.admit(now);
                }
                admitted |= out instanceof Output.Admitted;
            }
        }
    }

    private Connection begin(LightPeer peer, HandshakeResult result) {
        final byte[] own = peer.identity.device().publicKey();
        return new Connection(
                Silence.OFF.config(),
                new ConnectionStart(
                        true,
                        Arrays.compareUnsigned(own, result.remoteStaticKey().toArray()) < 0,
                        result.localConnectionId(),
                        result.remoteConnectionId(),
                        result.remoteBootId(),
                        result.aead(),
                        result.keys(),
                        new RekeyKeys(peer.identity.device(), result.remoteStaticKey(), random)),
                peer.conversation,
                port.localAddress(),
                0,
                random,
                now);
    }

    @Override
    public long newConnectionId() {
        return random.nextLong();
    }

    @Override
    public void close() {
        cutlass.close();
        identity.close();
        cookies.close();
    }
}
