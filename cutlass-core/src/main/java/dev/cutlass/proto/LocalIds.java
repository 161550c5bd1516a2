package dev.cutlass.proto;

import dev.cutlass.proto.recovery.Deadlines;
import dev.cutlass.wire.NewConnectionIdFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The ids under which the peer reaches us: docs/protocol.md section 5.4. */
final class LocalIds {
    /** So many are valid at a time. */
    static final int VALID = 4;

    private final List<LocalId> valid = new ArrayList<>(VALID);
    private final RandomGenerator random;
    private long nextSequence;

    LocalIds(long first, RandomGenerator random) {
        this.random = random;
        valid.add(new LocalId(nextSequence++, first));
    }

    /** The valid ids. */
    List<LocalId> valid() {
        return valid;
    }

    @Nullable
    LocalId find(long id) {
        for (LocalId local : valid) {
            if (local.id() == id) {
                return local;
            }
        }
        return null;
    }

    @Nullable
    LocalId bySequence(long sequence) {
        for (LocalId local : valid) {
            if (local.sequence() == sequence) {
                return local;
            }
        }
        return null;
    }

    /** Whether this number was given to an id, which may have been retired since. */
    boolean wasIssued(long sequence) {
        return sequence < nextSequence;
    }

    boolean canIssue() {
        return valid.size() < VALID && nextSequence <= NewConnectionIdFrame.MAX_SEQUENCE;
    }

    LocalId issue() {
        final LocalId local = new LocalId(nextSequence++, random.nextLong());
        valid.add(local);
        return local;
    }

    /** The peer does not use it any more; null if it was retired before. */
    @Nullable
    LocalId retire(long sequence) {
        final LocalId local = bySequence(sequence);
        if (local != null) {
            valid.remove(local);
        }
        return local;
    }

    boolean isAckDue(long now) {
        for (LocalId local : valid) {
            if (local.acks() != null && local.acks().isDue(now)) {
                return true;
            }
        }
        return false;
    }

    long ackDeadline() {
        long deadline = Deadlines.NONE;
        for (LocalId local : valid) {
            if (local.acks() != null) {
                deadline = Math.min(deadline, local.acks().deadline());
            }
        }
        return deadline;
    }

    /** Whether packets are missing, which takes memory. */
    boolean haveGaps() {
        for (LocalId local : valid) {
            if (local.hasGaps()) {
                return true;
            }
        }
        return false;
    }

    /** Packets that are missing will not be taken any more. */
    void closeGaps() {
        valid.forEach(LocalId::closeGaps);
    }

    void trim() {
        for (LocalId local : valid) {
            if (local.acks() != null) {
                local.acks().trim();
            }
        }
    }
}
