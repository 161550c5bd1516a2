package dev.cutlass.cables.exchange;

import java.io.IOException;

/** Where mail for our user goes. Any thread. */
public interface Mailbox {
    /**
     * Puts a mail in, on the disk when this returns.
     *
     * @param key letters, digits and dots: the same for the same mail, so that one that was put in just before a crash is not put in again
     */
    void deliver(String key, byte[] mail) throws IOException;
}
