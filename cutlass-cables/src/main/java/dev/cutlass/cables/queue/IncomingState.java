package dev.cutlass.cables.queue;

import static dev.cutlass.cables.queue.Names.ACK_MAC;
import static dev.cutlass.cables.queue.Names.HEADER;
import static dev.cutlass.cables.queue.Names.INCOMING_ADDRESSES;
import static dev.cutlass.cables.queue.Names.PEER_OK;
import static dev.cutlass.cables.queue.Names.PEER_REQ;
import static dev.cutlass.cables.queue.Names.PRIVATE_KEY;
import static dev.cutlass.cables.queue.Names.RECIPIENT_KEY;
import static dev.cutlass.cables.queue.Names.RECV_MAC;
import static dev.cutlass.cables.queue.Names.RECV_OK;
import static dev.cutlass.cables.queue.Names.RECV_RDY;
import static dev.cutlass.cables.queue.Names.RECV_REQ;
import static dev.cutlass.cables.queue.Names.SEND_MAC;

import java.util.Set;
import java.util.TreeSet;

/** Where an incoming message is. Every combination of files is one of these: docs/cables-design.md section 4.3; cables protocol section 10.2. */
public enum IncomingState {
    /** Announced; a key is to be made. (R0) */
    ANNOUNCED(Set.of(PEER_REQ)),
    /** The sender may fetch our key. (R1) */
    KEY_READY(Set.of(PRIVATE_KEY, RECIPIENT_KEY, PEER_OK)),
    /** The sender said that it has sealed the mail; it is to be fetched. (R2; the original's R3 counts as this: what it fetched is fetched again.) */
    WANTED(Set.of(PRIVATE_KEY, RECIPIENT_KEY, PEER_OK, RECV_REQ, SEND_MAC)),
    /** In the user's mailbox; the sender is told until it acknowledges. (R4) */
    RECEIVED(Set.of(RECV_OK, RECV_MAC, ACK_MAC, HEADER)),
    /** None of these: nothing can be made of it. */
    BROKEN(Set.of());

    @SuppressWarnings("ImmutableEnumChecker") // a copy that cannot be changed
    private final Set<String> kept;

    IncomingState(Set<String> kept) {
        final Set<String> all = new TreeSet<>(kept);
        all.addAll(INCOMING_ADDRESSES);
        this.kept = Set.copyOf(all);
    }

    /** What a set of file names means. That the addresses are well-formed is looked at elsewhere. */
    public static IncomingState of(Set<String> names) {
        if (!names.containsAll(INCOMING_ADDRESSES)) {
            return BROKEN;
        }
        if (names.contains(RECV_OK) && names.contains(RECV_MAC) && names.contains(ACK_MAC)) {
            return RECEIVED;
        }
        if (names.contains(PRIVATE_KEY) && names.contains(RECIPIENT_KEY)) {
            return names.contains(RECV_REQ) || names.contains(RECV_RDY) ? WANTED : KEY_READY;
        }
        return ANNOUNCED;
    }

    /** Files that belong to this state; others are left from another one. */
    public Set<String> kept() {
        return kept;
    }
}
