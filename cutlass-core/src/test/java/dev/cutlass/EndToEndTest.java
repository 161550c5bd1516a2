package dev.cutlass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.Identity;
import dev.cutlass.event.PeerState;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two whole engines with their threads, over real sockets on loopback. */
final class EndToEndTest {
    private static final long WAIT_SECONDS = 30;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    private Cutlass start(String nick, String address) throws IOException {
        Identity identity = Identity.generate();
        open.add(0, identity);
        Cutlass engine = Cutlass.builder()
                .identity(identity)
                .nick(nick)
                .bind(InetAddress.getByName(address))
                .anyPort()
                .onMessage((peer, message) -> received.add(nick + " got " + message.text() + " of " + peer.nick()))
                .start();
        open.add(0, engine);
        return engine;
    }

    private static PeerAddress addressOf(Cutlass engine) {
        return PeerAddress.of(
                engine.id(),
                new PeerAddress.Place(engine.localAddress().getAddress().getHostAddress(), engine.localPort()));
    }

    private static Peer connect(Cutlass from, PeerAddress to) throws Exception {
        return from.connect(to).get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    @Test
    void aMessageArrivesAndItsSenderLearnsIt() throws Exception {
        Cutlass left = start("left", "127.0.0.1");
        Cutlass right = start("right", "127.0.0.1");
        Peer peer = connect(left, addressOf(right));
        peer.send("hello").toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);

        assertEquals("right got hello of left", received.poll(WAIT_SECONDS, TimeUnit.SECONDS));
        assertEquals(PeerState.CONNECTED, peer.state());
        assertEquals("right", peer.nick());
    }

    @Test
    void theOtherSideAnswersOnTheSameConnection() throws Exception {
        Cutlass left = start("left", "127.0.0.1");
        Cutlass right = start("right", "127.0.0.1");
        connect(left, addressOf(right)).send("ping").join();
        assertEquals("right got ping of left", received.poll(WAIT_SECONDS, TimeUnit.SECONDS));
        right.peer(left.id()).orElseThrow().send("pong").join();

        assertEquals("left got pong of right", received.poll(WAIT_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void manyMessagesArriveOnceAndInOrder() throws Exception {
        Cutlass left = start("left", "127.0.0.1");
        Cutlass right = start("right", "127.0.0.1");
        Peer peer = connect(left, addressOf(right));
        List<Delivery> deliveries = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            deliveries.add(peer.send("m" + i));
        }
        for (Delivery delivery : deliveries) {
            delivery.join();
        }
        for (int i = 0; i < 2_000; i++) {
            assertEquals("right got m" + i + " of left", received.poll(WAIT_SECONDS, TimeUnit.SECONDS));
        }
        assertTrue(received.isEmpty());
    }
}
