package dev.cutlass.proto;

import dev.cutlass.proto.recovery.Deadlines;
import dev.cutlass.wire.NewConnectionIdFrame;
import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The ids under which the peer reaches us: docs/protocol.md section 5.4. Of those that no packet came with yet, which most connections never use, only the number is kept.
 */
final class LocalIds {
    /** So many are valid at a time. */
    static final int VALID = 4;

    private static final long[] NOTHING = {};

    /** Those that packets came with, and others below the highest of them. */
    private LocalId[] used;

    private final RandomGenerator random;
    private long nextSequence;

    /** The last ones that were issued, without a gap: the very last has number {@code nextSequence - 1}. */
    private long[] spare = NOTHING;

    LocalIds(long first, RandomGenerator random) {
        this.random = random;
        used = new LocalId[] {new LocalId(nextSequence++, first)};
    }

    /** Those that packets came with, and perhaps others. Not to be changed. */
    LocalId[] used() {
        return used;
    }

    /** All that are valid. */
    void forEach(LongConsumer action) {
        for (LocalId local : used) {
            action.accept(local.id());
        }
        for (long id : spare) {
            action.accept(id);
        }
    }

    /** A packet names this id; null if it is not valid. */
    @Nullable
    LocalId find(long id) {
        for (LocalId local : used) {
            if (local.id() == id) {
                return local;
            }
        }
        for (int i = 0; i < spare.length; i++) {
            if (spare[i] == id) {
                takeSpares(i + 1);
                return used[used.length - 1];
            }
        }
        return null;
    }

    /** The first of the spare ones are none any more. */
    private void takeSpares(int count) {
        final int before = used.length;
        used = Arrays.copyOf(used, before + count);
        for (int i = 0; i < count; i++) {
            used[before + i] = new LocalId(firstSpare() + i, spare[i]);
        }
        spare = count == spare.length ? NOTHING : Arrays.copyOfRange(spare, count, spare.length);
    }

    private long firstSpare() {
        return nextSequence - spare.length;
    }

    private boolean isSpare(long sequence) {
        return sequence >= firstSpare() && sequence < nextSequence;
    }

    /** Null if it is retired, or was not issued. */
    @Nullable
    LocalId bySequence(long sequence) {
        if (isSpare(sequence)) {
            takeSpares((int) (sequence - firstSpare()) + 1);
        }
        for (LocalId local : used) {
            if (local.sequence() == sequence) {
                return local;
            }
        }
        return null;
    }

    /** Whether this number was given to an id that is not retired. */
    boolean isValid(long sequence) {
        return isSpare(sequence) || bySequence(sequence) != null;
    }

    /** Whether this number was given to an id, which may have been retired since. */
    boolean wasIssued(long sequence) {
        return sequence < nextSequence;
    }

    boolean canIssue() {
        return used.length + spare.length < VALID && nextSequence <= NewConnectionIdFrame.MAX_SEQUENCE;
    }

    /** A new id, to be told to the peer. */
    NewConnectionIdFrame issue() {
        final long id = random.nextLong();
        spare = Arrays.copyOf(spare, spare.length + 1);
        spare[spare.length - 1] = id;
        return new NewConnectionIdFrame(nextSequence++, 0, id);
    }

    /** The peer does not use it any more; null if it was retired before. */
    @Nullable
    LocalId retire(long sequence) {
        final LocalId local = bySequence(sequence);
        if (local != null) {
            used = Arrays.stream(used).filter(other -> other != local).toArray(LocalId[]::new);
        }
        return local;
    }

    boolean isAckDue(long now) {
        for (LocalId local : used) {
            if (local.acks() != null && local.acks().isDue(now)) {
                return true;
            }
        }
        return false;
    }

    long ackDeadline() {
        long deadline = Deadlines.NONE;
        for (LocalId local : used) {
            if (local.acks() != null) {
                deadline = Math.min(deadline, local.acks().deadline());
            }
        }
        return deadline;
    }

    /** Whether packets are missing, which takes memory. */
    boolean haveGaps() {
        for (LocalId local : used) {
            if (local.hasGaps()) {
                return true;
            }
        }
        return false;
    }

    /** Packets that are missing will not be taken any more. */
    void closeGaps() {
        for (LocalId local : used) {
            local.closeGaps();
        }
    }

    void trim() {
        for (LocalId local : used) {
            if (local.acks() != null) {
                local.acks().trim();
            }
        }
    }
}
