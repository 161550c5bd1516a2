package dev.cutlass.engine;

import dev.cutlass.event.ChannelEnd;
import dev.cutlass.event.Message;

/** Serves the channels of a service of our own, of which the application does not hear. Called as handlers of the application are: on the handler executor, in order for each peer and class, without a lock. */
public interface EntryHandler {
    /** A message came over it. */
    void onMessage(ChannelEntry channel, Message message);

    /** It can be used for the first time. */
    void onOpened(ChannelEntry channel);

    /** It is over, or was refused. */
    void onClosed(ChannelEntry channel, ChannelEnd why);
}
