package dev.cutlass.examples.feature;

import dev.cutlass.Cutlass;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.event.ConnectFailedException;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.CutlassListener;
import dev.cutlass.event.TrustPolicy;
import java.net.InetAddress;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whom to let in: ask a person about strangers, compare the safety number, later admit only who is known. */
public final class Trust {
    private Trust() {}

    public static void main(String[] args) throws Exception {
        final InetAddress here = InetAddress.getLoopbackAddress();
        final CountDownLatch connected = new CountDownLatch(1);
        try (Identity leftKey = Identity.generate();
                Identity rightKey = Identity.generate();
                Identity strangerKey = Identity.generate();
                Cutlass left = Cutlass.builder()
                        .identity(leftKey)
                        .nick("left")
                        .port(0)
                        .bind(here)
                        .start();
                Cutlass stranger = Cutlass.builder()
                        .identity(strangerKey)
                        .nick("left")
                        .port(0)
                        .bind(here)
                        .start();
                Cutlass right = Cutlass.builder()
                        .identity(rightKey)
                        .nick("right")
                        .anyPort()
                        .bind(here)
                        .trustPolicy(TrustPolicy.ASK) // the default, ACCEPT_NEW, admits everybody and remembers them
                        .onConnectionRequest(request -> {
                            // A program would show this to its user and call accept or refuse when they have decided,
                            // from
                            // any thread, within 120 s. The nick is the newcomer's own choice and proves nothing.
                            System.out.println(
                                    "right is asked about \"" + request.event().nick() + "\", "
                                            + (request.event().peer().equals(leftKey.id())
                                                    ? "and knows the fingerprint"
                                                    : "?"));
                            request.accept();
                        })
                        .listener(new CutlassListener() {
                            @Override
                            public void onConnected(CutlassEvent.Connected event) {
                                connected.countDown();
                            }
                        })
                        .start()) {
            final PeerAddress address =
                    PeerAddress.of(right.id(), new PeerAddress.Place(here.getHostAddress(), right.localPort()));
            final Peer rightSeenByLeft = left.connect(address).join();
            connected.await(10, TimeUnit.SECONDS); // who was dialled hears of it a moment after the one who dialled
            final Peer leftSeenByRight = right.peer(left.id()).orElseThrow();
            System.out.println("left is now " + leftSeenByRight.trust());

            // Both people see the same 60 digits if, and only if, nobody sits between them. They read them to each
            // other by
            // telephone; the program only remembers that they did.
            if (leftSeenByRight
                    .safetyNumber()
                    .matches(rightSeenByLeft.safetyNumber().text())) {
                leftSeenByRight.verify();
                rightSeenByLeft.verify();
            }
            System.out.println("left is now " + leftSeenByRight.trust());

            // The policy can change at any time; who is connected stays. The list outlives the program if the builder
            // is
            // given a home folder.
            right.setTrustPolicy(TrustPolicy.KNOWN_ONLY);
            try {
                stranger.connect(address).join();
            } catch (CompletionException failure) {
                if (failure.getCause() instanceof ConnectFailedException refused) {
                    System.out.println("a stranger with the same nick: " + refused.failure());
                }
            }
            rightSeenByLeft.disconnect();
            System.out.println(
                    "left dials again: " + left.connect(address).join().state());
        }
    }
}
