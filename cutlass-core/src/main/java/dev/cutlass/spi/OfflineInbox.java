package dev.cutlass.spi;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.MessageId;
import java.util.Optional;

/** What an {@link OfflineDelivery} tells an engine. Any thread; nothing here blocks. */
public interface OfflineInbox {
    /** Who the engine is. */
    PeerId self();

    /** What our record of a peer says about where it gets messages while it is away. Whoever claims to be the peer must have proved to be at that address. */
    Optional<String> address(PeerId peer);

    /**
     * A message came whose sender is proved. Handlers see it in the conversation with that peer, unless they saw it before, or its sender may not send us messages.
     *
     * @param message with the sender as its peer
     * @param done is run, on the thread {@code cutlass-offline}, when the message is not needed any more: a handler has seen it, which is on the disk if the engine has a home, or none will. As long as it has not
     *     run the message must be kept, and given to the next engine
     */
    void arrived(OfflineMessage message, Runnable done);

    /** The peer has a message of ours. */
    void delivered(PeerId peer, MessageId id);

    /**
     * A message of ours will not be delivered. It goes on waiting for the peer, and is sent again after a while.
     *
     * @return false if it is none of this run of the engine, so that nobody waits for it any more
     */
    boolean failed(PeerId peer, MessageId id);
}
