package dev.cutlass.cables.mailbox;

import java.io.IOException;

/** Where mail for our user goes. Any thread, several at once. */
public interface Mailbox {
    /**
     * Puts a mail in, on the disk when this returns. Called again after a crash with the same key, and perhaps with another date in the mail: what was put in once is not put in again, also if the user has read, moved or deleted
     * it since.
     *
     * @param key lower-case letters, digits and dots: the id of the message for a mail that came, {@code ID.receipt} and {@code ID.fail} for what the node itself says about one
     * @param mail RFC 5322, lines end in line feeds; the receiver's to keep
     * @throws IOException if it could not be put in; the node tries again later
     */
    void deliver(String key, byte[] mail) throws IOException;
}
