package dev.cutlass.secondimpl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The second implementation with itself, so that what fails against the first is not its own mistake. */
final class MiniPairTest {
    private final Random random = new Random(42);
    private final Self left = Self.drawn(random, "left");
    private final Self right = Self.drawn(random, "right");

    @ParameterizedTest
    @EnumSource(Mode.class)
    void messagesCrossALossyWireInOrderAndOnce(Mode mode) {
        MiniPair pair = new MiniPair(random, 0.3);
        MiniConnection[] sides = pair.connect(dial(mode, left, right), answer(mode, right));
        List.of(sides).forEach(MiniConnection::admit);
        byte[] large = Self.bytes(random, 20_000);

        sides[0].send("", Payload.text("hello"));
        long last = sides[0].send("image/png", large);
        sides[1].send("", Payload.text("hello yourself"));
        sides[0].proposeKeys(true);
        pair.settle(sides);

        List<InboundMessages.Received> atRight = sides[1].takeMessages();
        assertEquals(
                List.of(0L, 1L),
                atRight.stream().map(InboundMessages.Received::number).toList());
        assertEquals("hello", atRight.get(0).text());
        assertEquals("image/png", atRight.get(1).contentType());
        assertArrayEquals(large, atRight.get(1).content());
        assertEquals("hello yourself", sides[0].takeMessages().get(0).text());
        assertEquals(0L, sides[0].receiptOf(last));
        assertEquals(1, sides[0].epoch());
        assertEquals(1, sides[1].epoch());
    }

    @Test
    void aSecondDeviceProvesItselfByItsRecord() {
        Self device = right.onOtherDevice(random);
        MiniHandshake dial = MiniHandshake.initiator(
                Mode.STEALTH, left, right.rootKey(), device.noisePublic(), random, MiniPair.NOW_MILLIS);

        new MiniPair(random, 0).connect(dial, answer(Mode.STEALTH, device));

        assertArrayEquals(right.rootKey(), dial.result().remoteRoot());
    }

    @Test
    void anotherPskAnotherKeyAndAnotherStampGetNoConnection() {
        Self other = right.withPsk(Self.bytes(random, 32));
        assertThrows(
                AssertionError.class,
                () -> new MiniPair(random, 0).connect(dial(Mode.NORMAL, left, other), answer(Mode.NORMAL, other)));
        MiniHandshake early = MiniHandshake.responder(Mode.STEALTH, right, random, MiniPair.NOW_MILLIS - 600_001);
        MiniHandshake stranger = dial(Mode.STEALTH, left, Self.drawn(random, ""));

        for (byte[] datagram : dial(Mode.STEALTH, left, right).start()) {
            assertTrue(early.receive(datagram).isEmpty());
        }
        for (byte[] datagram : stranger.start()) {
            assertTrue(answer(Mode.STEALTH, right).receive(datagram).isEmpty());
        }
        assertNull(early.result());
    }

    @Test
    void ratchetsFollowEachOtherWhoeverProposesThem() {
        MiniPair pair = new MiniPair(random, 0);
        MiniConnection[] sides = pair.connect(dial(Mode.NORMAL, left, right), answer(Mode.NORMAL, right));
        List.of(sides).forEach(MiniConnection::admit);
        pair.settle(sides);

        for (int epoch = 1; epoch <= 6; epoch++) {
            sides[epoch % 2].proposeKeys(epoch % 3 == 0);
            if (epoch % 4 == 0) {
                sides[1 - epoch % 2].proposeKeys(false); // both at once
            }
            pair.settle(sides);
            assertEquals(List.of((long) epoch, (long) epoch), List.of(sides[0].epoch(), sides[1].epoch()));
        }
    }

    @Test
    void addressesAreReadAsTheyAreWritten() {
        Address address = new Address(left.rootKey(), List.of("left.example:8365", "[2001:db8::1]:99"), true);

        assertEquals(address.format(), Address.parse(address.format()).format());
        assertEquals(
                List.of("left.example:8365"),
                Address.parse(new Address(left.rootKey(), List.of("left.example"), false).format())
                        .places());
    }

    private MiniHandshake dial(Mode mode, Self from, Self to) {
        return MiniHandshake.initiator(mode, from, to.rootKey(), to.noisePublic(), random, MiniPair.NOW_MILLIS);
    }

    private MiniHandshake answer(Mode mode, Self self) {
        return MiniHandshake.responder(mode, self, random, MiniPair.NOW_MILLIS);
    }
}
