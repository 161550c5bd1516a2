package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.Delivery;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.event.CloseReason;
import dev.cutlass.event.ConnectFailedException;
import dev.cutlass.event.ConnectFailure;
import dev.cutlass.event.CutlassEvent.ConnectFailed;
import dev.cutlass.event.CutlassEvent.Connected;
import dev.cutlass.event.CutlassEvent.ConnectionRequested;
import dev.cutlass.event.CutlassEvent.Dropped;
import dev.cutlass.event.CutlassEvent.PeerRestarted;
import dev.cutlass.event.CutlassEvent.TimedOut;
import dev.cutlass.event.DeliveryFailedException;
import dev.cutlass.event.DeliveryFailure;
import dev.cutlass.event.DeliveryState;
import dev.cutlass.event.Permission;
import dev.cutlass.event.Permissions;
import dev.cutlass.event.TrustPolicy;
import dev.cutlass.fixtures.NatKind;
import dev.cutlass.fixtures.Partition;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.fixtures.SimHost;
import dev.cutlass.fixtures.SimNat;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How connections begin, break and come back, of whole engines in virtual time. */
final class SimulatedConnectionsTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final TestNetwork network = TestNetwork.simulated(3);

    static LongStream someSeeds() {
        return Seeds.oneIn(2);
    }

    @AfterEach
    void stopAll() {
        network.close();
    }

    @Test
    void twoPeersThatTalkChangeTheirKeys() {
        network.conditions().delayMillis(20, 40).loss(0.1);
        TestPeer left = network.peer("left");
        TestPeer right = network.peer("right");
        Peer toRight = left.connect(right);
        for (int i = 0; i < 100; i++) {
            toRight.send("text " + i);
            network.runFor(Duration.ofSeconds(6));
        }

        assertTrue(network.runUntil(() -> right.texts(left).size() == 100, LIMIT));
        assertTrue(toRight.info().epoch() >= 4, () -> "epoch " + toRight.info().epoch());
        assertEquals(toRight.info().epoch(), right.peer(left).info().epoch());
        assertEquals(1, left.events(Connected.class).size(), "it is still the first connection");
    }

    /** For the engine the dial is not over yet when its caller hears of it: it ended the connection with it, without a word. */
    @Test
    void whoHangsUpAtTheMomentItIsConnectedSaysSo() {
        TestPeer left = network.peer("left", settings -> settings.handlerExecutor(Runnable::run));
        TestPeer right = network.peer("right");
        left.cutlass().connect(right.address()).thenAccept(Peer::disconnect);

        assertTrue(network.runUntil(() -> !right.events(Dropped.class).isEmpty(), Duration.ofSeconds(10)));
        assertEquals(CloseReason.NORMAL, right.events(Dropped.class).get(0).reason());
        assertEquals(CloseReason.NORMAL, left.events(Dropped.class).get(0).reason());
    }

    @ParameterizedTest
    @MethodSource("someSeeds")
    void ofTwoDialsAtOnceOneConnectionSurvivesAndNothingIsLostOrDoubled(long seed) {
        Seeds.run(seed, s -> {
            SplittableRandom random = new SplittableRandom(s);
            try (TestNetwork both = TestNetwork.simulated(s)) {
                both.conditions().delayMillis(10, 10 + random.nextInt(50)).loss(random.nextInt(3) * 0.1);
                boolean stealth = random.nextBoolean();
                TestPeer left = both.peer("left", settings -> settings.stealth(stealth));
                TestPeer right = both.peer("right", settings -> settings.stealth(stealth));
                both.runFor(Duration.ofSeconds(1));
                CompletableFuture<Peer> there = left.cutlass().connect(at(right, stealth));
                both.runFor(Duration.ofMillis(random.nextInt(80)));
                CompletableFuture<Peer> back = right.cutlass().connect(at(left, stealth));
                there.thenAccept(peer -> peer.send("at once"));
                back.thenAccept(peer -> peer.send("at once"));
                both.await(there).send("later");
                both.await(back).send("later");
                List<String> texts = List.of("at once", "later");
                assertTrue(both.runUntil(
                        () -> left.texts(right).size() == 2 && right.texts(left).size() == 2, LIMIT));
                both.runFor(Duration.ofMinutes(1));

                assertEquals(texts, left.texts(right));
                assertEquals(texts, right.texts(left));
                for (TestPeer peer : both.peers()) {
                    assertEquals(1, peer.connections(), "connections of one side");
                    assertEquals(1, peer.events(Connected.class).size());
                    assertTrue(peer.events(Dropped.class).isEmpty());
                }
            }
        });
    }

    private static PeerAddress at(TestPeer peer, boolean stealth) {
        return stealth ? peer.address().withStealth() : peer.address();
    }

    @Test
    void aRestartInOrderIsDroppedAndACrashIsTimedOut() {
        TestPeer left = network.peer("left");
        TestPeer right = network.peer("right");
        left.connect(right);
        right.stop();
        assertTrue(network.runUntil(() -> !left.events(Dropped.class).isEmpty(), LIMIT));
        assertEquals(CloseReason.SHUTDOWN, left.events(Dropped.class).get(0).reason());
        assertTrue(left.events(TimedOut.class).isEmpty());
        right.start();
        assertTrue(network.runUntil(() -> left.events(Connected.class).size() == 2, LIMIT), "dials again by itself");
        right.crash();
        assertTrue(network.runUntil(() -> !left.events(TimedOut.class).isEmpty(), LIMIT));
        assertEquals(1, left.events(Dropped.class).size());
    }

    @Test
    void aRebootThatIsQuickerThanSilenceIsNoticedAndMessagesGoOn() {
        TestPeer left = network.peer("left");
        TestPeer right = network.peer("right");
        Peer there = left.connect(right);
        network.await(there.send("before").toCompletableFuture());
        right.crash();
        Delivery meanwhile = there.send("meanwhile");
        network.runFor(Duration.ofMillis(500));
        right.start();
        network.await(right.cutlass().connect(left.address()));
        network.await(meanwhile.toCompletableFuture());
        network.await(there.send("after").toCompletableFuture());

        assertEquals(1, left.events(PeerRestarted.class).size());
        assertTrue(left.events(TimedOut.class).isEmpty());
        assertEquals(List.of("before", "meanwhile", "after"), right.texts(left));
    }

    @Test
    void whatIsSaidToAnAbsentPeerWaitsForItsReturn() {
        TestPeer left = network.peer("left");
        TestPeer right = network.peer("right");
        Peer there = left.connect(right);
        right.stop();
        network.runFor(Duration.ofMinutes(10));
        Delivery first = there.send("one");
        Delivery second = there.send("two");
        network.runFor(Duration.ofMinutes(1));
        assertEquals(DeliveryState.QUEUED, first.state());
        right.start();
        network.await(second.toCompletableFuture());

        assertEquals(List.of("one", "two"), right.texts(left));
        assertEquals(DeliveryState.DELIVERED, first.state());
    }

    @Test
    void pausesBetweenDialsGrowAndEnd() {
        TestPeer left = network.peer("left");
        TestPeer right = network.peer("right");
        left.connect(right);
        right.stop();
        network.runFor(Duration.ofMinutes(30));
        List<Duration> pauses = left.events(ConnectFailed.class).stream()
                .map(event -> event.retryIn().orElseThrow())
                .toList();

        assertTrue(pauses.size() > 20 && pauses.size() < 60, pauses.size() + " attempts");
        assertTrue(pauses.get(0).compareTo(Duration.ofSeconds(2)) <= 0);
        assertTrue(pauses.stream().allMatch(pause -> pause.compareTo(Duration.ofSeconds(60)) <= 0));
        assertTrue(pauses.get(pauses.size() - 1).compareTo(Duration.ofSeconds(30)) >= 0);
        assertTrue(pauses.stream().distinct().count() > 10, "they differ");
    }

    @Test
    void aStrangerWaitsUntilSomebodyDecides() {
        TestPeer left = network.peer("left");
        TestPeer right = network.peer("right", settings -> settings.trustPolicy(TrustPolicy.ASK));
        CompletableFuture<Peer> dial = left.cutlass().connect(right.address());
        assertTrue(
                network.runUntil(() -> !right.events(ConnectionRequested.class).isEmpty(), LIMIT));
        network.runFor(Duration.ofSeconds(30));
        assertFalse(dial.isDone());
        assertTrue(right.events(Connected.class).isEmpty());
        right.cutlass().decide(left.id(), true);

        network.await(network.await(dial).send("hello").toCompletableFuture());
        assertEquals(List.of("hello"), right.texts(left));
    }

    @Test
    void aStrangerAboutWhomNobodyDecidesIsRefused() {
        TestPeer left = network.peer("left");
        TestPeer right = network.peer("right", settings -> settings.trustPolicy(TrustPolicy.ASK));
        CompletableFuture<Peer> dial = left.cutlass().connect(right.address());
        network.runFor(Duration.ofMinutes(3));

        assertTrue(dial.isCompletedExceptionally());
        assertEquals(0, right.connections());
        assertTrue(right.events(Connected.class).isEmpty());
    }

    @Test
    void whoIsNotKnownIsRefusedIfThePolicySaysSo() {
        TestPeer left = network.peer("left");
        TestPeer right = network.peer("right", settings -> settings.trustPolicy(TrustPolicy.KNOWN_ONLY));
        CompletionException failure = assertThrows(CompletionException.class, () -> left.connect(right));

        assertEquals(
                ConnectFailure.REFUSED,
                assertInstanceOf(ConnectFailedException.class, failure.getCause())
                        .failure());
        assertTrue(right.events(Connected.class).isEmpty());
        network.await(right.cutlass().connect(left.address())); // whom we dial is known by that
        assertTrue(network.runUntil(() -> left.events(Connected.class).size() == 1, LIMIT));
    }

    @Test
    void whoMayNotSendHearsThatAndTheMessageIsNotDelivered() {
        TestPeer left = network.peer("left");
        TestPeer right = network.peer(
                "right",
                settings -> settings.defaultPermissions(Permissions.all().without(Permission.MESSAGE)));
        Delivery delivery = left.connect(right).send("psst");
        assertTrue(network.runUntil(() -> delivery.state() == DeliveryState.FAILED, LIMIT));
        assertEquals(
                DeliveryFailure.NOT_PERMITTED,
                delivery.failure().map(DeliveryFailedException::failure).orElseThrow());
        right.peer(left).permissions(Permissions.all());
        network.await(left.peer(right).send("now").toCompletableFuture());

        assertEquals(List.of("now"), right.texts(left));
    }

    @Test
    void whoLosesThePermissionToConnectIsGone() {
        TestPeer left = network.peer("left");
        TestPeer right = network.peer("right");
        left.connect(right);
        network.runFor(Duration.ofSeconds(1));
        right.peer(left).permissions(Permissions.none());
        assertTrue(network.runUntil(() -> !left.events(Dropped.class).isEmpty(), LIMIT));

        assertEquals(CloseReason.REFUSED, left.events(Dropped.class).get(0).reason());
        network.runFor(Duration.ofMinutes(5));
        assertEquals(0, right.connections());
        assertEquals(1, left.events(Connected.class).size());
    }

    @ParameterizedTest
    @EnumSource(NatKind.class)
    void aSocketOfItsOwnIsTriedTowardsEachKindOfNatAndGivenUpWhereItDoesNotPass(NatKind kind) {
        SimNat nat = network.conditions().nat(kind);
        SimHost host = nat.host("inside");
        TestPeer right = network.peer("right");
        TestPeer left = network.peer("left", host, Identity.generate(new SeededSecureRandom(5)), settings -> {});
        Peer there = left.connect(right);
        network.await(there.send("one").toCompletableFuture());
        network.await(right.peer(left).send("two").toCompletableFuture());
        network.runFor(Duration.ofSeconds(30));
        network.await(right.peer(left).send("three").toCompletableFuture());

        assertEquals(List.of("two", "three"), left.texts(right));
        // Filters on ports let only the port in that was dialled; without them the new socket's packets pass.
        boolean passes = kind == NatKind.OPEN || kind == NatKind.ADDRESS_FILTERED;
        assertEquals(passes, right.peer(left).info().backConnected(), kind.toString());
    }

    @Test
    void anotherMappingOfTheNatOrAnotherAddressIsFollowed() {
        SimNat nat = network.conditions().nat(NatKind.PORT_FILTERED);
        TestPeer right = network.peer("right");
        TestPeer left =
                network.peer("left", nat.host("inside"), Identity.generate(new SeededSecureRandom(5)), settings -> {});
        Peer there = left.connect(right);
        nat.rebind();
        network.await(there.send("one").toCompletableFuture());
        nat.changeAddress();
        left.cutlass().networkChanged();
        network.await(there.send("two").toCompletableFuture());
        network.await(right.peer(left).send("three").toCompletableFuture());

        assertEquals(List.of("one", "two"), right.texts(left));
        assertEquals(List.of("three"), left.texts(right));
        assertTrue(left.events(TimedOut.class).isEmpty()
                && right.events(TimedOut.class).isEmpty());
    }

    @Test
    void ipv6CarriesAConversation() {
        TestPeer left = network.peer("left");
        TestPeer right = network.peer("right");
        PeerAddress.Place six = new PeerAddress.Place(
                right.host().address6().getHostAddress(), right.cutlass().localPort());
        Peer there = network.await(left.cutlass().connect(PeerAddress.of(right.id(), six)));
        network.await(there.send("six").toCompletableFuture());

        assertEquals(List.of("six"), right.texts(left));
        assertEquals(16, there.info().address().orElseThrow().getAddress().getAddress().length);
    }

    @Test
    void aShortPartitionIsOnlyAPause() {
        TestPeer left = network.peer("left");
        TestPeer right = network.peer("right");
        Peer there = left.connect(right);
        Partition partition = network.conditions().isolate(right.host());
        Delivery delivery = there.send("patience");
        network.runFor(Duration.ofSeconds(20));
        partition.heal();
        network.await(delivery.toCompletableFuture());

        assertEquals(List.of("patience"), right.texts(left));
        assertEquals(1, left.events(Connected.class).size());
    }
}
