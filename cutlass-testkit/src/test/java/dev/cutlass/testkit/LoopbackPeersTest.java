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

        assertTrue(peers.network()
                .runUntil(() -> left.events(MessageReceived.class).size() == 1, Duration.ofMinutes(1)));
        assertEquals(List.of("hello yourself"), left.texts(right));
        assertEquals(List.of("hello"), right.texts(left));
    }

    @Test
    void aRestartedPeerIsFoundAgainWhereItWas() {
        TestPeer left = peers.get("left");
        TestPeer right = peers.get("right");
        right.restart();
        peers.network().await(left.peer(right).send("still there?").toCompletableFuture());

        assertEquals(List.of("still there?"), right.texts(left));
    }

    @Test
    void thereIsNoSimulationToSetConditionsOf() {
        assertThrows(IllegalStateException.class, () -> peers.network().conditions());
    }
}
