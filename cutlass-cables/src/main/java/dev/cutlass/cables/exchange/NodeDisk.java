package dev.cutlass.cables.exchange;

import dev.cutlass.cables.queue.Books;
import dev.cutlass.cables.queue.MessageLocks;
import dev.cutlass.cables.queue.MessageQueue;

/**
 * What a node has on the disk.
 *
 * @param outgoing messages of ours
 * @param incoming messages of others
 * @param outgoingLocks one thread at a time for each message of ours
 * @param incomingLocks likewise for those of others: a message to oneself is in both queues, and they are independent
 * @param books what must be remembered longer than a message lives
 */
public record NodeDisk(
        MessageQueue outgoing,
        MessageQueue incoming,
        MessageLocks outgoingLocks,
        MessageLocks incomingLocks,
        Books books) {}
