package dev.cutlass.proto;

import dev.cutlass.proto.recovery.CongestionController;
import dev.cutlass.proto.recovery.LossRecovery;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** An id under which we reach the peer, and the packets that we sent with it. Its sequence number is the path id. */
final class RemoteId {
    private final long sequence;
    private final long id;
    private @Nullable LossRecovery<SentFrames> recovery;

    RemoteId(long sequence, long id) {
        this.sequence = sequence;
        this.id = id;
    }

    long sequence() {
        return sequence;
    }

    long id() {
        return id;
    }

    /** Null until the id is used. */
    @Nullable
    LossRecovery<SentFrames> recovery() {
        return recovery;
    }

    LossRecovery<SentFrames> use(
            Supplier<? extends CongestionController> congestion,
            LossRecovery.Listener<SentFrames> listener,
            RandomGenerator random) {
        LossRecovery<SentFrames> used = recovery;
        if (used == null) {
            used = new LossRecovery<>(congestion, listener, random);
            recovery = used;
        }
        return used;
    }
}
