package dev.cutlass;

import dev.cutlass.event.ChannelEnd;
import dev.cutlass.event.Message;

/**
 * What a program does with the channels of a service. Called as every handler is: on the handler executor, one at a time and in order for each peer, without
 * a lock, at the same time for different peers. It may block: that delays this peer's next events only. Channels of class {@link dev.cutlass.event.ChannelClass#BULK} have a queue of their own for each
 * peer: their handlers are called in order among themselves, at the same time as the peer's others, and delay each other only.
 */
@FunctionalInterface
public interface ChannelHandler {
    /** A message came over it. */
    void onMessage(Channel channel, Message message);

    /** It can be used for the first time. */
    default void onOpened(Channel channel) {}

    /** It is over, or was refused; what was sent over it and not accepted has failed. */
    default void onClosed(Channel channel, ChannelEnd why) {}
}
