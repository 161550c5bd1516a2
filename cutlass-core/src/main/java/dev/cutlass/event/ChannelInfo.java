package dev.cutlass.event;

import dev.cutlass.crypto.PeerId;

/** A channel as events name it: a view that stays true while the channel changes. Any thread. */
public interface ChannelInfo {
    PeerId peer();

    /** The name of what is spoken over it. */
    String service();

    /** The version of that; 0 and up. */
    long version();

    /** What goes before it, and what after: chosen by the side that opened it. */
    ChannelClass channelClass();

    /** Whether the peer opened it. */
    boolean byPeer();

    ChannelState state();
}
