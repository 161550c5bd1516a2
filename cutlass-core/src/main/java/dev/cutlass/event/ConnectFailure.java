package dev.cutlass.event;

/** Why a connection could not be made. {@link #advice} says what to check. */
public enum ConnectFailure {
    /** The name in the address could not be resolved. */
    UNKNOWN_HOST("the host name is unknown: check its spelling and this machine's name service"),
    /** No answer from any place of the address within the connect timeout. */
    NO_ANSWER(
            "no answer: check that the other program runs, that host and port are right, that no firewall drops UDP to that port, "
                    + "and, if either side is in stealth mode, that the address has the key, \"?stealth\" and that both clocks are right "
                    + "within 10 minutes"),
    /** Another key than the one that was dialled, or than the one saved for this address, answered. */
    KEY_MISMATCH(
            "another key answered than expected: compare both fingerprints with the owner before anything else; if the owner "
                    + "really has a new key, forget the old one and dial the new address"),
    /** The other side answered and then refused us. */
    REFUSED("the other side does not admit us: ask its owner to accept this identity"),
    /** We do not admit the other side: our policy, our user or its permissions say no. */
    NOT_ADMITTED("this side does not admit that peer: see the trust policy and the peer's permissions"),
    /** Nobody decided about admission within the time. */
    UNDECIDED("nobody decided in time whether to admit the other side: try again when its user, or ours, is there"),
    /** The address has no place to dial, and there is no connection with the peer either. */
    NO_ADDRESS("the address has no @host:port, and no place of this peer is known"),
    /** What answered does not speak this protocol as we do. */
    INCOMPATIBLE(
            "the other side failed in the handshake: check that both programs are up to date and that the same pre-shared key "
                    + "is set on both sides, or on neither"),
    /** Too many dials at once. */
    TOO_MANY("too many connections are being made at the same time: wait until some have completed"),
    /** The address names our own key. */
    SELF("that is our own address"),
    /** The engine was closed, or the peer disconnected, meanwhile. */
    CLOSED("the engine was closed, or the attempt was ended, meanwhile");

    private final String advice;

    ConnectFailure(String advice) {
        this.advice = advice;
    }

    /** A sentence for a person: what happened and what to check. */
    public String advice() {
        return advice;
    }
}
