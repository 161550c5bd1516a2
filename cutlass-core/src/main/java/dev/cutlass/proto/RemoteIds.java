package dev.cutlass.proto;

import dev.cutlass.proto.recovery.LossRecovery;
import dev.cutlass.wire.NewConnectionIdFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ids under which we reach the peer, as it issued them: docs/protocol.md section 5.4. */
final class RemoteIds {
    /** More that are not retired break the protocol. */
    static final int MAX_UNRETIRED = 8;

    /** What a NEW_CONNECTION_ID turned out to be. */
    enum Added {
        NEW,
        /** A repetition of what we know, or knew. */
        KNOWN,
        /** Too many, or one number with two ids. */
        VIOLATION
    }

    private static final long[] NOTHING = {};

    /** Those that were used, and others that did not come in order. */
    private RemoteId[] known;

    /** Unused ones, of numbers that follow each other: of most ids only the number is kept. */
    private long[] spare = NOTHING;

    private long firstSpare;
    private long retiredCount;

    /** Bit i stands for number {@code seenFrom + i}; all numbers below came. */
    private long seen = 0;

    private long seenFrom = 1;

    RemoteIds(long first) {
        known = new RemoteId[] {new RemoteId(0, first)};
    }

    /** Of those that are not retired. */
    int size() {
        return known.length + spare.length;
    }

    RemoteId first() {
        return known[0];
    }

    /** Gives back the memory of recovery at rest. */
    void trim() {
        for (RemoteId remote : known) {
            final LossRecovery<SentFrames> recovery = remote.recovery();
            if (recovery != null) {
                recovery.trim();
            }
        }
    }

    /** Null if it is retired, or did not come. */
    @Nullable
    RemoteId bySequence(long sequence) {
        if (isSpare(sequence)) {
            takeSpares((int) (sequence - firstSpare) + 1);
        }
        for (RemoteId remote : known) {
            if (remote.sequence() == sequence) {
                return remote;
            }
        }
        return null;
    }

    private boolean isSpare(long sequence) {
        return sequence >= firstSpare && sequence < firstSpare + spare.length;
    }

    /** The first of the spare ones are none any more. */
    private void takeSpares(int count) {
        final int before = known.length;
        known = Arrays.copyOf(known, before + count);
        for (int i = 0; i < count; i++) {
            known[before + i] = new RemoteId(firstSpare + i, spare[i]);
        }
        firstSpare += count;
        spare = count == spare.length ? NOTHING : Arrays.copyOfRange(spare, count, spare.length);
    }

    /** An id that no packet was sent with yet, that of the lowest number; null if there is none. */
    @Nullable
    RemoteId unused() {
        RemoteId lowest = null;
        for (RemoteId remote : known) {
            if (remote.recovery() == null && (lowest == null || remote.sequence() < lowest.sequence())) {
                lowest = remote;
            }
        }
        return spare.length > 0 && (lowest == null || firstSpare < lowest.sequence()) ? bySequence(firstSpare) : lowest;
    }

    /** Those below a number that no packet was sent with. */
    List<RemoteId> unusedBelow(long sequence) {
        takeSpares((int) Math.min(spare.length, Math.max(0, sequence - firstSpare)));
        final List<RemoteId> unused = new ArrayList<>();
        for (RemoteId remote : known) {
            if (remote.sequence() < sequence && remote.recovery() == null) {
                unused.add(remote);
            }
        }
        return unused;
    }

    Added add(NewConnectionIdFrame frame) {
        final RemoteId present = bySequence(frame.sequence());
        if (present != null) {
            return present.id() == frame.connectionId() ? Added.KNOWN : Added.VIOLATION;
        }
        if (wasSeen(frame.sequence())) {
            return Added.KNOWN; // retired since
        }
        // Number n means that n + 1 ids were issued. The second condition bounds what we remember.
        if (frame.sequence() + 1 - retiredCount > MAX_UNRETIRED || frame.sequence() - seenFrom >= Long.SIZE) {
            return Added.VIOLATION;
        }
        if (isKnown(frame.connectionId())) {
            return Added.VIOLATION;
        }
        markSeen(frame.sequence());
        if (spare.length == 0 || frame.sequence() == firstSpare + spare.length) {
            firstSpare = frame.sequence() - spare.length;
            spare = Arrays.copyOf(spare, spare.length + 1);
            spare[spare.length - 1] = frame.connectionId();
        } else {
            known = Arrays.copyOf(known, known.length + 1);
            known[known.length - 1] = new RemoteId(frame.sequence(), frame.connectionId());
        }
        return Added.NEW;
    }

    private boolean isKnown(long id) {
        for (RemoteId remote : known) {
            if (remote.id() == id) {
                return true;
            }
        }
        for (long other : spare) {
            if (other == id) {
                return true;
            }
        }
        return false;
    }

    /** Whether the peer gave this number to an id, retired or not. */
    boolean wasSeen(long sequence) {
        return sequence < seenFrom || (sequence - seenFrom < Long.SIZE && (seen >>> (sequence - seenFrom) & 1) != 0);
    }

    /** We do not use it any more; the peer has to be told. */
    void retire(RemoteId remote) {
        final RemoteId[] left =
                Arrays.stream(known).filter(other -> other != remote).toArray(RemoteId[]::new);
        retiredCount += known.length - left.length;
        known = left;
    }

    private void markSeen(long sequence) {
        seen |= 1L << (sequence - seenFrom);
        while ((seen & 1) != 0) {
            seen >>>= 1;
            seenFrom++;
        }
    }
}
