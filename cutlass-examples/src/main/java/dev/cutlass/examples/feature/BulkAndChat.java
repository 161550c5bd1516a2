package dev.cutlass.examples.feature;

import dev.cutlass.Channel;
import dev.cutlass.Cutlass;
import dev.cutlass.Delivery;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.event.ChannelClass;
import dev.cutlass.event.Message;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A lot of data that can wait, and a question that cannot. */
public final class BulkAndChat {
    private static final int PIECES = 1_000;
    private static final String SERVICE = "org.example.backup";

    private BulkAndChat() {}

    public static void main(String[] args) throws Exception {
        final InetAddress here = InetAddress.getLoopbackAddress();
        final CountDownLatch asked = new CountDownLatch(1);
        final CountDownLatch arrived = new CountDownLatch(PIECES);
        try (Identity leftKey = Identity.generate();
                Identity rightKey = Identity.generate();
                Cutlass left = Cutlass.builder()
                        .identity(leftKey)
                        .nick("left")
                        .port(0)
                        .bind(here)
                        .outboxHighWater(1 << 20)
                        .start();
                Cutlass right = Cutlass.builder()
                        .identity(rightKey)
                        .nick("right")
                        .anyPort()
                        .bind(here)
                        .onMessage((peer, message) -> {
                            System.out.println("heard beside the transfer: " + message.text());
                            asked.countDown();
                        })
                        // This handler is in no hurry: it takes nothing before the question was heard. The handler
                        // above has a queue of its own.
                        .service(SERVICE, (channel, message) -> {
                            waitFor(asked);
                            arrived.countDown();
                        })
                        .start()) {
            final Peer toRight = left.connect(
                            PeerAddress.of(right.id(), new PeerAddress.Place(here.getHostAddress(), right.localPort())))
                    .join();

            // BULK takes only what the path has to spare, and goes after everything else.
            final Channel backup = toRight.channel(SERVICE, 0, ChannelClass.BULK, (channel, message) -> {});
            final Message piece = Message.bytes("application/octet-stream", new byte[16_384]);
            boolean waited = false;
            for (int sent = 0; sent < PIECES; ) {
                // Empty while a megabyte waits, or is under way: so a slow receiver costs no more memory than that.
                final Optional<Delivery> delivery = backup.trySend(piece);
                if (delivery.isPresent()) {
                    sent++;
                } else {
                    if (!waited) {
                        toRight.send("still there?").join();
                    }
                    waited = true;
                    backup.whenRoom().join(); // or thenRun(..), to hold no thread
                }
            }
            arrived.await();
            System.out.println("all " + PIECES + " pieces arrived");
            System.out.println("it waited for room: " + waited);
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
