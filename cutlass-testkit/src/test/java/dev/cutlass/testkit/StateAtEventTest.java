package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.Cutlass;
import dev.cutlass.Peer;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.CutlassListener;
import dev.cutlass.event.PeerState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A handler that looks at the peer sees what the event said, however soon it looks. */
final class StateAtEventTest {
    /** The fastest executor that there can be: the task has run on another thread before the engine goes on. */
    private static final Executor SOONEST = task -> {
        final Thread thread = new Thread(task, "handler");
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    };

    @Test
    void aPeerIsConnectedWhenItsConnectionIsToldAndNotAnyMoreWhenItsEndIs() {
        final List<PeerState> states = new CopyOnWriteArrayList<>();
        final AtomicReference<Cutlass> engine = new AtomicReference<>();
        try (TestNetwork network = TestNetwork.loopback()) {
            final TestPeer left = network.peer(
                    "left",
                    settings -> settings.handlerExecutor(SOONEST).listener(new CutlassListener() {
                        @Override
                        public void onConnected(CutlassEvent.Connected event) {
                            look(event);
                        }

                        @Override
                        public void onDropped(CutlassEvent.Dropped event) {
                            look(event);
                        }

                        private void look(CutlassEvent event) {
                            states.add(engine.get()
                                    .peer(event.subject().orElseThrow())
                                    .map(Peer::state)
                                    .orElse(PeerState.AWAY));
                        }
                    }));
            engine.set(left.cutlass());
            final TestPeer right = network.peer("right");
            right.connect(left);
            assertTrue(network.runUntil(() -> states.size() == 1, Duration.ofSeconds(30)));
            right.stop();
            assertTrue(network.runUntil(() -> states.size() == 2, Duration.ofSeconds(30)));
        }
        assertEquals(List.of(PeerState.CONNECTED, PeerState.AWAY), states);
    }
}
