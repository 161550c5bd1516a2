package dev.cutlass.proto.message;

import dev.cutlass.wire.Id128;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came from a peer, by its boot ids: of those that have no connection any more only the last few are remembered. Threads: none. */
final class Inboxes {
    /** Boot ids of the peer whose numbers are remembered. */
    static final int MAX_BOOT_IDS = 4;

    /** Oldest first; the last one is that of the session that started last, or of which we heard last. */
    private final List<Inbox> inboxes = new ArrayList<>(1);

    /** Null if messages come over connections only. */
    private Conversation.@Nullable Memory memory;

    /** Before the first one. */
    void memory(Conversation.Memory ofEarlierLives) {
        memory = ofEarlierLives;
    }

    /** A session of this boot id begins. */
    Inbox sessionStarted(Id128 bootId) {
        final Inbox inbox = take(bootId);
        inbox.sessions++;
        add(inbox);
        return inbox;
    }

    /** Something of this boot id came another way than over a session. */
    Inbox heardOf(Id128 bootId) {
        final Inbox inbox = take(bootId);
        add(inbox);
        return inbox;
    }

    private void add(Inbox inbox) {
        inboxes.add(inbox);
        for (Iterator<Inbox> oldest = inboxes.iterator(); inboxes.size() > MAX_BOOT_IDS && oldest.hasNext(); ) {
            final Inbox candidate = oldest.next();
            if (candidate.sessions == 0) {
                candidate.clear();
                oldest.remove();
            }
        }
    }

    private Inbox take(Id128 bootId) {
        for (Inbox inbox : inboxes) {
            if (inbox.isOf(bootId)) {
                inboxes.remove(inbox);
                return inbox;
            }
        }
        return new Inbox(bootId, memory == null ? null : new Elsewhere(NumberSet.of(memory.settled(bootId))));
    }

    /** The next message for the application, or null. */
    @Nullable
    Inbound peek() {
        for (int i = 0; i < inboxes.size(); i++) { // here and below without an iterator: every packet comes by
            final Inbound inbound = inboxes.get(i).peek();
            if (inbound != null) {
                return inbound;
            }
        }
        return null;
    }

    /** Cost of all messages here. */
    long held() {
        long held = 0;
        for (int i = 0; i < inboxes.size(); i++) {
            held += inboxes.get(i).held();
        }
        return held;
    }

    int heldMessages() {
        int held = 0;
        for (int i = 0; i < inboxes.size(); i++) {
            held += inboxes.get(i).heldMessages();
        }
        return held;
    }

    /**
     * Forgets messages that are not whole and saw nothing new since {@code before}.
     *
     * @return whether there are others that are not whole
     */
    boolean dropIncomplete(long before) {
        boolean more = false;
        for (Inbox inbox : inboxes) {
            inbox.dropIncomplete(before);
            more |= inbox.hasIncomplete();
        }
        return more;
    }

    /** Gives back the memory of queues. */
    void trim() {
        inboxes.forEach(Inbox::trim);
    }
}
