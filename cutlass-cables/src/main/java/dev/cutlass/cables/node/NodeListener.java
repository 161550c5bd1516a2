package dev.cutlass.cables.node;

import dev.cutlass.cables.address.MessageId;
import java.time.Duration;

/** Hears what happens in an engine, from any of its threads; must be quick and must not throw. */
public interface NodeListener {
    /** A mail is in the mailbox. */
    void arrived(MessageId id);

    /** A mail of ours was received; the receipt is in the mailbox. */
    void confirmed(MessageId id);

    /** A message is given up; a notice is in the mailbox. */
    void givenUp(MessageId id);

    /** The queues are away, or back. */
    void standby(boolean isAway);

    /** The disk does not do; what could not be done is tried again. */
    void diskTrouble(String why);

    /** The machine's clock has jumped forward by so much; it is believed after a while. */
    void clockJumped(Duration by);

    /** A defect; the engine has stopped. */
    void failed(Throwable why);
}
