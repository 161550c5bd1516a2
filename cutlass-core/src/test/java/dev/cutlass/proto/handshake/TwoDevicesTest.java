package dev.cutlass.proto.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.Identity;
import dev.cutlass.wire.Bytes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A peer is its root key, whichever device of it shakes hands. */
class TwoDevicesTest {
    private static final long NOW = Node.WALL_START / 1_000;

    private final Net net = Net.perfect(1);
    private final Identity root = Identity.generate(new SeededSecureRandom(1));
    private int nodes = 10;

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
    void anUnknownDeviceIsNoWayAroundAPskThatWasSetForThePeer(HandshakeMode mode) {
        Trio trio = new Trio();
        trio.other.setPsk(trio.home, psk(1));

        trio.phone.dial(trio.other, mode);
        net.run(16_000);
        assertEquals(1, trio.other.inbound.dropped(Dropped.PSK_MISSING));
        trio.assertNobodyIsIn();

        trio.otherDialsPhone(mode);
        assertEquals(HandshakeFailure.UNCONFIRMED, trio.other.failed.get(0).reason());
        trio.assertNobodyIsIn();
    }

    @ParameterizedTest
    @EnumSource
    void aKnownDeviceGetsInUnderThePskOfItsPeer(HandshakeMode mode) {
        Trio trio = new Trio();
        trio.other.setPsk(trio.home, psk(1));
        trio.other.addPskDevice(trio.phone);
        trio.phone.setPsk(trio.other, psk(1));
        trio.home.setPsk(trio.other, psk(1));

        trio.phone.dial(trio.other, mode);
        trio.home.dial(trio.other, mode);
        net.run(1_000);

        assertEquals(2, trio.other.answered.size());
        assertEquals(root.id(), byKey(trio.other.answered, trio.phone.identity).peer());
        assertEquals(1, trio.phone.confirmed.size());
        assertEquals(1, trio.home.confirmed.size());
    }

    @ParameterizedTest
    @EnumSource
    void whoDialsADeviceOfAPeerWithAPskNeedNotKnowTheDevice(HandshakeMode mode) {
        Trio trio = new Trio();
        trio.other.setPsk(trio.home, psk(1));
        trio.phone.setPsk(trio.other, psk(1));

        trio.otherDialsPhone(mode);

        assertEquals(1, trio.phone.answered.size());
        assertEquals(root.id(), trio.other.initiated.get(0).peer());
        assertEquals(1, trio.other.confirmed.size());
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownDeviceWithTheRightPskIsRefusedAllTheSame(HandshakeMode mode) {
        Trio trio = new Trio();
        trio.other.setPsk(trio.home, psk(1));
        trio.phone.setPsk(trio.other, psk(1));

        trio.phone.dial(trio.other, mode);
        net.run(16_000);

        assertTrue(trio.other.inbound.dropped(Dropped.NOT_AUTHENTIC) > 0);
        assertEquals(HandshakeFailure.UNCONFIRMED, trio.phone.failed.get(0).reason());
        trio.assertNobodyIsIn();
    }

    @ParameterizedTest
    @EnumSource
    void aKnownDeviceWithAnotherPskOrNoneIsRefusedInBothDirections(HandshakeMode mode) {
        for (int ofPhone : new int[] {0, 2}) {
            Trio trio = new Trio();
            trio.other.setPsk(trio.home, psk(1));
            trio.other.addPskDevice(trio.phone);
            if (ofPhone != 0) {
                trio.phone.setPsk(trio.other, psk(ofPhone));
            }

            trio.phone.dial(trio.other, mode);
            trio.otherDialsPhone(mode);

            assertTrue(trio.other.inbound.dropped(Dropped.NOT_AUTHENTIC) > 0);
            assertTrue(trio.phone.inbound.dropped(Dropped.NOT_AUTHENTIC) > 0);
            trio.assertNobodyIsIn();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDeviceThatIsKnownAsOnePeersIsNotBelievedToBeAnothers(HandshakeMode mode) {
        Node thief = net.node(4, true, true);
        Trio trio = new Trio();
        trio.other.setPsk(thief, psk(3));
        trio.other.pskPeers.put(
                HexFormat.of().formatHex(trio.phone.identity.device().publicKey()), thief.identity.id());
        trio.phone.setPsk(trio.other, psk(3)); // the secret is the thief's, the device record is the root's

        trio.phone.dial(trio.other, mode);
        net.run(16_000);

        assertEquals(1, trio.other.inbound.dropped(Dropped.PSK_MISSING));
        trio.assertNobodyIsIn();
    }

    /** A peer with two devices, and somebody who talks to it. */
    private final class Trio {
        final Node home;
        final Node phone;
        final Node other;

        Trio() {
            int first = nodes;
            nodes += 3;
            home = net.node(first, root, true, true);
            phone = net.node(first + 1, device(NOW - 10, NOW + 1_000, List.of(1)), true, true);
            other = net.node(first + 2, true, true);
        }

        void otherDialsPhone(HandshakeMode mode) {
            Bytes key = Bytes.of(phone.identity.device().publicKey());
            other.dial(new Dial(mode, phone.address, 0, root.id(), key, Bytes.EMPTY, Dial.DEFAULT_TIMEOUT));
            net.run(16_000);
        }

        void assertNobodyIsIn() {
            assertEquals(List.of(), other.answered);
            assertEquals(List.of(), phone.answered);
            assertEquals(List.of(), other.confirmed);
            assertEquals(List.of(), phone.confirmed);
        }
    }

    private static byte[] psk(int value) {
        byte[] psk = new byte[32];
        Arrays.fill(psk, (byte) value);
        return psk;
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
