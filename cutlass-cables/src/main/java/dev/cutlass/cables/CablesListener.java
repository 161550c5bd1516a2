package dev.cutlass.cables;

import dev.cutlass.cables.address.MessageId;
import java.time.Duration;

/**
 * Hears what happens in a node, on a thread of its own, in order. After a crash the first three may be heard again for the same message; the mailbox has each mail once all the same.
 */
public interface CablesListener {
    /** A mail is in the mailbox, under the id as its key. */
    default void arrived(MessageId id) {}

    /** A mail of ours was received by its recipient; the receipt is in the mailbox. */
    default void confirmed(MessageId id) {}

    /** A message is given up; a notice in the mailbox says why. */
    default void givenUp(MessageId id) {}

    /** The queues are away, or back: the volume on which they lie is not mounted. */
    default void standby(boolean isAway) {}

    /** The disk does not do, full for example; what could not be done is tried again. */
    default void diskTrouble(String why) {}

    /** The machine's clock has jumped forward so far that messages would be given up by it; it is believed after ten minutes. */
    default void clockJumped(Duration by) {}

    /**
     * The onion service that this node makes is there, or is not: Tor does not run, or does not let us. It is tried again.
     *
     * @param why it is not, for a person
     */
    default void onionService(boolean isUp, String why) {}

    /** The node has stopped because of a defect; it should be closed. */
    default void failed(Throwable why) {}
}
