package dev.cutlass;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.Identity;
import dev.cutlass.engine.EngineSeams;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.CutlassListener;
import dev.cutlass.net.NioDatagramPort;
import dev.cutlass.spi.DatagramPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A whole engine with its threads and a real socket on loopback, whose network cable can be cut. */
final class TestEngine implements AutoCloseable {
    static final long WAIT_SECONDS = 60;

    final Identity identity;
    final Cutlass cutlass;
    final BlockingQueue<CutlassEvent> events = new LinkedBlockingQueue<>();
    private final boolean ownsIdentity;
    private volatile boolean cut;

    private TestEngine(Identity identity, boolean ownsIdentity, String address, UnaryOperator<CutlassBuilder> settings)
            throws IOException {
        this.identity = identity;
        this.ownsIdentity = ownsIdentity;
        EngineSeams real = EngineSeams.real();
        EngineSeams seams = new EngineSeams(
                (bind, port) -> new Cable(NioDatagramPort.open(bind, port)),
                real.ticker(),
                real.clock(),
                real.random(),
                real.resolver(),
                false,
                null);
        this.cutlass = settings.apply(Cutlass.builder()
                        .identity(identity)
                        .bind(InetAddress.getByName(address))
                        .anyPort()
                        .seams(seams)
                        .listener(new CutlassListener() {
                            @Override
                            public void onEvent(CutlassEvent event) {
                                events.add(event);
                            }
                        }))
                .start();
    }

    static TestEngine start(String nick) throws IOException {
        return start(nick, builder -> builder);
    }

    static TestEngine start(String nick, UnaryOperator<CutlassBuilder> settings) throws IOException {
        return startAt("127.0.0.1", nick, settings);
    }

    static TestEngine startAt(String address, String nick, UnaryOperator<CutlassBuilder> settings) throws IOException {
        return new TestEngine(Identity.generate(), true, address, builder -> settings.apply(builder.nick(nick)));
    }

    /** Another run of the same identity at the same port. */
    TestEngine startAgain(UnaryOperator<CutlassBuilder> settings) throws IOException {
        int port = cutlass.localPort();
        return new TestEngine(identity, false, "127.0.0.1", builder -> settings.apply(builder.port(port)));
    }

    /** Short silences, so that their end is near. */
    static CutlassBuilder hasty(CutlassBuilder builder) {
        return builder.quiet(Duration.ofMillis(300))
                .pingInterval(Duration.ofMillis(200))
                .idle(Duration.ofMillis(1_500));
    }

    PeerAddress address() {
        return PeerAddress.of(cutlass.id(), place());
    }

    PeerAddress.Place place() {
        return new PeerAddress.Place(cutlass.localAddress().getAddress().getHostAddress(), cutlass.localPort());
    }

    Peer connect(PeerAddress address) throws ExecutionException, InterruptedException, TimeoutException {
        return cutlass.connect(address).get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    Peer peer(TestEngine other) {
        return cutlass.peer(other.cutlass.id()).orElseThrow();
    }

    /** The next event of this kind; others before it are skipped. */
    <E extends CutlassEvent> E await(Class<E> kind) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (true) {
            CutlassEvent event = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            assertTrue(event != null, "no " + kind.getSimpleName() + " came");
            if (kind.isInstance(event)) {
                return kind.cast(event);
            }
        }
    }

    String awaitText() throws InterruptedException {
        return await(CutlassEvent.MessageReceived.class).message().text();
    }

    static void awaitTrue(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, what);
            Thread.onSpinWait();
        }
    }

    /** From now on nothing leaves or arrives; the other side cannot tell that from a crash. */
    void cutCable() {
        cut = true;
    }

    @Override
    public void close() {
        cutlass.close();
        if (ownsIdentity) {
            identity.close();
        }
    }

    private final class Cable implements DatagramPort {
        private final DatagramPort port;

        Cable(DatagramPort port) {
            this.port = port;
        }

        @Override
        public InetSocketAddress localAddress() {
            return port.localAddress();
        }

        @Override
        public boolean send(byte[] datagram, int offset, int length, InetSocketAddress to, int channel) {
            return cut || port.send(datagram, offset, length, to, channel);
        }

        @Override
        public boolean isUnfragmented() {
            return port.isUnfragmented();
        }

        @Override
        public int receive(Receiver receiver, int max) {
            return port.receive(
                    new Receiver() {
                        @Override
                        public void onDatagram(
                                byte[] buffer, int offset, int length, InetSocketAddress from, int channel) {
                            if (!cut) {
                                receiver.onDatagram(buffer, offset, length, from, channel);
                            }
                        }

                        @Override
                        public void onUnreachable(int channel) {
                            receiver.onUnreachable(channel);
                        }
                    },
                    max);
        }

        @Override
        public void await(long maxNanos) {
            port.await(maxNanos);
        }

        @Override
        public void wakeup() {
            port.wakeup();
        }

        @Override
        public int connect(InetSocketAddress remote) {
            return port.connect(remote);
        }

        @Override
        public void disconnect(int channel) {
            port.disconnect(channel);
        }

        @Override
        public void close() {
            port.close();
        }
    }
}
