package dev.cutlass.cables.queue;

import static dev.cutlass.cables.queue.Names.ACK_MAC;
import static dev.cutlass.cables.queue.Names.ACK_OK;
import static dev.cutlass.cables.queue.Names.ACK_REQ;
import static dev.cutlass.cables.queue.Names.ACK_SAID;
import static dev.cutlass.cables.queue.Names.HEADER;
import static dev.cutlass.cables.queue.Names.MESSAGE;
import static dev.cutlass.cables.queue.Names.OUTGOING_ADDRESSES;
import static dev.cutlass.cables.queue.Names.REPLACES;
import static dev.cutlass.cables.queue.Names.RESEND;
import static dev.cutlass.cables.queue.Names.SEND_OK;
import static dev.cutlass.cables.queue.Names.SEND_REQ;

import java.util.Set;
import java.util.TreeSet;

/** Where an outgoing message is. Every combination of files is one of these: docs/cables-design.md section 4.3; cables protocol section 10.1. */
public enum OutgoingState {
    /** To be announced, and its recipient's key to be fetched. (S0; the original's S1 counts as this: what it fetched is fetched again.) */
    NEW(Set.of(MESSAGE, HEADER, SEND_REQ, REPLACES)),
    /** Sealed; the recipient is told until it confirms. (S2) */
    SENT(union(Names.SENT, Set.of(HEADER, SEND_OK, RESEND, REPLACES))),
    /** The recipient confirmed; our user is to be told. (S3) */
    CONFIRMED(union(Names.SENT, Set.of(HEADER, SEND_OK, ACK_REQ, REPLACES))),
    /** Our user knows; the recipient is told until it answers. (S4) */
    ACKNOWLEDGED(Set.of(HEADER, ACK_MAC, ACK_OK, ACK_SAID)),
    /** None of these: nothing can be made of it. */
    BROKEN(Set.of());

    @SuppressWarnings("ImmutableEnumChecker") // a copy that cannot be changed
    private final Set<String> kept;

    OutgoingState(Set<String> kept) {
        this.kept = Set.copyOf(union(union(kept, OUTGOING_ADDRESSES), Set.of(Names.BEGUN)));
    }

    private static Set<String> union(Set<String> left, Set<String> right) {
        final Set<String> both = new TreeSet<>(left);
        both.addAll(right);
        return both;
    }

    /** What a set of file names means. That the addresses are well-formed is looked at elsewhere. */
    public static OutgoingState of(Set<String> names) {
        if (!names.containsAll(OUTGOING_ADDRESSES)) {
            return BROKEN;
        }
        if (names.contains(ACK_OK) && names.contains(ACK_MAC)) {
            return ACKNOWLEDGED;
        }
        if (names.containsAll(Names.SENT) && names.contains(ACK_REQ)) {
            return CONFIRMED;
        }
        if (names.containsAll(Names.SENT) && names.contains(SEND_OK)) {
            return SENT;
        }
        return names.contains(MESSAGE) ? NEW : BROKEN;
    }

    /** Files that belong to this state; others are left from another one. */
    public Set<String> kept() {
        return kept;
    }
}
