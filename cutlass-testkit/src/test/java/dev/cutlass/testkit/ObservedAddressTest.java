package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.Identity;
import dev.cutlass.event.CutlassEvent.AddressObserved;
import dev.cutlass.event.CutlassEvent.TimedOut;
import dev.cutlass.fixtures.NatKind;
import dev.cutlass.fixtures.SimNat;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What peers tell about our address is told on only if others could dial it: it is that of the bound socket, and of no socket of a single connection. */
final class ObservedAddressTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final TestNetwork network = TestNetwork.simulated(5);

    @AfterEach
    void stopAll() {
        network.close();
    }

    @Test
    void theAddressOfASocketOfItsOwnIsNobodysToDial() {
        TestPeer dialler = network.peer("dialler");
        TestPeer dialled = network.peer("dialled");
        dialler.connect(dialled);
        assertTrue(network.runUntil(() -> dialled.peer(dialler).info().backConnected(), LIMIT));
        network.runFor(Duration.ofMinutes(10));

        assertEquals(Set.of(bound(dialler)), observed(dialler));
        dialled.peer(dialler).info().ownAddress().ifPresent(own -> assertEquals(bound(dialled), own));
        observed(dialled).forEach(own -> assertEquals(bound(dialled), own));
    }

    @Test
    void afterTheReturnToTheBoundSocketItsAddressIsToldAgain() {
        network.conditions().delayMillis(200, 300);
        SimNat nat = network.conditions().nat(NatKind.ADDRESS_FILTERED);
        TestPeer dialler = network.peer(
                "dialler", nat.host("inside"), Identity.generate(new SeededSecureRandom(7)), settings -> {});
        TestPeer dialled = network.peer("dialled");
        dialler.connect(dialled);
        assertTrue(network.runUntil(() -> dialled.peer(dialler).info().backConnected(), LIMIT));
        network.runFor(Duration.ofMinutes(1));
        nat.rebind();
        assertTrue(network.runUntil(() -> !dialled.peer(dialler).info().backConnected(), LIMIT));
        network.runFor(Duration.ofMinutes(5));

        assertTrue(dialled.events(TimedOut.class).isEmpty());
        assertFalse(observed(dialled).isEmpty());
        observed(dialled).forEach(own -> assertEquals(bound(dialled), own));
    }

    private static InetSocketAddress bound(TestPeer peer) {
        return new InetSocketAddress(
                peer.address().places().get(0).host(),
                peer.address().places().get(0).port());
    }

    private static Set<InetSocketAddress> observed(TestPeer peer) {
        return peer.events(AddressObserved.class).stream()
                .map(AddressObserved::address)
                .collect(Collectors.toSet());
    }
}
