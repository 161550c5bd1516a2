package dev.cutlass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.Identity;
import dev.cutlass.event.ConnectFailedException;
import dev.cutlass.event.ConnectFailure;
import dev.cutlass.event.CutlassEvent;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** How connections begin, over real sockets on loopback. */
final class ConnectingTest extends Engines {
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
}
