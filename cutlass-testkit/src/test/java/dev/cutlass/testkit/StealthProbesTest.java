package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.event.CutlassEvent.ConnectFailed;
import dev.cutlass.fixtures.Fate;
import dev.cutlass.fixtures.SimHost;
import dev.cutlass.fixtures.SimNetwork;
import dev.cutlass.fixtures.SimSocket;
import dev.cutlass.fixtures.Trace;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole engine in stealth mode says nothing to who does not prove that it knows the key: no byte to any probe. */
final class StealthProbesTest {
    private static final long SEED = 20;
    private static final int PROBES = 10_000;
    private static final int MAX_PROBE = 1_500;

    @TempDir
    private Path home;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final TestNetwork network = TestNetwork.simulated(SEED);
    private final SimNetwork conditions = network.conditions();

    /** What a real conversation with the responder, and what dials of others, sent to it. */
    private final List<byte[]> genuine = new ArrayList<>();

    private final List<byte[]> strange = new ArrayList<>();

    @Test
    void noProbeGetsAByte() {
        try (network) {
            TestPeer responder = network.peer(
                    "responder", settings -> settings.stealth(true).home(home).connectTimeout(Duration.ofSeconds(5)));
            InetSocketAddress target = new InetSocketAddress(responder.host().address(), 8365);
            capture(responder, target);
            assertTrue(genuine.size() > 10 && strange.size() > 10, genuine.size() + " and " + strange.size());
            SimHost prober = conditions.host("prober");
            SimSocket socket = prober.open(0);
            Trace trace = conditions.trace(0, 10 * PROBES);
            for (int i = 0; i < PROBES; i++) {
                socket.send(probe(), target);
                conditions.runFor(Duration.ofMillis(random.nextInt(3)));
                if (i == PROBES / 2) {
                    responder.restart(); // what was recorded before is stale now, and must be no oracle either
                }
            }
            conditions.runFor(Duration.ofMinutes(1));

            assertEquals(
                    PROBES,
                    trace.events(Fate.DELIVERED).stream()
                            .filter(event -> event.from().equals(socket.address()))
                            .count());
            assertEquals( // what it sends to others are its own dials of those whom it knew before the restart
                    List.of(),
                    trace.events(Fate.SENT).stream()
                            .filter(event -> event.to().equals(socket.address()))
                            .toList());
            long counted = responder.cutlass().counters().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            assertTrue(counted >= PROBES / 2 - 1, counted + " drops: each probe since the restart is counted");
        }
    }

    /** A real conversation with its end, then dials in normal mode and under a wrong key. */
    private void capture(TestPeer responder, InetSocketAddress target) {
        List<List<byte[]>> into = new ArrayList<>(List.of(genuine));
        conditions.intercept((now, from, to, payload) -> {
            if (to.equals(target)) {
                into.get(0).add(payload.clone());
            }
            return payload;
        });
        network.runFor(Duration.ofSeconds(1)); // a new home accepts no first flight from before its start
        TestPeer friend = network.peer("friend");
        Peer peer = network.await(friend.cutlass().connect(responder.address().withStealth()));
        for (int i = 0; i < 5; i++) {
            network.await(peer.send("hello " + i).toCompletableFuture());
        }
        friend.stop();
        network.runFor(Duration.ofMinutes(3));
        into.set(0, strange);
        TestPeer stranger = network.peer("stranger", settings -> settings.connectTimeout(Duration.ofSeconds(5)));
        stranger.cutlass().connect(responder.address());
        try (Identity wrong = Identity.generate(new SeededSecureRandom(SEED))) {
            stranger.cutlass()
                    .connect(PeerAddress.of(
                                    wrong.id(), responder.address().places().get(0))
                            .withStealth());
        }
        network.runUntil(() -> stranger.events(ConnectFailed.class).size() == 2, Duration.ofMinutes(1));
        stranger.stop();
        network.runFor(Duration.ofMinutes(1));
        conditions.intercept(null);
    }

    private byte[] probe() {
        return switch (random.nextInt(6)) {
            case 0 -> noise(random.nextInt(MAX_PROBE));
            case 1 -> noise(any(genuine).length);
            case 2 -> any(genuine).clone();
            case 3 -> any(strange).clone();
            case 4 -> flipped(any(genuine));
            default -> {
                byte[] whole = any(genuine);
                byte[] cut = new byte[random.nextInt(whole.length)];
                System.arraycopy(whole, 0, cut, 0, cut.length);
                yield cut;
            }
        };
    }

    private byte[] flipped(byte[] datagram) {
        byte[] changed = datagram.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return changed;
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] any(List<byte[]> datagrams) {
        return datagrams.get(random.nextInt(datagrams.size()));
    }
}
