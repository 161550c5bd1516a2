package dev.cutlass.secondimpl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cutlass.Cutlass;
import dev.cutlass.Delivery;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.Message;
import dev.cutlass.event.PeerState;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The second implementation against a running engine of the first, over UDP. */
final class LoopbackInteroperabilityTest {
    private static final String HOST = InetAddress.getLoopbackAddress().getHostAddress();

    private final Random random = new Random(11);
    private final Self self = Self.drawn(random, "second");
    private final Queue<Message> atEngine = new ConcurrentLinkedQueue<>();

    @ParameterizedTest
    @EnumSource(Mode.class)
    void dialsAnEngineAndTalksWithIt(Mode mode) throws IOException {
        try (Identity identity = Identity.generate();
                Cutlass engine = start(identity, mode, (peer, message) -> peer.send("heard: " + message.text()));
                MiniEndpoint second = dial(engine, mode)) {
            second.runUntil(second::isAdmitted);
            long number = second.connection().send("", Payload.text("hello"));
            second.runUntil(
                    () -> !second.received().isEmpty() && second.connection().receiptOf(number) != null);

            assertEquals("heard: hello", second.received().get(0).text());
            assertEquals(0L, second.connection().receiptOf(number));
            assertEquals("second", engine.peers().get(0).nick());
            assertArrayEquals(self.rootKey(), engine.peers().get(0).id().bytes());

            second.connection().close(0, "enough");
            second.runUntil(() -> engine.peers().get(0).state() != PeerState.CONNECTED);
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void answersAnEngineAndTalksWithIt(Mode mode) throws IOException {
        MiniHandshake answer = MiniHandshake.responder(mode, self, random, System.currentTimeMillis());
        try (Identity identity = Identity.generate();
                Cutlass engine = start(identity, mode, (peer, message) -> atEngine.add(message));
                MiniEndpoint second = new MiniEndpoint(answer, null, random)) {
            PeerAddress address = PeerAddress.of(PeerId.of(self.rootKey()), new PeerAddress.Place(HOST, second.port()));
            CompletableFuture<Peer> dialled = engine.connect(mode == Mode.STEALTH ? address.withStealth() : address);
            second.runUntil(dialled::isDone);
            byte[] content = Self.bytes(random, Message.MAX_LENGTH);

            Delivery delivery = dialled.join().send(Message.bytes("application/octet-stream", content));
            long number = second.connection().send("application/octet-stream", content);
            CompletableFuture<Void> delivered =
                    delivery.toCompletableFuture(); // one, for each is completed by the executor
            second.runUntil(() -> delivered.isDone()
                    && !atEngine.isEmpty()
                    && second.connection().receiptOf(number) != null);

            delivery.join();
            assertArrayEquals(content, second.received().get(0).content());
            assertArrayEquals(content, atEngine.remove().content());
        }
    }

    private Cutlass start(Identity identity, Mode mode, BiConsumer<Peer, Message> onMessage) throws IOException {
        return Cutlass.builder()
                .identity(identity)
                .nick("first")
                .anyPort()
                .bind(InetAddress.getLoopbackAddress())
                .stealth(mode == Mode.STEALTH)
                .onMessage(onMessage)
                .start();
    }

    private MiniEndpoint dial(Cutlass engine, Mode mode) throws IOException {
        PeerId id = engine.id();
        Address address = Address.parse(PeerAddress.of(id, new PeerAddress.Place(HOST, engine.localPort()))
                .text());
        assertEquals(List.of(HOST + ":" + engine.localPort()), address.places());
        byte[] rootKey = address.rootKey();
        byte[] staticKey = mode == Mode.STEALTH ? MiniHandshake.staticKeyOf(rootKey) : null;
        long stamp = System.currentTimeMillis() + 1; // one of the millisecond in which the engine began would not count
        MiniHandshake handshake = MiniHandshake.initiator(mode, self, rootKey, staticKey, random, stamp);
        return new MiniEndpoint(handshake, engine.localAddress(), random);
    }
}
