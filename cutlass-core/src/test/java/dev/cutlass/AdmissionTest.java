package dev.cutlass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cutlass.event.CloseReason;
import dev.cutlass.event.ConnectFailure;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.DeliveryFailedException;
import dev.cutlass.event.DeliveryFailure;
import dev.cutlass.event.Permission;
import dev.cutlass.event.Permissions;
import dev.cutlass.event.TrustPolicy;
import dev.cutlass.event.TrustState;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in, and what he may do, over real sockets on loopback. */
final class AdmissionTest extends Engines {
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
