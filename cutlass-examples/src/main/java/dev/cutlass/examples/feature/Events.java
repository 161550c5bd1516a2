package dev.cutlass.examples.feature;

import dev.cutlass.Cutlass;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.ConnectFailedException;
import dev.cutlass.event.CutlassEvent;
import java.net.InetAddress;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Makes things happen to two peers and lets {@link EventPrinter} show what each is told. */
public final class Events {
    private Events() {}

    public static void main(String[] args) throws Exception {
        final InetAddress here = InetAddress.getLoopbackAddress();
        final CountDownLatch renamed = new CountDownLatch(1);
        final CountDownLatch dropped = new CountDownLatch(1);
        try (Identity leftKey = Identity.generate();
                Identity rightKey = Identity.generate();
                Identity absentKey = Identity.generate();
                Cutlass left = Cutlass.builder()
                        .identity(leftKey)
                        .nick("left")
                        .port(0)
                        .bind(here)
                        .listener(new EventPrinter("left"))
                        .start();
                Cutlass right = Cutlass.builder()
                        .identity(rightKey)
                        .nick("right")
                        .anyPort()
                        .bind(here)
                        .listener(new EventPrinter("right") {
                            @Override
                            public void onNickChanged(CutlassEvent.NickChanged event) {
                                super.onNickChanged(event);
                                renamed.countDown();
                            }

                            @Override
                            public void onDropped(CutlassEvent.Dropped event) {
                                super.onDropped(event);
                                dropped.countDown();
                            }
                        })
                        .start()) {
            final PeerAddress.Place place = new PeerAddress.Place(here.getHostAddress(), right.localPort());

            final Peer peer = left.connect(PeerAddress.of(right.id(), place)).join(); // Connected, at both ends
            peer.send("hello").join(); // MessageReceived
            left.setNick("links"); // NickChanged
            renamed.await(10, TimeUnit.SECONDS);
            peer.disconnect(); // Dropped, at both ends
            dropped.await(10, TimeUnit.SECONDS);

            dial(left, absentKey.id(), place); // KeyMismatch and ConnectFailed: another key lives there
        }
    }

    private static void dial(Cutlass from, PeerId whom, PeerAddress.Place where) {
        try {
            from.connect(PeerAddress.of(whom, where)).join();
        } catch (CompletionException expected) {
            if (expected.getCause() instanceof ConnectFailedException failure) {
                System.out.println("the future failed, too: " + failure.failure());
            }
        }
    }
}
