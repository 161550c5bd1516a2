package dev.cutlass.examples.feature;

import dev.cutlass.Cutlass;
import dev.cutlass.Delivery;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.CutlassListener;
import dev.cutlass.event.DeliveryFailedException;
import dev.cutlass.event.Permission;
import dev.cutlass.event.Permissions;
import java.net.InetAddress;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What each peer may do here: a newcomer may connect and listen, somebody whom we chose may also speak. */
public final class PermissionsPerPeer {
    private PermissionsPerPeer() {}

    public static void main(String[] args) throws Exception {
        final InetAddress here = InetAddress.getLoopbackAddress();
        final CountDownLatch thrownOut = new CountDownLatch(1);
        try (Identity leftKey = Identity.generate();
                Identity rightKey = Identity.generate();
                Cutlass left = Cutlass.builder()
                        .identity(leftKey)
                        .nick("left")
                        .port(0)
                        .bind(here)
                        .listener(new CutlassListener() {
                            @Override
                            public void onDropped(CutlassEvent.Dropped event) {
                                System.out.println("left is thrown out: " + event.reason());
                                thrownOut.countDown();
                            }
                        })
                        .start();
                Cutlass right = Cutlass.builder()
                        .identity(rightKey)
                        .nick("right")
                        .anyPort()
                        .bind(here)
                        // For who is seen for the first time. The default is Permissions.all().
                        .defaultPermissions(Permissions.none().with(Permission.CONNECT))
                        .start()) {
            final Peer toRight = left.connect(
                            PeerAddress.of(right.id(), new PeerAddress.Place(here.getHostAddress(), right.localPort())))
                    .join();
            final Peer leftAtRight = right.peer(left.id()).orElseThrow();

            System.out.println("may connect only: " + outcome(toRight.send("hello?")));

            leftAtRight.permissions(leftAtRight.permissions().with(Permission.MESSAGE)); // from now on
            System.out.println("may speak, too: " + outcome(toRight.send("hello!")));

            leftAtRight.permissions(
                    Permissions.none()); // ends the connection; a later dial is refused, as a stranger's
            thrownOut.await(10, TimeUnit.SECONDS);
        }
    }

    /** What became of a message; the sender learns that it was not permitted, not why. */
    private static String outcome(Delivery delivery) {
        try {
            delivery.join();
            return delivery.state().name();
        } catch (CompletionException failure) {
            return delivery.failure()
                    .map(DeliveryFailedException::failure)
                    .orElseThrow()
                    .name();
        }
    }
}
