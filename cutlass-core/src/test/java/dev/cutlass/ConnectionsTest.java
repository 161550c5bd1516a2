package dev.cutlass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.Identity;
import dev.cutlass.event.CloseReason;
import dev.cutlass.event.ConnectFailedException;
import dev.cutlass.event.ConnectFailure;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.DeliveryFailedException;
import dev.cutlass.event.DeliveryFailure;
import dev.cutlass.event.DeliveryState;
import dev.cutlass.event.PeerState;
import dev.cutlass.event.Permission;
import dev.cutlass.event.Permissions;
import dev.cutlass.event.TrustPolicy;
import dev.cutlass.event.TrustState;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How connections begin and end, over real sockets on loopback. */
final class ConnectionsTest {
    private final Deque<TestEngine> open = new ArrayDeque<>();

    private TestEngine start(String nick) throws IOException {
        return start(nick, builder -> builder);
    }

    private TestEngine start(String nick, UnaryOperator<CutlassBuilder> settings) throws IOException {
        return kept(TestEngine.start(nick, settings));
    }

    private TestEngine kept(TestEngine engine) {
        open.push(engine);
        return engine;
    }

    @AfterEach
    void closeAll() {
        open.forEach(TestEngine::close);
    }

    private static ConnectFailedException failureOf(TestEngine engine, PeerAddress address) {
        ExecutionException e = assertThrows(ExecutionException.class, () -> engine.connect(address));
        return assertInstanceOf(ConnectFailedException.class, e.getCause());
    }

    @Test
    void overIpv6() throws Exception {
        TestEngine left;
        try {
            left = kept(TestEngine.startAt("::1", "left", builder -> builder));
        } catch (IOException e) {
            Assumptions.abort("this machine has no ::1");
            return;
        }
        TestEngine right = kept(TestEngine.startAt("::1", "right", builder -> builder));
        left.connect(PeerAddress.parse(right.address().text())).send("six").join();

        assertEquals("six", right.awaitText());
    }

    @Test
    void inStealthModeWithTheKeyOnly() throws Exception {
        TestEngine right = start("right", builder -> builder.stealth(true));
        TestEngine left = start("left", builder -> builder.connectTimeout(Duration.ofSeconds(1)));

        assertEquals(ConnectFailure.NO_ANSWER, failureOf(left, right.address()).failure());
        Peer peer = left.connect(right.address().withStealth());
        peer.send("psst").join();
        assertEquals("psst", right.awaitText());
        assertEquals("XKhfs+psk3", peer.info().pattern());
    }

    @Test
    void whoeverAnswersAtAPlaceWithoutAKey() throws Exception {
        TestEngine right = start("right");
        TestEngine left = start("left");
        Peer peer = left.connect(PeerAddress.parse(right.place().text()));

        assertEquals(right.cutlass.id(), peer.id());
    }

    @Test
    void portZeroIsOutboundOnly() throws Exception {
        TestEngine left = start("left", builder -> builder.port(0));
        TestEngine right = start("right", builder -> builder.connectTimeout(Duration.ofSeconds(1)));

        assertEquals(ConnectFailure.NO_ANSWER, failureOf(right, left.address()).failure());
        left.connect(right.address()).send("out").join();
        assertEquals("out", right.awaitText());
    }

    @Test
    void aPortInUseIsExplained() throws Exception {
        TestEngine first = start("first");
        IOException e = assertThrows(
                IOException.class, () -> start("second", builder -> builder.port(first.cutlass.localPort())));

        assertTrue(e.getMessage().contains("in use"), e.getMessage());
    }

    @Test
    void anotherKeyThanTheOneDialledIsRefusedWithBothFingerprints() throws Exception {
        TestEngine right = start("right");
        TestEngine left = start("left");
        try (Identity other = Identity.generate()) {
            ConnectFailedException e = failureOf(left, PeerAddress.of(other.id(), right.place()));
            CutlassEvent.KeyMismatch event = left.await(CutlassEvent.KeyMismatch.class);

            assertEquals(ConnectFailure.KEY_MISMATCH, e.failure());
            assertTrue(e.getMessage().contains(other.id().fingerprint()), e.getMessage());
            assertTrue(e.getMessage().contains(right.cutlass.id().fingerprint()), e.getMessage());
            assertEquals(other.id(), event.expected());
            assertEquals(right.cutlass.id(), event.answered());
        }
    }

    @Test
    void ourOwnAddressAndAnAddressWithoutAPlaceAreNotDialled() throws Exception {
        TestEngine left = start("left");
        try (Identity other = Identity.generate()) {
            assertEquals(ConnectFailure.SELF, failureOf(left, left.address()).failure());
            assertEquals(
                    ConnectFailure.NO_ADDRESS,
                    failureOf(left, PeerAddress.of(other.id())).failure());
        }
    }

    @Test
    void bothDialAtOnceAndOneConversationComesOfIt() throws Exception {
        for (int i = 0; i < 5; i++) {
            TestEngine left = start("left");
            TestEngine right = start("right");
            CompletableFuture<Peer> there = left.cutlass.connect(right.address());
            CompletableFuture<Peer> back = right.cutlass.connect(left.address());
            there.get(TestEngine.WAIT_SECONDS, TimeUnit.SECONDS).send("there").join();
            back.get(TestEngine.WAIT_SECONDS, TimeUnit.SECONDS).send("back").join();

            assertEquals("there", right.awaitText());
            assertEquals("back", left.awaitText());
            assertEquals(1, left.cutlass.peers().size());
            assertEquals(1, right.cutlass.peers().size());
        }
    }

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
    void underAskAStrangerWaitsForADecision() throws Exception {
        TestEngine right = start(
                "right",
                builder -> builder.trustPolicy(TrustPolicy.ASK).onConnectionRequest(request -> {
                    if (request.event().nick().equals("friend")) {
                        request.accept();
                    } else {
                        request.refuse();
                    }
                }));
        TestEngine friend = start("friend");
        TestEngine foe = start("foe");

        friend.connect(right.address()).send("hi").join();
        assertEquals("hi", right.awaitText());
        assertEquals(ConnectFailure.REFUSED, failureOf(foe, right.address()).failure());
    }

    @Test
    void underKnownOnlyAStrangerIsRefusedAndAKnownPeerIsNot(@TempDir Path home) throws Exception {
        TestEngine right = start("right", builder -> builder.home(home));
        TestEngine friend = start("friend");
        TestEngine foe = start("foe");
        friend.connect(right.address());
        right.cutlass.setTrustPolicy(TrustPolicy.KNOWN_ONLY);

        assertEquals(ConnectFailure.REFUSED, failureOf(foe, right.address()).failure());
        friend.peer(right).disconnect();
        friend.await(CutlassEvent.Dropped.class);
        friend.connect(right.address()).send("again").join();
        assertEquals("again", right.awaitText());
    }

    @Test
    void withoutThePermissionMessagesAreRefusedWithACode() throws Exception {
        TestEngine right = start(
                "right", builder -> builder.defaultPermissions(Permissions.all().without(Permission.MESSAGE)));
        TestEngine left = start("left");
        Delivery delivery = left.connect(right.address()).send("no");
        CompletionException e = assertThrows(CompletionException.class, delivery::join);

        assertEquals(
                DeliveryFailure.NOT_PERMITTED,
                assertInstanceOf(DeliveryFailedException.class, e.getCause()).failure());
        right.peer(left).permissions(Permissions.all());
        left.peer(right).send("yes").join();
        assertEquals("yes", right.awaitText());
    }

    @Test
    void aPeerWithoutThePermissionToConnectIsRefused() throws Exception {
        TestEngine right = start("right");
        TestEngine left = start("left");
        left.connect(right.address());
        right.await(CutlassEvent.Connected.class);
        right.peer(left).permissions(Permissions.none());

        assertEquals(CloseReason.REFUSED, left.await(CutlassEvent.Dropped.class).reason());
        assertEquals(ConnectFailure.REFUSED, failureOf(left, right.address()).failure());
    }

    @Test
    void aPreSharedKeyMustBeTheSameOnBothSides() throws Exception {
        byte[] secret = new byte[32];
        secret[0] = 1;
        try (Identity leftIdentity = Identity.generate();
                Identity rightIdentity = Identity.generate()) {
            TestEngine right =
                    start("right", builder -> builder.identity(rightIdentity).psk(leftIdentity.id(), secret));
            TestEngine with =
                    start("with", builder -> builder.identity(leftIdentity).psk(rightIdentity.id(), secret));
            TestEngine without =
                    start("without", builder -> builder.identity(leftIdentity).connectTimeout(Duration.ofSeconds(1)));

            with.connect(right.address()).send("secret").join();
            assertEquals("secret", right.awaitText());
            assertEquals(
                    ConnectFailure.INCOMPATIBLE,
                    failureOf(without, right.address()).failure());
            closeAll(); // before the identities
        }
    }

    @Test
    void aSecondDeviceOfAPeerWithAPreSharedKeyMayBeDialledAndMayDialIfItIsKnown() throws Exception {
        byte[] secret = new byte[32];
        secret[0] = 1;
        long now = Instant.now().getEpochSecond();
        try (Identity root = Identity.generate();
                Identity second = root.withNewDevice(new SecureRandom(), 1, now - 60, now + 3_600, List.of(1));
                Identity ofKnowing = Identity.generate();
                Identity ofUnknowing = Identity.generate()) {
            TestEngine knowing = start(
                    "knowing",
                    builder -> builder.identity(ofKnowing)
                            .psk(root.id(), secret)
                            .pskDevice(root.id(), second.device().publicKey()));
            TestEngine unknowing =
                    start("unknowing", builder -> builder.identity(ofUnknowing).psk(root.id(), secret));
            TestEngine phone = start(
                    "phone",
                    builder -> builder.identity(second)
                            .psk(ofKnowing.id(), secret)
                            .psk(ofUnknowing.id(), secret)
                            .connectTimeout(Duration.ofSeconds(4)));

            phone.connect(PeerAddress.of(ofKnowing.id(), knowing.place()))
                    .send("from the phone")
                    .join();
            assertEquals("from the phone", knowing.awaitText());
            PeerAddress toUnknowing = PeerAddress.of(ofUnknowing.id(), unknowing.place());
            assertEquals(
                    ConnectFailure.INCOMPATIBLE, failureOf(phone, toUnknowing).failure());

            unknowing
                    .connect(PeerAddress.of(root.id(), phone.place()))
                    .send("to the phone")
                    .join();
            assertEquals("to the phone", phone.awaitText());
            closeAll(); // before the identities
        }
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
    void theListeningSideTriesASocketOfItsOwn() throws Exception {
        TestEngine left = start("left");
        TestEngine right = start("right");
        left.connect(right.address());
        TestEngine.awaitTrue(
                "back-connected",
                () -> right.cutlass
                        .peer(left.cutlass.id())
                        .map(peer -> peer.info().backConnected())
                        .orElse(false));
        left.peer(right).send("through it").join();
        right.peer(left).send("and back").join();

        assertEquals("and back", left.awaitText());
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

    @Test
    void aForgottenPeerIsNewAgain(@TempDir Path home) throws Exception {
        TestEngine left = start("left", builder -> builder.home(home));
        TestEngine right = start("right");
        Peer peer = left.connect(right.address());
        peer.verify();
        assertEquals(TrustState.VERIFIED, peer.trust());
        peer.forget();
        left.await(CutlassEvent.Dropped.class);
        right.await(CutlassEvent.Dropped.class); // else it still believes that it is connected, and need not dial
        TestEngine.awaitTrue("new", () -> peer.trust() == TrustState.NEW);
        right.connect(left.address());

        left.await(CutlassEvent.Connected.class);
    }
}
