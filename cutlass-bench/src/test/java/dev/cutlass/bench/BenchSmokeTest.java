package dev.cutlass.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cutlass.Cutlass;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.proto.handshake.HandshakeMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The programs still do what they measure. Numbers are for docs/performance.md, by hand. */
class BenchSmokeTest {
    @Test
    void handshakesOfBothModesEndWithKeysOnBothSides() {
        try (HandshakePair pair = new HandshakePair()) {
            for (HandshakeMode mode : HandshakeMode.values()) {
                pair.handshake(mode);
                pair.handshake(mode);
            }
        }
    }

    @Test
    void messagesPassBetweenConnectionsInOneThread() {
        PacketBench.run(true);
    }

    @Test
    void asymmetricOperationsSucceed() {
        try (Asymmetric asymmetric = new Asymmetric()) {
            asymmetric.runAll();
        }
    }

    @Test
    void bareDatagramsComeBack() throws Exception {
        for (boolean selecting : new boolean[] {false, true}) {
            try (BareEcho echo = BareEcho.start(selecting);
                    BarePinger pinger = new BarePinger(echo.port(), 64, selecting)) {
                assertEquals(5, pinger.byOneThread(5).count());
                assertEquals(5, pinger.byWaitingCaller(5).count());
            }
        }
    }

    @Test
    void engineKeepsSwarmAndEchoesMessages() throws Exception {
        try (Identity identity = Identity.generate();
                Cutlass cutlass = Cutlass.builder()
                        .identity(identity)
                        .bind(InetAddress.getLoopbackAddress())
                        .anyPort()
                        .onMessage((peer, message) -> peer.send(message))
                        .start();
                Swarm swarm = new Swarm(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), cutlass.localPort()),
                        Silence.OFF.config());
                Pinger pinger = new Pinger(
                        PeerAddress.of(cutlass.id(), new PeerAddress.Place("127.0.0.1", cutlass.localPort())),
                        64,
                        Runnable::run)) {
            swarm.connect(3, TimeUnit.MINUTES.toNanos(1));
            assertEquals(3, swarm.live());
            assertEquals(4, cutlass.peers().size());
            assertEquals(5, pinger.byHandler(5).count());
            assertEquals(5, pinger.byWaitingCaller(5).count());
            assertEquals(5, pinger.byReceipt(5).count()); // last: it does not wait for its echoes
        }
    }

    @Test
    void quantilesAreValuesThatWereSeen() {
        final Samples samples = new Samples(1);
        assertThrows(IllegalStateException.class, samples::median);
        for (long value : new long[] {5, 1, 4, 2, 3}) {
            samples.add(value);
        }
        assertEquals(3, samples.median());
        assertEquals(1, samples.quantile(0));
        assertEquals(5, samples.quantile(1));
        samples.add(6);
        assertEquals(3, samples.median());
    }
}
