package dev.cutlass.proto.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.Identity;
import dev.cutlass.wire.Bytes;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A peer is its root key, whichever device of it shakes hands. */
class TwoDevicesTest {
    private static final long NOW = Node.WALL_START / 1_000;

    private final Net net = Net.perfect(1);
    private final Identity root = Identity.generate(new SeededSecureRandom(1));

    @ParameterizedTest
    @EnumSource
    void aDeviceWithARecordIsTheSamePeerAsTheRootItself(HandshakeMode mode) {
        Identity second = device(NOW - 10, NOW + 10, List.of(7, 1));
        Node phone = net.node(1, second, true, true);
        Node home = net.node(2, root, true, true);
        Node other = net.node(3, true, true);

        phone.dial(other, mode);
        home.dial(other, mode);
        other.dial(new Dial(
                mode,
                phone.address,
                0,
                root.id(),
                Bytes.of(second.device().publicKey()),
                Bytes.EMPTY,
                Dial.DEFAULT_TIMEOUT));
        net.run(1_000);

        assertEquals(2, other.answered.size());
        assertEquals(1, other.initiated.size());
        HandshakeResult ofPhone = byKey(other.answered, second);
        HandshakeResult ofHome = byKey(other.answered, root);
        assertEquals(root.id(), ofPhone.peer());
        assertEquals(root.id(), ofHome.peer());
        assertEquals(second.device().record(), ofPhone.deviceRecord());
        assertNull(ofHome.deviceRecord());
        assertEquals(root.id(), other.initiated.get(0).peer());
        assertArrayEquals(HandshakeTest.export(other.initiated.get(0)), HandshakeTest.export(phone.answered.get(0)));
    }

    @ParameterizedTest
    @EnumSource
    void aRecordOutOfItsTimeIsNoProof(HandshakeMode mode) {
        assertRefused(mode, device(NOW - 20, NOW - 10, List.of(1)));
        assertRefused(mode, device(NOW + 1_000, NOW + 2_000, List.of(1)));
    }

    @ParameterizedTest
    @EnumSource
    void aRecordForOtherSuitesIsNoProof(HandshakeMode mode) {
        assertRefused(mode, device(NOW - 10, NOW + 10, List.of(2, 3)));
    }

    @ParameterizedTest
    @EnumSource
    void anotherDeviceIsNoWayAroundAPskThatWasSetForThePeer(HandshakeMode mode) {
        Identity second = device(NOW - 10, NOW + 1_000, List.of(1));
        Node home = net.node(1, root, true, true);
        Node phone = net.node(2, second, true, true);
        Node other = net.node(3, true, true);
        other.setPsk(home, new byte[] {
            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
        });
        phone.dial(other, mode);
        net.run(16_000);
        assertEquals(List.of(), other.answered);
        assertEquals(1, other.inbound.dropped(Dropped.PSK_MISSING));

        other.dial(new Dial(
                mode,
                phone.address,
                0,
                root.id(),
                Bytes.of(second.device().publicKey()),
                Bytes.EMPTY,
                Dial.DEFAULT_TIMEOUT));
        net.run(16_000);
        assertEquals(HandshakeFailure.PSK_MISSING, other.failed.get(0).reason());
        assertEquals(List.of(), phone.answered);
    }

    /** As initiator the device is turned away without a word; as responder it is told nothing. */
    private void assertRefused(HandshakeMode mode, Identity bad) {
        Net fresh = Net.perfect(2);
        Node device = fresh.node(1, bad, true, true);
        Node other = fresh.node(3, true, true);
        device.dial(other, mode);
        fresh.run(16_000);
        assertEquals(List.of(), other.answered);
        assertEquals(1, other.inbound.dropped(Dropped.INVALID_PEER));
        assertEquals(0, other.inbound.openCount());
        assertEquals(HandshakeFailure.UNCONFIRMED, device.failed.get(0).reason());

        other.dial(new Dial(
                mode,
                device.address,
                0,
                root.id(),
                Bytes.of(bad.device().publicKey()),
                Bytes.EMPTY,
                Dial.DEFAULT_TIMEOUT));
        fresh.run(16_000);
        assertEquals(HandshakeFailure.INVALID_PEER, other.failed.get(0).reason());
        assertTrue(device.answered.isEmpty());
    }

    private Identity device(long notBefore, long notAfter, List<Integer> suites) {
        return root.withNewDevice(new SeededSecureRandom(notBefore), 1, notBefore, notAfter, suites);
    }

    private static HandshakeResult byKey(List<HandshakeResult> results, Identity identity) {
        Bytes key = Bytes.of(identity.device().publicKey());
        return results.stream()
                .filter(result -> result.remoteStaticKey().equals(key))
                .findAny()
                .orElseThrow();
    }
}
