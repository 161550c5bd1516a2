package dev.cutlass.event;

/** Why something that came from the network was dropped. Each is counted and nothing else happens. */
public enum DropReason {
    /** Neither a packet of a live connection nor anything that is masked and authenticated as a handshake datagram is. */
    NOT_CUTLASS,
    /** Shorter or longer than anything that Cutlass sends. */
    LENGTH,
    /** A stealth time stamp too far from our clock, or below the floor of the replay guard. */
    STAMP,
    /** A stealth first flight that was seen and verified before. */
    REPLAY,
    /** Under load: no valid cookie. */
    COOKIE,
    /** Over a budget: too many reassemblies, handshakes, or undecided connections. */
    BUDGET,
    /** A part of a flight of no handshake that we know, or one that did not verify. */
    HANDSHAKE,
    /** Somebody dialled while the engine was closing. */
    CLOSING,
    /** A packet with a live connection id whose tag did not verify, whose number was seen before, or whose epoch has no key. */
    PACKET,
    /** The arrivals queue was full. */
    ARRIVALS_FULL,
    /** An ICMP error for a socket that is gone. */
    UNREACHABLE,
    /** Outbound: the system did not take the datagram. */
    SEND_FAILED
}
