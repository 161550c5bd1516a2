package dev.cutlass.proto.handshake;

import dev.cutlass.wire.HandshakePart;

/** What {@link HandshakeGate} makes of a datagram that belongs to no connection. */
public sealed interface Verdict permits Verdict.Candidate, Verdict.Opaque, Verdict.Demand, Verdict.Rejected {

    /**
     * A well-formed part with the right mac1: for {@link InboundHandshakes} if it is for the responder, else for the dial that
     * it names. It holds no bytes of the receive buffer.
     *
     * @param length bytes of the datagram
     * @param cookie whether it carries a valid cookie
     */
    record Candidate(HandshakeMode mode, boolean forResponder, HandshakePart part, int length, boolean cookie)
            implements Verdict {}

    /**
     * A stealth datagram with the right mac1 under a mask that only an open handshake knows: for {@link InboundHandshakes} if it is
     * for the responder, else for the stealth dials to the address that it came from.
     */
    final class Opaque implements Verdict {
        private final boolean forResponder;
        private final byte[] datagram;

        Opaque(boolean forResponder, byte[] datagram) {
            this.forResponder = forResponder;
            this.datagram = datagram;
        }

        /** Whether the sender is the initiator. */
        public boolean forResponder() {
            return forResponder;
        }

        /** The datagram itself, not a copy. */
        byte[] datagram() {
            return datagram;
        }

        @Override
        public String toString() {
            return "Opaque[forResponder " + forResponder + ", " + datagram.length + " bytes]";
        }
    }

    /** A first flight without the cookie that is needed now: send {@link #answer} back, and forget it. */
    final class Demand implements Verdict {
        private final byte[] answer;

        Demand(byte[] answer) {
            this.answer = answer;
        }

        /** A datagram for the address and port that the part came from, never longer than it. */
        public byte[] answer() {
            return answer;
        }
    }

    /** To be dropped and counted. */
    enum Rejected implements Verdict {
        /** Too short or too long. */
        LENGTH,
        /** No mac1 that we check holds. */
        MAC,
        /** What is under the mask is no part that anybody here could take. */
        LAYOUT,
        /** It answers a handshake that we do not have. */
        UNKNOWN_HANDSHAKE,
        /** Stealth: its stamp is outside the window or below the floor. */
        STALE,
        /** It lacks a cookie and is too short to be answered. */
        NO_COOKIE
    }
}
