package dev.cutlass.examples.feature;

import dev.cutlass.Channel;
import dev.cutlass.Cutlass;
import dev.cutlass.Delivery;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.event.DeliveryFailedException;
import java.net.InetAddress;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A service of one's own beside the chat: a channel has its own order, and its messages never mix with other programs'. */
public final class Channels {
    private Channels() {}

    public static void main(String[] args) throws Exception {
        final InetAddress here = InetAddress.getLoopbackAddress();
        final CountDownLatch answered = new CountDownLatch(1);
        try (Identity leftKey = Identity.generate();
                Identity rightKey = Identity.generate();
                Cutlass left = Cutlass.builder()
                        .identity(leftKey)
                        .nick("left")
                        .port(0)
                        .bind(here)
                        .start();
                Cutlass right = Cutlass.builder()
                        .identity(rightKey)
                        .nick("right")
                        .anyPort()
                        .bind(here)
                        // Whoever may send messages here may open a channel with this service. The name must not be
                        // anybody else's.
                        .service("org.example.sum", (channel, message) -> channel.send(sumOf(message.text())))
                        .start()) {
            final Peer toRight = left.connect(
                            PeerAddress.of(right.id(), new PeerAddress.Place(here.getHostAddress(), right.localPort())))
                    .join();

            // Usable at once: what is sent waits until right has accepted. Opened again by itself when a connection was
            // lost.
            final Channel sums = toRight.channel("org.example.sum", (channel, message) -> {
                System.out.println("the sum is " + message.text());
                answered.countDown();
            });
            sums.send("1 2 3 4").join();
            answered.await(10, TimeUnit.SECONDS);

            // Nobody offers this one: the delivery fails with NO_SUCH_CHANNEL.
            final Delivery refused = toRight.channel("org.example.product", (channel, message) -> {})
                    .send("1 2 3 4");
            try {
                refused.join();
            } catch (CompletionException e) {
                System.out.println("another service: "
                        + refused.failure()
                                .map(DeliveryFailedException::failure)
                                .orElseThrow());
            }
        }
    }

    private static String sumOf(String numbers) {
        int sum = 0;
        for (String number : numbers.split(" ", -1)) {
            sum += Integer.parseInt(number);
        }
        return Integer.toString(sum);
    }
}
