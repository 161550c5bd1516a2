package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.event.CutlassEvent.MessageReceived;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The test kit as an embedder uses it, over real sockets. */
final class LoopbackPeersTest {
    @RegisterExtension
    final CutlassPeers peers = CutlassPeers.onLoopback("left", "right").connected();

    @Test
    void aMessageArrivesAndIsAnswered() {
        TestPeer left = peers.get("left");
        TestPeer right = peers.get("right");
        peers.network().await(left.peer(right).send("hello").toCompletableFuture());
        peers.network().await(right.peer(left).send("hello yourself").toCompletableFuture());

        assertHeard(left, right, "hello yourself");
        assertHeard(right, left, "hello");
    }

    @Test
    void aRestartedPeerIsFoundAgainWhereItWas() {
        TestPeer left = peers.get("left");
        TestPeer right = peers.get("right");
        right.restart();
        peers.network().await(left.peer(right).send("still there?").toCompletableFuture());

        assertHeard(right, left, "still there?");
    }

    /** A message is delivered when the handler queue has it; the handler may run a moment later. */
    private void assertHeard(TestPeer listener, TestPeer speaker, String text) {
        assertTrue(peers.network()
                .runUntil(() -> listener.events(MessageReceived.class).size() == 1, Duration.ofMinutes(1)));
        assertEquals(List.of(text), listener.texts(speaker));
    }

    @Test
    void thereIsNoSimulationToSetConditionsOf() {
        assertThrows(IllegalStateException.class, () -> peers.network().conditions());
    }
}
