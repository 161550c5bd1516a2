package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.ConnectFailedException;
import dev.cutlass.event.ConnectFailure;
import dev.cutlass.event.DeliveryFailure;
import dev.cutlass.event.PeerState;
import dev.cutlass.event.Permissions;
import dev.cutlass.event.TrustState;
import dev.cutlass.proto.message.Conversation;
import dev.cutlass.wire.CloseCode;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.MessageClass;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the engine knows about one peer. Its lock, of rank CONNECTION, guards its conversation and all its connections; a peer may have two of these for a moment, and
 * the conversation outlives them.
 */
public final class PeerEntry {
    /** Two are normal for a moment; more come from a peer that dials all the time, whose eldest then end at once. */
    static final int MAX_CONNECTIONS = 8;

    static final List<MessageClass> CLASSES = List.of(MessageClass.values());

    final RankedLock lock = new RankedLock(LockRank.CONNECTION);
    final HandlerQueue events;

    private final PeerId id;

    // Volatile: written under the lock, read by anybody.
    private volatile String nick = "";
    private volatile TrustState trust;
    private volatile Permissions permissions;
    private volatile PeerState state = PeerState.AWAY;

    // Under the lock:

    final Conversation conversation;

    /** Live ones, and those that still answer stragglers. */
    final List<ConnectionEntry> connections = new ArrayList<>(1);

    /** The live one that is used; null without any. */
    @Nullable
    ConnectionEntry current;

    /** Waiting for both sides' admission. */
    private List<CompletableFuture<PeerEntry>> waiting = List.of();

    /** What to do once the lock is free: what may run code of the application. */
    private @Nullable List<Runnable> afterwards;

    private @Nullable Sending firstUnsettled;

    /** The application heard Connected, and not yet that it is over. */
    boolean reported;

    /** We admitted it, in this run. */
    boolean admitted;

    /** Where it sees us. */
    @Nullable
    InetSocketAddress observed;

    /** Null while there were none. */
    @Nullable
    PeerChannels channels;

    /** Of the channels for bulk; null while there were none. */
    @Nullable
    HandlerQueue bulkEvents;

    /** Null without an {@link OfflineSide}, and while there was no need. */
    @Nullable
    OfflinePeer offline;

    // Who waits for room in the outbox of a class: one future for all; null without any.
    private @Nullable CompletableFuture<Void> room;
    private @Nullable CompletableFuture<Void> bulkRoom;

    /** Messages were taken, and no packet with their receipts has left. */
    boolean receiptsWait;

    /** Some connection has outputs that nobody looked at yet. */
    boolean again;

    // Written by housekeeping under the lock, read under it or by housekeeping:

    /** Whom to dial when a connection is lost; null: nobody. */
    @Nullable
    DialTarget wanted;

    /** What the application asked to dial; wanted once both sides have admitted each other. */
    @Nullable
    DialTarget requested;

    /** A dial is under way, or planned. */
    @Nullable
    DialAttempt attempt;

    // Housekeeping only:

    int failedAttempts;

    /** Its last connection was made in stealth mode, as the next one then must be. */
    boolean lastWasStealth;

    /** The application ended it, or the peer did: nobody dials by himself any more. */
    boolean parted;

    /** Null until the peer was first seen started anew. */
    @Nullable
    ReplacedRuns replacedRuns;

    @Nullable
    Id128 lastCompleted;

    @Nullable
    Id128 lastCompletedBoot;

    /** @param queue makes its handler queue */
    PeerEntry(
            PeerId id,
            TrustState trust,
            Permissions permissions,
            Conversation conversation,
            Function<PeerEntry, HandlerQueue> queue) {
        this.id = id;
        this.trust = trust;
        this.permissions = permissions;
        this.conversation = conversation;
        this.events = queue.apply(this);
    }

    /** Its root key. */
    public PeerId id() {
        return id;
    }

    /** What it calls itself. */
    public String nick() {
        return nick;
    }

    /** What we know about its key. */
    public TrustState trust() {
        return trust;
    }

    /** What it may do here. */
    public Permissions permissions() {
        return permissions;
    }

    /** Whether it can be reached. */
    public PeerState state() {
        return state;
    }

    void nick(String newNick) {
        nick = newNick;
    }

    void trust(TrustState newTrust) {
        trust = newTrust;
    }

    void permissions(Permissions newPermissions) {
        permissions = newPermissions;
    }

    void updateStateLocked() {
        final ConnectionEntry used = current;
        if (used != null && (used.isMutual() || reported)) {
            state = PeerState.CONNECTED;
        } else if (used != null) {
            state = PeerState.UNDECIDED;
        } else {
            state = attempt == null ? PeerState.AWAY : PeerState.CONNECTING;
        }
    }

    /** Tells the peer on every connection that it is over. */
    void closeAllLocked(CloseCode code, long now) {
        for (ConnectionEntry entry : List.copyOf(connections)) {
            entry.connection.close(code, "", now);
        }
    }

    /** @param self our own root key: who has the lower one opens channels with even numbers */
    PeerChannels channelsLocked(PeerId self) {
        PeerChannels present = channels;
        if (present == null) {
            present = new PeerChannels(this, self.compareTo(id) < 0);
            channels = present;
        }
        return present;
    }

    /** The handler queue of a class. */
    HandlerQueue eventsLocked(MessageClass of) {
        if (of == MessageClass.MESSAGES) {
            return events;
        }
        HandlerQueue queue = bulkEvents;
        if (queue == null) {
            queue = events.newBulkQueue();
            bulkEvents = queue;
        }
        return queue;
    }

    /** Under the lock: what those wait for who wait for room. */
    @Nullable
    CompletableFuture<Void> roomAwaited(MessageClass of) {
        return of == MessageClass.MESSAGES ? room : bulkRoom;
    }

    void roomAwaited(MessageClass of, @Nullable CompletableFuture<Void> future) {
        if (of == MessageClass.MESSAGES) {
            room = future;
        } else {
            bulkRoom = future;
        }
    }

    void afterwardsLocked(Runnable action) {
        List<Runnable> present = afterwards;
        if (present == null) {
            present = new ArrayList<>();
            afterwards = present;
        }
        present.add(action);
    }

    List<Runnable> takeAfterwardsLocked() {
        final List<Runnable> taken = afterwards;
        afterwards = null;
        return taken == null ? List.of() : taken;
    }

    /** Whether we wrote to it, and it has not got all. */
    boolean hasUnsettledLocked() {
        return firstUnsettled != null;
    }

    void addUnsettledLocked(Sending sending) {
        final Sending head = firstUnsettled;
        sending.next = head;
        if (head != null) {
            head.previous = sending;
        }
        firstUnsettled = sending;
    }

    void removeUnsettledLocked(Sending sending) {
        final Sending before = sending.previous;
        final Sending after = sending.next;
        if (before != null) {
            before.next = after;
        } else if (firstUnsettled == sending) {
            firstUnsettled = after;
        }
        if (after != null) {
            after.previous = before;
        }
        sending.previous = null;
        sending.next = null;
    }

    void addWaitingLocked(CompletableFuture<PeerEntry> future) {
        if (waiting.isEmpty()) {
            waiting = new ArrayList<>(1);
        }
        waiting.add(future);
    }

    List<CompletableFuture<PeerEntry>> takeWaitingLocked() {
        final List<CompletableFuture<PeerEntry>> taken = waiting;
        waiting = List.of();
        return taken;
    }

    /** Those who wait to be connected wait no more, once the lock is free. */
    void failWaitingLocked(ConnectFailure why, String detail) {
        for (CompletableFuture<PeerEntry> future : takeWaitingLocked()) {
            afterwardsLocked(
                    () -> future.completeExceptionally(new ConnectFailedException(why, id.toString(), detail)));
        }
        requested = null;
    }

    /**
     * Nothing more will come of a message; who waits for it hears of that once the lock is free.
     *
     * @param failure null if it was delivered
     */
    void settledLocked(Sending sending, @Nullable DeliveryFailure failure) {
        if (sending.settle(failure)) {
            afterwardsLocked(sending::wake);
        }
    }

    /** Whether nothing is lost if it is forgotten. */
    boolean isIdleLocked() {
        return connections.isEmpty()
                && waiting.isEmpty()
                && firstUnsettled == null
                && wanted == null
                && attempt == null
                && (offline == null || offline.held.isEmpty())
                && (channels == null || channels.isEmptyLocked());
    }

    /** All of them fail once the lock is free. */
    void failUnsettledLocked(DeliveryFailure why) {
        for (Sending sending = firstUnsettled; sending != null; sending = firstUnsettled) {
            final Sending failing = sending;
            removeUnsettledLocked(failing);
            if (failing.outgoing != null) {
                conversation.of(failing.messageClass).abandon(failing.outgoing);
            }
            settledLocked(failing, why);
        }
        HighWater.failLocked(this, why);
    }
}
