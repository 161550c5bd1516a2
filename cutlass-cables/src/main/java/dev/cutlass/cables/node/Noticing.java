package dev.cutlass.cables.node;

import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.mailbox.Mailbox;
import java.io.IOException;

/** A mailbox that tells of what it got. Any thread. */
final class Noticing implements Mailbox {
    private static final String RECEIPT = ".receipt";
    private static final String FAIL = ".fail";

    private final Mailbox mailbox;
    private final NodeListener listener;

    Noticing(Mailbox mailbox, NodeListener listener) {
        this.mailbox = mailbox;
        this.listener = listener;
    }

    @Override
    public void deliver(String key, byte[] mail) throws IOException {
        mailbox.deliver(key, mail);
        final int dot = key.indexOf('.');
        final MessageId id = MessageId.parse(dot < 0 ? key : key.substring(0, dot));
        if (id == null) {
            throw new IllegalArgumentException("no message has the key " + key);
        }
        if (key.endsWith(RECEIPT)) {
            listener.confirmed(id);
        } else if (key.endsWith(FAIL)) {
            listener.givenUp(id);
        } else {
            listener.arrived(id);
        }
    }
}
