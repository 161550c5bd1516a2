package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.MessageId;
import dev.cutlass.event.Permission;
import dev.cutlass.event.Permissions;
import dev.cutlass.proto.message.Arrival;
import dev.cutlass.proto.message.Conversation;
import dev.cutlass.spi.OfflineMessage;
import dev.cutlass.wire.Id128;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that the offline delivery brought: put in order with those of connections, given to the handlers, and written down as handled before whoever keeps them may let go. Any thread; methods
 * that end in Locked have the peer's lock, the others may not.
 */
final class OfflineReceiving {
    /** Messages of one peer that wait here for earlier ones, or for a slow handler: more than an honest engine has under way. The rest is given to the next engine. */
    static final int MAX_HELD = 256;

    /** A message waits so long for earlier ones, which were sent before it and may take several tries of some minutes. */
    static final long ORDER_NANOS = Duration.ofMinutes(10).toNanos();

    private static final Logger LOG = LoggerFactory.getLogger(OfflineReceiving.class);

    private final Handle handle;
    private final OfflineSide side;

    /** Mails that the handler queue has and that are not handled. */
    private final Map<Came, Runnable> taken = new ConcurrentHashMap<>();

    private record Came(PeerId peer, MessageId id) {}

    OfflineReceiving(Handle handle, OfflineSide side) {
        this.handle = handle;
        this.side = side;
    }

    /** The offline delivery brought a message, and does {@code done} when it need not be kept. Housekeeping only. */
    void onArrived(OfflineMessage message, Runnable done, long now) {
        if (side.address(message.peer()).isEmpty()) {
            side.execute(done); // nobody whom we know by any address
            return;
        }
        final PeerEntry peer = handle.peers().entryFor(message.peer());
        if (peer != null) {
            handle.driver().step(peer, () -> holdLocked(peer, message, done, now), now);
        }
    }

    private void holdLocked(PeerEntry peer, OfflineMessage message, Runnable done, long now) {
        final OfflinePeer state = side.stateLocked(peer);
        if (state.held.size() >= MAX_HELD) {
            LOG.debug("more than {} messages of {} wait; one is left to the next start", MAX_HELD, peer.id());
            return;
        }
        state.held.add(new OfflinePeer.Held(message, done, now + ORDER_NANOS));
    }

    /** Gives the handler queue what is next; true if it took something. */
    boolean deliverLocked(PeerEntry peer, long now) {
        final OfflinePeer state = peer.offline;
        if (state == null || state.held.isEmpty()) {
            return false;
        }
        boolean any = false;
        boolean again;
        do { // what was delivered may have been what another one waited for
            again = false;
            for (Iterator<OfflinePeer.Held> all = state.held.iterator(); all.hasNext(); ) {
                final OfflinePeer.Held held = all.next();
                switch (tryLocked(peer, held, now)) {
                    case OVER -> {
                        all.remove();
                        peer.afterwardsLocked(() -> side.execute(held.done()));
                    }
                    case DOUBLE -> all.remove();
                    case DELIVERED -> {
                        all.remove();
                        again = true;
                        any = true;
                    }
                    case FULL -> {
                        return any; // it is offered again when there is room
                    }
                    case EARLY -> handle.schedule(state.timer, held.until());
                    case HERE -> {} // it came over the connection, too, and goes when the handler queue has room
                }
            }
        } while (again);
        return any;
    }

    private enum Tried {
        /** Nobody needs it. */
        OVER,
        /** It is the same as one that the handler queue has. */
        DOUBLE,
        DELIVERED,
        FULL,
        EARLY,
        HERE
    }

    private Tried tryLocked(PeerEntry peer, OfflinePeer.Held held, long now) {
        final MessageId id = held.message().id();
        final Id128 bootId = new Id128(id.bootHigh(), id.bootLow());
        final Permissions permissions = peer.permissions();
        if (!permissions.allows(Permission.CONNECT) || !permissions.allows(Permission.MESSAGE)) {
            return Tried.OVER;
        }
        final Conversation conversation = peer.conversation;
        final Arrival standing =
                conversation.standing(bootId, id.number(), held.message().base());
        if (standing == Arrival.SETTLED) {
            return taken.computeIfPresent(new Came(peer.id(), id), (came, first) -> () -> {
                                first.run();
                                held.done().run();
                            })
                            == null
                    ? Tried.OVER
                    : Tried.DOUBLE;
        }
        if (standing == Arrival.HERE) {
            return Tried.HERE;
        }
        if (standing == Arrival.EARLY && now < held.until()) {
            return Tried.EARLY;
        }
        final Came came = new Came(peer.id(), id);
        taken.put(came, held.done()); // before a handler can see it
        if (!peer.events.offerMessage(new CutlassEvent.MessageReceived(
                peer.id(), peer.nick(), held.message().message()))) {
            taken.remove(came);
            return Tried.FULL;
        }
        conversation.acceptElsewhere(bootId, id.number(), held.message().base());
        return Tried.DELIVERED;
    }

    /** Stands before the application's handlers. */
    Consumer<CutlassEvent> before(Consumer<CutlassEvent> sink) {
        return event -> {
            if (!(event instanceof CutlassEvent.MessageReceived received)) {
                sink.accept(event);
                return;
            }
            final MessageId id = received.message().id();
            final Came came = id == null ? null : new Came(received.peer(), id);
            if (side.isClosed() && came != null && taken.containsKey(came)) {
                return; // it could not be written down any more that it was handled: the next engine gets it
            }
            try {
                sink.accept(event);
            } finally {
                if (came != null) {
                    handled(came);
                }
            }
        };
    }

    private void handled(Came came) {
        if (!taken.containsKey(came) && side.address(came.peer()).isEmpty()) {
            return; // nothing of it comes as mail
        }
        final MessageId id = came.id();
        handle.storage().handled().add(came.peer(), new Id128(id.bootHigh(), id.bootLow()), id.number());
        final Runnable done = taken.remove(came);
        if (done == null) {
            handle.storage().saveHandledLater();
        } else {
            handle.storage().saveThen(() -> side.execute(done));
        }
    }
}
