package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.Peer;
import dev.cutlass.event.ConnectFailedException;
import dev.cutlass.event.ConnectFailure;
import dev.cutlass.event.CutlassEvent.ConnectionRequested;
import dev.cutlass.event.CutlassEvent.Dropped;
import dev.cutlass.event.CutlassEvent.TimedOut;
import dev.cutlass.event.TrustPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** More strangers than anybody can decide about, each of whom completes a handshake. */
final class UndecidedPeersTest {
    private static final int PLACES = 64;
    private static final int STRANGERS = 200;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Test
    void sixtyFourStrangersWaitTheOthersAreRefusedAndWhoIsKnownComesAndGoes() {
        try (TestNetwork network = TestNetwork.simulated(5)) {
            network.conditions().delayMillis(10, 10);
            TestPeer host = network.peer("host", settings -> settings.trustPolicy(TrustPolicy.ASK));
            TestPeer friend = network.peer("friend");
            TestPeer contact = network.peer("contact");
            network.await(host.cutlass().connect(friend.address()));
            network.await(host.cutlass().connect(contact.address()));
            contact.stop();
            network.runFor(Duration.ofSeconds(30));
            Peer toHost = friend.peer(host);

            List<TestPeer> strangers = new ArrayList<>();
            List<CompletableFuture<Peer>> dials = new ArrayList<>();
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < STRANGERS; i++) {
                TestPeer stranger = network.peer("stranger" + i);
                strangers.add(stranger);
                dials.add(stranger.cutlass().connect(host.address()));
                toHost.send("during " + i);
                texts.add("during " + i);
                network.runFor(Duration.ofMillis(50));
            }
            network.runFor(Duration.ofSeconds(1));
            assertEquals(PLACES, host.events(ConnectionRequested.class).size());
            assertEquals(PLACES, dials.stream().filter(dial -> !dial.isDone()).count());
            for (CompletableFuture<Peer> refused : dials.subList(PLACES, STRANGERS)) {
                ConnectFailedException failure = assertInstanceOf(
                        ConnectFailedException.class,
                        assertThrows(CompletionException.class, refused::join).getCause());
                assertEquals(ConnectFailure.REFUSED, failure.failure());
            }
            assertEquals(texts, host.texts(friend), "the conversation goes on");
            network.runFor(Duration.ofSeconds(10)); // refused ones answer stragglers for a moment
            assertEquals(PLACES + 1, host.connections());

            contact.restart();
            network.await(contact.cutlass().connect(host.address())); // needs no place
            host.cutlass().decide(strangers.get(0).id(), true);
            network.await(dials.get(0));
            host.cutlass().decide(strangers.get(1).id(), false);
            assertTrue(network.runUntil(dials.get(1)::isCompletedExceptionally, LIMIT));
            for (int i = 0; i < 3; i++) {
                strangers.get(PLACES + i).cutlass().connect(host.address());
            }
            network.runFor(Duration.ofSeconds(5));
            assertEquals(PLACES + 2, host.events(ConnectionRequested.class).size(), "two places were free");

            network.runFor(Duration.ofMinutes(3));
            assertEquals(
                    0,
                    dials.subList(0, PLACES).stream()
                            .filter(dial -> !dial.isDone())
                            .count(),
                    "nobody decided");
            assertEquals(3, host.connections());
            CompletableFuture<Peer> late = strangers.get(PLACES + 3).cutlass().connect(host.address());
            network.runFor(Duration.ofSeconds(5));
            assertFalse(late.isDone());
            host.cutlass().decide(strangers.get(PLACES + 3).id(), true);
            network.await(late);
            assertTrue(host.events(TimedOut.class).stream()
                    .noneMatch(event -> event.peer().equals(friend.id())));
            assertTrue(host.events(Dropped.class).stream()
                    .noneMatch(event -> event.peer().equals(friend.id())));
        }
    }
}
