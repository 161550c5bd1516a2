package dev.cutlass.event;

/** Why a channel is closed. */
public enum ChannelEnd {
    /** The other side does not offer the service in this version. */
    UNKNOWN_SERVICE,
    /** The other side does not permit us to send messages, or we have too many channels there. */
    NOT_PERMITTED,
    /** The other side knows no channels of this kind. */
    KIND_NOT_SUPPORTED,
    /** The peer, who had opened it, was started anew; it may open another. */
    PEER_RESTARTED,
    /** We forgot the peer. */
    FORGOTTEN,
    /** The other side refused it with a code that this version does not know. */
    OTHER
}
