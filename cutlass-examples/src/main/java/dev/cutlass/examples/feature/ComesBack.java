package dev.cutlass.examples.feature;

import dev.cutlass.Cutlass;
import dev.cutlass.Delivery;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.CutlassListener;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A peer goes away and comes back: what was said meanwhile waits in the outbox, and the connection is made again without our help. */
public final class ComesBack {
    private ComesBack() {}

    public static void main(String[] args) throws Exception {
        final InetAddress here = InetAddress.getLoopbackAddress();
        final CountDownLatch gone = new CountDownLatch(1);
        try (Identity leftKey = Identity.generate();
                Identity rightKey = Identity.generate();
                Cutlass left = Cutlass.builder()
                        .identity(leftKey)
                        .nick("left")
                        .port(0)
                        .bind(here)
                        .outboxMessages(1_000) // for each peer; when it is full, send fails at once with OUTBOX_FULL
                        .listener(new CutlassListener() {
                            @Override
                            public void onDropped(CutlassEvent.Dropped event) {
                                System.out.println("left: " + event.nick() + " went away, " + event.reason());
                                gone.countDown();
                            }
                        })
                        .start()) {
            final int port;
            final Peer peer;
            try (Cutlass right = startRight(rightKey, here, 0)) {
                port = right.localPort();
                peer = left.connect(PeerAddress.of(right.id(), new PeerAddress.Place(here.getHostAddress(), port)))
                        .join();
                peer.send("before").join();
            }
            gone.await(10, TimeUnit.SECONDS);

            final List<Delivery> deliveries = new ArrayList<>();
            for (String text : List.of("one", "two", "three")) {
                deliveries.add(peer.send(text)); // never blocks, whoever is away
            }
            System.out.println("left: " + peer.info().queuedMessages() + " messages wait, the first is "
                    + deliveries.get(0).state());

            // Whom we dialled once is dialled again by itself, soon at first, then less and less often, until
            // Peer.disconnect. A delivery that nobody waits for any longer can be given up: Delivery.abandon.
            try (Cutlass right = startRight(rightKey, here, port)) {
                deliveries.forEach(Delivery::join); // in the order in which they were sent, each once
                System.out.println("left: all delivered to " + right.nick());
            }
        }
    }

    /** The outbox is in left's memory. Right is a new program each time, with the same key at the same port. */
    private static Cutlass startRight(Identity key, InetAddress here, int port) throws IOException {
        final var builder = Cutlass.builder()
                .identity(key)
                .nick("right")
                .bind(here)
                .onMessage((peer, message) -> System.out.println("right hears " + message.text()));
        return (port == 0 ? builder.anyPort() : builder.port(port)).start();
    }
}
