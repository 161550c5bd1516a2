package dev.cutlass.examples.feature;

import dev.cutlass.Cutlass;
import dev.cutlass.Delivery;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.event.Message;
import dev.cutlass.event.PeerInfo;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Two peers in one program meet, talk both ways, and look at what is between them. Start here. */
public final class TwoPeers {
    private TwoPeers() {}

    public static void main(String[] args) throws Exception {
        final InetAddress here = InetAddress.getLoopbackAddress();
        final CompletableFuture<String> answer = new CompletableFuture<>();

        // An identity is a pair of keys, and who you are. These two are forgotten at the end; Identity.loadOrCreate
        // keeps
        // one in a file that is encrypted under a passphrase. One engine per identity, one UDP port per engine.
        try (Identity leftKey = Identity.generate();
                Identity rightKey = Identity.generate();
                Cutlass left = Cutlass.builder()
                        .identity(leftKey)
                        .nick("left")
                        .port(0) // outbound only: we dial others, nobody dials us
                        .bind(here)
                        .onMessage((peer, message) -> answer.complete(message.text()))
                        .start();
                Cutlass right = Cutlass.builder()
                        .identity(rightKey)
                        .nick("right")
                        .anyPort() // a program of its own would leave this out and be found at UDP port 8365
                        .bind(here)
                        .onMessage((peer, message) -> {
                            if (message.isText()) {
                                System.out.println("right hears " + peer.nick() + ": " + message.text());
                                peer.send("hello yourself"); // send never blocks
                            } else {
                                System.out.println(
                                        "right gets " + message.length() + " bytes of " + message.contentType());
                            }
                        })
                        .start()) {

            // What is dialled is a key; host and port only say where to look for it. Whoever else answers there is
            // refused.
            final PeerAddress address =
                    PeerAddress.of(right.id(), new PeerAddress.Place(here.getHostAddress(), right.localPort()));
            final Peer peer =
                    left.connect(address).join(); // fails with a ConnectFailedException that says what to check

            final Delivery delivery = peer.send("hello");
            delivery.join(); // until the other program has accepted it; without this line it would arrive all the same
            System.out.println("left's message is " + delivery.state());
            System.out.println("left hears right: " + answer.get(10, TimeUnit.SECONDS));

            // Anything that is not text goes as bytes with a content type, up to 64 KiB.
            peer.send(Message.bytes("application/json", "{\"n\":1}".getBytes(StandardCharsets.UTF_8)))
                    .join();

            final PeerInfo info = peer.info();
            System.out.println("between them: " + info.pattern() + ", " + info.suite());
        } // closing an engine tells its peers, and wipes its keys
    }
}
