package dev.cutlass.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.cutlass.crypto.Identity;
import dev.cutlass.event.CloseReason;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.PeerState;
import dev.cutlass.event.Permissions;
import dev.cutlass.event.TrustState;
import dev.cutlass.proto.Connection;
import dev.cutlass.proto.Output;
import dev.cutlass.proto.handshake.HandshakeResult;
import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.message.ConversationLimits;
import dev.cutlass.store.KnownPeers;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A handler of an earlier event may still be running when a connection begins or ends, and take the next event the moment it is offered. So what it sees then, and not when the engine is done, must be
 * what the event says. The queue here looks at that moment.
 */
final class AdmissionStateTest {
    private final List<String> seen = new ArrayList<>();
    private final Handle handle = mock(Handle.class);
    private final Admission admission = new Admission(handle);
    private final PeerEntry peer;
    private final ConnectionEntry entry;

    AdmissionStateTest() {
        Storage storage = mock(Storage.class);
        when(storage.known()).thenReturn(KnownPeers.inMemory());
        when(handle.storage()).thenReturn(storage);
        HandlerQueue events = mock(HandlerQueue.class);
        peer = new PeerEntry(
                Identity.generate().id(),
                TrustState.NEW,
                Permissions.all(),
                new Conversation(ConversationLimits.DEFAULT),
                self -> events);
        doAnswer(offer -> seen.add(
                        offer.getArgument(0, CutlassEvent.class).getClass().getSimpleName() + " " + peer.state()))
                .when(events)
                .offerNotice(any());
        entry = new ConnectionEntry(
                peer,
                mock(HandshakeResult.class),
                mock(Connection.class),
                InetSocketAddress.createUnresolved("host.example", 1),
                null,
                mock(Driver.class),
                0);
        peer.current = entry;
        entry.admitted = true;
        entry.admittedByPeer = true;
        entry.confirmed = true;
    }

    @Test
    void thePeerIsConnectedWhenItsConnectionIsOffered() {
        peer.lock.lock();
        try {
            admission.mutualLocked(entry);
        } finally {
            peer.lock.unlock();
        }

        assertEquals(List.of("Connected " + PeerState.CONNECTED), seen);
    }

    @Test
    void thePeerIsAwayWhenTheEndOfItsConnectionIsOffered() {
        peer.reported = true;
        peer.updateStateLocked();
        assertEquals(PeerState.CONNECTED, peer.state());
        peer.lock.lock();
        try {
            admission.endingLocked(entry, new Output.Ending(CloseReason.NORMAL, true, true, ""));
            admission.endingLocked(entry, new Output.Ending(CloseReason.NORMAL, true, true, ""));
        } finally {
            peer.lock.unlock();
        }

        assertEquals(List.of("Dropped " + PeerState.AWAY), seen);
    }
}
