package dev.cutlass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.event.CloseReason;
import dev.cutlass.event.ConnectFailedException;
import dev.cutlass.event.ConnectFailure;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.DeliveryFailedException;
import dev.cutlass.event.DeliveryFailure;
import dev.cutlass.event.DeliveryState;
import dev.cutlass.event.PeerState;
import dev.cutlass.event.TrustState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How connections end and come back, over real sockets on loopback. */
final class ConnectionEndsTest extends Engines {
    @Test
    void anOrderlyEndIsDroppedAndNotTimedOut() throws Exception {
        TestEngine left = start("left");
        TestEngine right = start("right");
        left.connect(right.address());
        right.await(CutlassEvent.Connected.class);
        right.cutlass.close();
        CutlassEvent.Dropped dropped = left.await(CutlassEvent.Dropped.class);

        assertEquals(CloseReason.SHUTDOWN, dropped.reason());
        assertTrue(dropped.byPeer());
        assertTrue(left.events.stream().noneMatch(CutlassEvent.TimedOut.class::isInstance));
    }

    @Test
    void silenceIsTimedOutAndNotDropped() throws Exception {
        TestEngine left = start("left", TestEngine::hasty);
        TestEngine right = start("right", TestEngine::hasty);
        left.connect(right.address());
        right.cutCable();
        left.await(CutlassEvent.TimedOut.class);

        assertTrue(left.events.stream().noneMatch(CutlassEvent.Dropped.class::isInstance));
    }

    @Test
    void disconnectEndsBothSidesForGood() throws Exception {
        TestEngine left = start("left");
        TestEngine right = start("right");
        left.connect(right.address()).disconnect();
        CutlassEvent.Dropped dropped = right.await(CutlassEvent.Dropped.class);

        assertEquals(CloseReason.NORMAL, dropped.reason());
        assertFalse(left.await(CutlassEvent.Dropped.class).byPeer());
        TestEngine.awaitTrue("away", () -> left.peer(right).state() == PeerState.AWAY);
    }

    @Test
    void aPeerThatComesBackIsDialledAgainAndGetsWhatWaited() throws Exception {
        TestEngine left = start("left");
        TestEngine right = start("right");
        Peer peer = left.connect(right.address());
        right.cutlass.close();
        left.await(CutlassEvent.Dropped.class);
        Delivery waiting = peer.send("later");
        assertEquals(DeliveryState.QUEUED, waiting.state());
        TestEngine again = kept(right.startAgain(builder -> builder));
        waiting.join();

        assertEquals("later", again.awaitText());
        left.await(CutlassEvent.Connected.class);
    }

    @Test
    void anEngineThatIsClosingAnswersNoDial() throws Exception {
        TestEngine left = start("left");
        TestEngine right = start("right");
        TestEngine third = start("third", builder -> builder.connectTimeout(Duration.ofMillis(600)));
        left.connect(right.address());
        left.cutCable(); // so that right waits for its answer for a second
        CompletableFuture<Void> closing = CompletableFuture.runAsync(right.cutlass::close);
        TestEngine.awaitTrue("closing", right.cutlass::isClosed);

        ExecutionException e = assertThrows(ExecutionException.class, () -> third.connect(right.address()));
        assertEquals(
                ConnectFailure.NO_ANSWER,
                assertInstanceOf(ConnectFailedException.class, e.getCause()).failure());
        closing.get(TestEngine.WAIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void aRestartedPeerIsNoticedWhenItDialsAndMissesNothing() throws Exception {
        TestEngine left = start("left");
        TestEngine right = start("right");
        Peer peer = left.connect(right.address());
        peer.send("before").join();
        right.cutCable();
        Delivery between = peer.send("between");
        right.cutlass.close();
        TestEngine again = kept(right.startAgain(builder -> builder));
        again.connect(left.address());
        left.await(CutlassEvent.PeerRestarted.class);
        between.join();
        peer.send("after").join();

        assertEquals("between", again.awaitText());
        assertEquals("after", again.awaitText());
    }

    @Test
    void aRestartedEngineDialsItsRecentPeers(@TempDir Path home) throws Exception {
        TestEngine left = start("left");
        TestEngine right = start("right", builder -> builder.home(home));
        right.connect(left.address());
        left.await(CutlassEvent.Connected.class);
        right.cutlass.close();
        left.await(CutlassEvent.Dropped.class);
        TestEngine again = kept(right.startAgain(builder -> builder.home(home)));

        assertEquals(
                right.cutlass.id(), left.await(CutlassEvent.Connected.class).peer());
        assertEquals(TrustState.KNOWN, again.await(CutlassEvent.Connected.class).trust());
    }

    @Test
    void aNewNickIsTold() throws Exception {
        TestEngine left = start("left");
        TestEngine right = start("right");
        left.connect(right.address());
        right.await(CutlassEvent.Connected.class);
        left.cutlass.setNick("Zoë");

        assertEquals("Zoë", right.await(CutlassEvent.NickChanged.class).nick());
        assertEquals("Zoë", right.peer(left).nick());
        assertThrows(IllegalArgumentException.class, () -> left.cutlass.setNick("x".repeat(64)));
    }

    @Test
    void handlersMayCloseTheEngineWhicheverExecutorTheyRunOn() throws Exception {
        for (boolean direct : new boolean[] {false, true}) {
            TestEngine left = start("left");
            CompletableFuture<Cutlass> engine = new CompletableFuture<>();
            CompletableFuture<Void> closed = new CompletableFuture<>();
            TestEngine right = start("right", builder -> {
                builder.onMessage((peer, message) -> {
                    engine.join().close();
                    closed.complete(null);
                });
                return direct ? builder.handlerExecutor(Runnable::run) : builder;
            });
            engine.complete(right.cutlass);
            left.connect(right.address()).send("close");
            closed.get(TestEngine.WAIT_SECONDS, TimeUnit.SECONDS);

            assertEquals(
                    CloseReason.SHUTDOWN, left.await(CutlassEvent.Dropped.class).reason());
        }
    }

    @Test
    void aClosedEngineRefusesEverythingAtOnce() throws Exception {
        TestEngine left = start("left");
        TestEngine right = start("right");
        Peer peer = left.connect(right.address());
        right.cutCable();
        Delivery lost = peer.send("lost");
        left.cutlass.close();
        left.cutlass.close();

        CompletionException e = assertThrows(CompletionException.class, lost::join);
        assertEquals(
                DeliveryFailure.CLOSED,
                assertInstanceOf(DeliveryFailedException.class, e.getCause()).failure());
        assertTrue(left.cutlass.isClosed());
        assertThrows(IllegalStateException.class, () -> peer.send("late"));
        assertThrows(IllegalStateException.class, () -> left.cutlass.connect(right.address()));
    }
}
