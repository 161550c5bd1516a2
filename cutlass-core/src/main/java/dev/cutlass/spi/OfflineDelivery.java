package dev.cutlass.spi;

import java.io.IOException;

/**
 * Another way for messages to a peer that is away: mail, for example. Given to an engine with {@code CutlassBuilder.offlineDelivery}; docs/offline.md says what it must do and what it may count on.
 * One engine at a time uses it.
 *
 * <p>{@link #attach} and {@link #detach} are called by who starts and closes the engine, on that thread; {@link #send} on the thread {@code cutlass-offline}, which may block, one message at a time. No
 * lock of the engine is held during any of them.
 */
public interface OfflineDelivery {
    /** An engine has started. What came meanwhile goes to the inbox now, and what comes, from whichever thread. */
    void attach(OfflineInbox inbox);

    /**
     * Takes a message for a peer that is away, for good: when this returns it will be delivered, or reported as failed, also if the machine stops now. A message is given again after it failed, or if the peer's
     * engine took it without its sender hearing of that.
     *
     * @param address what our record of the peer says, as {@code Cutlass.setOfflineAddress} was told
     * @param message with the recipient as its peer
     * @throws IOException if it cannot be taken now, or the address is none; the engine offers it again later
     */
    void send(String address, OfflineMessage message) throws IOException;

    /** The engine is being closed: nothing goes to the inbox any more, and nothing comes. */
    void detach();
}
