package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.Delivery;
import dev.cutlass.event.CutlassEvent.Connected;
import dev.cutlass.event.DeliveryState;
import dev.cutlass.fixtures.Trace;
import dev.cutlass.fixtures.TraceEvent;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The test kit as an embedder uses it, in virtual time. */
final class SimulatedPeersTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @RegisterExtension
    final CutlassPeers peers = CutlassPeers.simulated("left", "middle", "right")
            .over(network -> network.loss(0.1).delayMillis(5, 40))
            .connected();

    @Test
    void everyPeerIsConnectedWithEveryOtherOne() {
        for (TestPeer peer : peers.network().peers()) {
            assertTrue(peers.network()
                    .runUntil(() -> peer.events(Connected.class).size() == 2, LIMIT));
        }
    }

    @Test
    void aMessageArrivesAndItsReceiptComesBack() {
        TestPeer left = peers.get("left");
        TestPeer right = peers.get("right");
        Delivery delivery = left.peer(right).send("hello");
        peers.network().await(delivery.toCompletableFuture());

        assertEquals(DeliveryState.DELIVERED, delivery.state());
        assertEquals(List.of("hello"), right.texts(left));
    }

    @Test
    void aPeerIsFoundByTheNameOfItsHost() {
        TestNetwork network = peers.network();
        TestPeer right = peers.get("right");
        TestPeer late = network.peer("late");
        network.await(late.cutlass().connect(network.addressByName(right, "right")));

        assertTrue(network.runUntil(() -> right.events(Connected.class).size() == 3, LIMIT));
    }

    @Test
    void anUnknownPeerIsSaidToBeUnknown() {
        assertThrows(IllegalArgumentException.class, () -> peers.get("nobody"));
    }

    @Test
    void theSameSeedGivesTheSameTraceAndAnotherSeedAnotherOne() {
        List<TraceEvent> first = talk(7);

        assertEquals(first, talk(7));
        assertNotEquals(first, talk(8));
    }

    /** A lossy conversation with a restart, as seen on the wire, bytes included. */
    private static List<TraceEvent> talk(long seed) {
        try (TestNetwork network = TestNetwork.simulated(seed)) {
            network.conditions().loss(0.2).duplicate(0.1).delayMillis(5, 50);
            Trace trace = network.conditions().trace(32);
            TestPeer left = network.peer("left");
            TestPeer right = network.peer("right");
            network.await(left.connect(right).send("one").toCompletableFuture());
            right.restart();
            network.await(left.peer(right).send("two").toCompletableFuture());
            network.runFor(Duration.ofMinutes(2));
            return trace.events();
        }
    }

    @Test
    void aFailureSaysItsSeed() {
        CutlassPeers extension = CutlassPeers.simulated("only");
        ExtensionContext context = (ExtensionContext) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ExtensionContext.class}, (proxy, method, args) -> "id");
        extension.beforeEach(context);
        AssertionError failure = new AssertionError("wrong");
        AssertionError thrown =
                assertThrows(AssertionError.class, () -> extension.handleTestExecutionException(context, failure));
        extension.afterEach(context);

        assertTrue(thrown.getSuppressed()[0].getMessage().contains("-Dcutlass.seed="));
        assertThrows(IllegalStateException.class, extension::network);
    }
}
