package dev.cutlass.proto;

import dev.cutlass.wire.NewConnectionIdFrame;
import java.util.ArrayList;
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

    private final List<RemoteId> unretired = new ArrayList<>(LocalIds.VALID);
    private long retiredCount;

    /** Bit i stands for number {@code seenFrom + i}; all numbers below came. */
    private long seen = 0;

    private long seenFrom = 1;

    RemoteIds(long first) {
        unretired.add(new RemoteId(0, first));
    }

    RemoteId first() {
        return unretired.get(0);
    }

    List<RemoteId> unretired() {
        return unretired;
    }

    @Nullable
    RemoteId bySequence(long sequence) {
        for (RemoteId remote : unretired) {
            if (remote.sequence() == sequence) {
                return remote;
            }
        }
        return null;
    }

    /** An id that no packet was sent with yet, that of the lowest number; null if there is none. */
    @Nullable
    RemoteId unused() {
        RemoteId lowest = null;
        for (RemoteId remote : unretired) {
            if (remote.recovery() == null && (lowest == null || remote.sequence() < lowest.sequence())) {
                lowest = remote;
            }
        }
        return lowest;
    }

    Added add(NewConnectionIdFrame frame) {
        final RemoteId known = bySequence(frame.sequence());
        if (known != null) {
            return known.id() == frame.connectionId() ? Added.KNOWN : Added.VIOLATION;
        }
        if (wasSeen(frame.sequence())) {
            return Added.KNOWN; // retired since
        }
        // Number n means that n + 1 ids were issued. The second condition bounds what we remember.
        if (frame.sequence() + 1 - retiredCount > MAX_UNRETIRED || frame.sequence() - seenFrom >= Long.SIZE) {
            return Added.VIOLATION;
        }
        for (RemoteId remote : unretired) {
            if (remote.id() == frame.connectionId()) {
                return Added.VIOLATION;
            }
        }
        markSeen(frame.sequence());
        unretired.add(new RemoteId(frame.sequence(), frame.connectionId()));
        return Added.NEW;
    }

    /** Whether the peer gave this number to an id, retired or not. */
    boolean wasSeen(long sequence) {
        return sequence < seenFrom || (sequence - seenFrom < Long.SIZE && (seen >>> (sequence - seenFrom) & 1) != 0);
    }

    /** We do not use it any more; the peer has to be told. */
    void retire(RemoteId remote) {
        if (unretired.remove(remote)) {
            retiredCount++;
        }
    }

    private void markSeen(long sequence) {
        seen |= 1L << (sequence - seenFrom);
        while ((seen & 1) != 0) {
            seen >>>= 1;
            seenFrom++;
        }
    }
}
