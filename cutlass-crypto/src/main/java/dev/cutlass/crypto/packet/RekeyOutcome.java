package dev.cutlass.crypto.packet;

import org.jspecify.annotations.Nullable;

/** What a REKEY message led to. */
public sealed interface RekeyOutcome {
    /** The next epoch is agreed: its packets can be opened. The proposer may send under it at once, the accepter when it has opened one. */
    final class Rekeyed implements RekeyOutcome {
        private final int epoch;
        private final TrafficSecrets traffic;
        private final byte @Nullable [] reply;

        Rekeyed(int epoch, TrafficSecrets traffic, byte @Nullable [] reply) {
            this.epoch = epoch;
            this.traffic = traffic;
            this.reply = reply;
        }

        /** The new epoch. */
        public int epoch() {
            return epoch;
        }

        /** Its secrets, the receiver's to close once packet keys are made of them. */
        public TrafficSecrets traffic() {
            return traffic;
        }

        /** The REKEY_ACCEPT to be sent; {@code null} if we had proposed. Not copied. */
        public byte @Nullable [] reply() {
            return reply;
        }

        @Override
        public String toString() {
            return "Rekeyed[epoch " + epoch + "]";
        }
    }

    /** Both proposed, and ours counts: the other side will accept it. */
    record Ignored() implements RekeyOutcome {}

    /** No honest peer sends this: the connection must close. Nothing has changed. */
    record Refused(Reason reason) implements RekeyOutcome {}

    /** Why a message was refused. */
    enum Reason {
        /** The bytes are no REKEY message. */
        MALFORMED,
        /** It does not lead to the next epoch. */
        WRONG_EPOCH,
        /** It accepts what nobody proposed, or with a KEM that the proposal did not have. */
        UNEXPECTED,
        /** An X25519 key of small order, or an encapsulation key that FIPS 203 refuses. */
        BAD_KEY
    }
}
