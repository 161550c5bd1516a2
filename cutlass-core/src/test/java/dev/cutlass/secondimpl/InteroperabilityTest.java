package dev.cutlass.secondimpl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.event.Message;
import dev.cutlass.proto.handshake.HandshakeMode;
import dev.cutlass.proto.message.Outcome;
import dev.cutlass.proto.message.Outgoing;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The second implementation, which knows the document only, talks with the first. */
final class InteroperabilityTest {
    private static final int MAX_ROUNDS = 400;
    private static final int MOST_REASSEMBLIES = 1024;
    private static final byte[] PSK = Payload.text("a secret of thirty-two bytes, ok");
    private static final byte[] PING_TOKEN = Payload.text("eight---");

    private final Random random = new Random(7);
    private Self self = Self.drawn(random, "second");

    @ParameterizedTest
    @CsvSource({
        "NORMAL,  true,  AES_256_GCM,       0",
        "NORMAL,  false, AES_256_GCM,       0",
        "STEALTH, true,  AES_256_GCM,       0",
        "STEALTH, false, AES_256_GCM,       0",
        "NORMAL,  true,  CHACHA20_POLY1305, 0.2",
        "NORMAL,  false, CHACHA20_POLY1305, 0.2",
        "STEALTH, true,  CHACHA20_POLY1305, 0.2",
        "STEALTH, false, CHACHA20_POLY1305, 0.2"
    })
    void messagesOfAnySizeCrossBothWays(Mode mode, boolean firstDials, AeadAlgorithm aead, double loss) {
        FirstSide first = first(mode, aead);
        Talk talk = new Talk(first, loss);
        MiniConnection second = talk.connect(mode, firstDials);
        second.admit();
        byte[] large = Self.bytes(random, Message.MAX_LENGTH);

        second.send("", Payload.text("hello"));
        second.send("application/octet-stream", large);
        first.send(encoded("", Payload.text("hello, too")));
        first.send(encoded("application/octet-stream", large));
        talk.runUntil(() -> first.received().size() == 2
                && first.settled().size() == 2
                && second.receiptOf(1) != null
                && talk.collect().size() == 2);

        assertEquals("hello", first.received().get(0).text());
        assertArrayEquals(large, first.received().get(1).content());
        assertEquals("application/octet-stream", first.received().get(1).contentType());
        assertEquals("hello, too", talk.collect().get(0).text());
        assertArrayEquals(large, talk.collect().get(1).content());
        assertEquals(0L, second.receiptOf(0));
        assertEquals(0L, second.receiptOf(1));
        for (Outgoing one : first.settled()) {
            assertEquals(Outcome.DELIVERED, one.outcome());
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "0.2"})
    void bulkHasAWindowOfItsOwn(double loss) {
        FirstSide first = first(Mode.NORMAL, AeadAlgorithm.AES_256_GCM);
        Talk talk = new Talk(first, loss);
        MiniConnection second = talk.connect(Mode.NORMAL, true);
        second.admit();
        second.offerBulk("files");
        List<InboundMessages.Received> bulk = new ArrayList<>();
        byte[] large = Self.bytes(random, Message.MAX_LENGTH);

        long channel = first.openBulk("files");
        for (int i = 0; i < 4; i++) {
            first.sendBulk(channel, encoded("application/octet-stream", large));
        }
        first.send(encoded("", Payload.text("hello")));
        talk.runUntil(() -> {
            bulk.addAll(second.takeBulk());
            return bulk.size() == 4 && first.settled().size() == 5;
        });

        assertArrayEquals(large, bulk.get(3).content());
        assertEquals("hello", talk.collect().get(0).text());
        assertTrue(second.bulkCredit() > Message.MAX_LENGTH, "we may send bulk, too");
        for (Outgoing one : first.settled()) {
            assertEquals(Outcome.DELIVERED, one.outcome());
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void bothKnowTheSameAboutTheHandshake(Mode mode) {
        FirstSide first = first(mode, AeadAlgorithm.AES_256_GCM);
        self = self.onOtherDevice(random).withPsk(PSK);
        first.usePsk(self.rootKey(), PSK);
        Talk talk = new Talk(first, 0);

        talk.connect(mode, true);

        MiniHandshake.Result ours = talk.result();
        assertArrayEquals(first.id().bytes(), ours.remoteRoot());
        assertArrayEquals(self.rootKey(), first.result().peer().bytes());
        assertArrayEquals(self.noisePublic(), first.result().remoteStaticKey().toArray());
        assertArrayEquals(ours.handshakeId(), first.result().id().toArray());
        assertArrayEquals(self.bootId(), first.result().remoteBootId().toArray());
        assertEquals("second", first.result().nick());
        assertEquals("first", ours.remoteNick());
        assertArrayEquals(ours.keys().export(Payload.text("interop"), new byte[] {1}, 32), first.exported());
    }

    @ParameterizedTest
    @CsvSource({"NORMAL, true", "NORMAL, false", "STEALTH, true", "STEALTH, false"})
    void withAnotherPskThereIsNoConnection(Mode mode, boolean firstDials) {
        FirstSide first = first(mode, AeadAlgorithm.AES_256_GCM);
        first.usePsk(self.rootKey(), PSK);
        Talk talk = new Talk(first, 0);
        talk.begin(mode, firstDials);

        for (int i = 0; i < 6; i++) { // three flights, each of which takes a round, and some more
            talk.round();
        }

        boolean known = firstDials ? talk.handshake.result() != null : first.connectionOrNull() != null;
        assertFalse(known, "the responder must not believe the initiator");
    }

    @Test
    void aLoadedResponderGetsItsCookie() {
        FirstSide first = first(Mode.NORMAL, AeadAlgorithm.AES_256_GCM);
        byte[] secret = Datagrams.modeSecret(Mode.NORMAL, null);
        for (int i = 0; i <= MOST_REASSEMBLIES; i++) { // of as many flights that never become whole
            byte[] id = Self.bytes(random, 16);
            Datagrams.Part part =
                    new Datagrams.Part(1, 0, id, id, Mode.messageLength(1), 0, new byte[0], Self.bytes(random, 700));
            byte[] nonce = Self.bytes(random, Datagrams.NONCE);
            first.receive(
                    Datagrams.seal(part, nonce, Datagrams.macKey(secret), Datagrams.maskKey(secret, true)),
                    MiniPair.FROM);
        }
        assertTrue(first.demandsCookies());
        first.poll();

        assertNotNull(new Talk(first, 0).connect(Mode.NORMAL, false));
    }

    @Test
    void pingsAreAnsweredWithTheAddressTheyCameFrom() {
        Talk talk = new Talk(first(Mode.NORMAL, AeadAlgorithm.AES_256_GCM), 0);
        MiniConnection second = talk.connect(Mode.NORMAL, false);

        second.ping(PING_TOKEN);
        talk.runUntil(() -> second.lastPong() != null);

        Frame.Pong pong = Objects.requireNonNull(second.lastPong());
        assertArrayEquals(PING_TOKEN, pong.token());
        assertArrayEquals(MiniPair.FROM.getAddress().getAddress(), pong.address());
        assertEquals(MiniPair.FROM.getPort(), pong.port());
    }

    @Test
    void whoMovesToAnotherAddressIsProbedThereAndFound() {
        FirstSide first = first(Mode.NORMAL, AeadAlgorithm.CHACHA20_POLY1305);
        Talk talk = new Talk(first, 0);
        MiniConnection second = talk.connect(Mode.NORMAL, false);
        second.admit();

        talk.from = new InetSocketAddress(MiniPair.FROM.getAddress(), 4712);
        second.ping(PING_TOKEN);
        talk.runUntil(() -> talk.from.equals(first.pathUsed()));
        long number = second.send("", Payload.text("here I am"));
        talk.runUntil(() -> second.receiptOf(number) != null);

        assertEquals("here I am", first.received().get(0).text());
    }

    @ParameterizedTest
    @CsvSource({"false, 0", "true, 0", "false, 0.2", "true, 0.2"})
    void theSecondProposesNewKeys(boolean withKem, double loss) {
        FirstSide first = first(Mode.NORMAL, AeadAlgorithm.AES_256_GCM);
        Talk talk = new Talk(first, loss);
        MiniConnection second = talk.connect(Mode.NORMAL, true);
        second.admit();

        second.proposeKeys(withKem);
        talk.runUntil(() -> second.epoch() == 1 && first.epoch() == 1);
        long number = second.send("", Payload.text("under new keys"));
        first.send(encoded("", Payload.text("here too")));
        talk.runUntil(() -> second.receiptOf(number) != null && talk.collect().size() == 1);

        assertEquals("under new keys", first.received().get(0).text());
    }

    @ParameterizedTest
    @CsvSource({"true, 0", "false, 0", "true, 0.2", "false, 0.2"})
    void theFirstProposesNewKeysWhenItsOldOnesAreOld(boolean firstDials, double loss) {
        FirstSide first = first(Mode.NORMAL, AeadAlgorithm.CHACHA20_POLY1305);
        Talk talk = new Talk(first, loss);
        MiniConnection second = talk.connect(Mode.NORMAL, firstDials);
        second.admit();
        first.send(encoded("", Payload.text("data, without which nothing changes")));
        talk.runUntil(() -> first.settled().size() == 1);

        for (int i = 0; i < 15; i++) { // 150 s, without a silence that ends the connection
            first.advance(10_000);
            second.ping(PING_TOKEN);
            talk.round();
            talk.round();
        }
        talk.runUntil(() -> first.epoch() == 1 && second.epoch() == 1);
        first.send(encoded("", Payload.text("under new keys")));
        talk.runUntil(() -> talk.collect().size() == 2);

        assertEquals("under new keys", talk.collect().get(1).text());
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void whoClosesIsUnderstood(boolean firstCloses) {
        FirstSide first = first(Mode.NORMAL, AeadAlgorithm.AES_256_GCM);
        Talk talk = new Talk(first, 0);
        MiniConnection second = talk.connect(Mode.NORMAL, false);

        if (firstCloses) {
            first.close("bye");
            talk.runUntil(() -> second.closed() != null);
            assertEquals("bye", Objects.requireNonNull(second.closed()).reason());
        } else {
            second.close(0, "bye");
            talk.runUntil(() -> first.closed() != null);
            assertTrue(Objects.requireNonNull(first.closed()).orderly());
        }
    }

    private FirstSide first(Mode mode, AeadAlgorithm aead) {
        return new FirstSide(Identity.generate(), HandshakeMode.valueOf(mode.name()), aead);
    }

    private static byte[] encoded(String type, byte[] content) {
        return InboundMessages.Received.encode(type, content);
    }

    /** One side of each implementation and a wire between them. */
    private final class Talk {
        final FirstSide first;
        final double loss;
        final List<InboundMessages.Received> atSecond = new ArrayList<>();
        MiniHandshake handshake;
        MiniConnection second;
        InetSocketAddress from = MiniPair.FROM;
        final Deque<byte[]> toFirst = new ArrayDeque<>();

        Talk(FirstSide first, double loss) {
            this.first = first;
            this.loss = loss;
        }

        void begin(Mode mode, boolean firstDials) {
            if (firstDials) {
                handshake = MiniHandshake.responder(mode, self, random, MiniPair.NOW_MILLIS);
                first.dial(HandshakeMode.valueOf(mode.name()), PeerId.of(self.rootKey()), self.noisePublic());
            } else {
                handshake = MiniHandshake.initiator(
                        mode, self, first.id().bytes(), first.staticKey(), random, MiniPair.NOW_MILLIS);
                toFirst.addAll(handshake.start());
            }
        }

        MiniConnection connect(Mode mode, boolean firstDials) {
            begin(mode, firstDials);
            runUntil(() -> second != null && second.isConfirmed() && first.connectionOrNull() != null);
            return second;
        }

        MiniHandshake.Result result() {
            return Objects.requireNonNull(handshake.result());
        }

        List<InboundMessages.Received> collect() {
            atSecond.addAll(second.takeMessages());
            return atSecond;
        }

        void runUntil(BooleanSupplier done) {
            for (int i = 0; i < MAX_ROUNDS; i++) {
                if (done.getAsBoolean()) {
                    return;
                }
                if (!round()) {
                    silence();
                }
            }
            throw new AssertionError("they do not get on");
        }

        /** Carries what is there. @return whether there was anything */
        boolean round() {
            if (second != null) {
                toFirst.addAll(second.poll());
            }
            List<byte[]> toSecond = first.poll();
            boolean any = !toFirst.isEmpty() || !toSecond.isEmpty();
            while (!toFirst.isEmpty()) {
                byte[] datagram = toFirst.remove();
                if (arrives()) {
                    first.receive(datagram, from);
                }
            }
            toSecond.stream().filter(datagram -> arrives()).forEach(this::toSecond);
            return any;
        }

        private boolean arrives() {
            return random.nextDouble() >= loss;
        }

        private void toSecond(byte[] datagram) {
            if (second == null && handshake.result() != null) {
                second = new MiniConnection(result(), random);
            }
            if (second != null && second.isOurs(datagram)) {
                second.receive(datagram, MiniPair.FROM);
            } else {
                toFirst.addAll(handshake.receive(datagram));
            }
            if (second == null && handshake.result() != null) {
                second = new MiniConnection(result(), random);
            }
        }

        /** Nobody says anything: something was lost, or a timer must do its work. */
        private void silence() {
            first.advance(100);
            if (second != null && second.isConfirmed()) {
                second.repeat();
            } else if (handshake.hasSent()) {
                toFirst.addAll(handshake.repeat());
            }
        }
    }
}
