package dev.cutlass.proto.message;

import dev.cutlass.event.Message;

/** A message that arrived and is the next of its channel, until {@link Conversation#accept} or {@code refuse}. */
public final class Inbound {
    private final InboundChannel channel;
    private final long number;
    private final Message message;

    Inbound(InboundChannel channel, long number, Message message) {
        this.channel = channel;
        this.number = number;
        this.message = message;
    }

    InboundChannel source() {
        return channel;
    }

    public long channel() {
        return channel.number();
    }

    public long number() {
        return number;
    }

    /** With its stable id. */
    public Message message() {
        return message;
    }
}
