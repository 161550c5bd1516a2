package dev.cutlass.proto.handshake;

import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which of two connections with the same device survives. Both sides decide alone and come to the same answer, whichever connection
 * they saw confirmed first. docs/protocol.md section 3.7. Any thread.
 */
public final class ConnectionArbiter {
    private ConnectionArbiter() {}

    /** What happened, and with it who stays. */
    public enum Outcome {
        /** The peer was started anew: the new connection stays. A packet on the old one would mean that two engines use one key. */
        RESTARTED(true),
        /** The same side dialled again: the new connection stays. */
        DIALLED_AGAIN(true),
        /** The new connection's initiator knew of the old one when it finished the handshake: the new one stays. */
        REPLACED(true),
        /** The old connection's initiator knew of the new one when it finished its handshake: the old one stays. */
        OVERTAKEN(false),
        /** Both dialled at once, and the new connection is that of the lower static key. */
        CROSSED_NEW_STAYS(true),
        /** Both dialled at once, and the old connection is that of the lower static key. */
        CROSSED_OLD_STAYS(false);

        private final boolean newSurvives;

        Outcome(boolean newSurvives) {
            this.newSurvives = newSurvives;
        }

        /** Whether the connection that was confirmed later stays. */
        public boolean newSurvives() {
            return newSurvives;
        }
    }

    /**
     * One of the two connections, as this side knows it.
     *
     * @param initiatedByUs whether we dialled it
     * @param id the handshake id
     * @param remoteBootId which run of the peer's engine it is with
     * @param seen SEEN of its flight 3, whoever sent that
     */
    public record Contender(
            boolean initiatedByUs,
            Id128 id,
            Id128 remoteBootId,
            @Nullable Id128 seen) {
        /** The contender that a handshake yields. */
        public static Contender of(HandshakeResult result) {
            return new Contender(result.initiator(), result.id(), result.remoteBootId(), result.seen());
        }
    }

    /**
     * Decides.
     *
     * @param old the connection that was there, confirmed
     * @param fresh the one that is confirmed now
     * @param localStaticKey ours, 32 bytes
     * @param remoteStaticKey the peer's, 32 bytes
     */
    public static Outcome decide(Contender old, Contender fresh, Bytes localStaticKey, Bytes remoteStaticKey) {
        if (!old.remoteBootId().equals(fresh.remoteBootId())) {
            return Outcome.RESTARTED;
        }
        if (old.initiatedByUs() == fresh.initiatedByUs()) {
            return Outcome.DIALLED_AGAIN;
        }
        if (old.id().equals(fresh.seen())) {
            return Outcome.REPLACED;
        }
        if (fresh.id().equals(old.seen())) {
            return Outcome.OVERTAKEN;
        }
        boolean oursIsLower = Arrays.compareUnsigned(localStaticKey.toArray(), remoteStaticKey.toArray()) < 0;
        return fresh.initiatedByUs() == oursIsLower ? Outcome.CROSSED_NEW_STAYS : Outcome.CROSSED_OLD_STAYS;
    }
}
