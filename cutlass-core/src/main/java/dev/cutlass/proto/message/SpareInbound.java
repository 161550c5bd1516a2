package dev.cutlass.proto.message;

import org.jspecify.annotations.Nullable;

/** Objects for messages that come, of messages that were accepted or refused. Only those: of one that its sender gave up the application may still hold the object. Threads: none. */
final class SpareInbound {
    /** As many small messages as come with one wake-up of the receiver. */
    private static final int MAX_SPARE = 512;

    private @Nullable Inbound first;
    private int count;

    Inbound take(Inbox inbox) {
        final Inbound spare = first;
        if (spare == null) {
            return new Inbound(inbox);
        }
        first = spare.nextSpare;
        spare.nextSpare = null;
        count--;
        return spare;
    }

    void giveBack(Inbound message) {
        message.forget();
        if (count < MAX_SPARE) {
            message.nextSpare = first;
            first = message;
            count++;
        }
    }

    /** Gives back the memory. */
    void trim() {
        first = null;
        count = 0;
    }
}
