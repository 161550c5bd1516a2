package dev.cutlass.cables.node;

import dev.cutlass.cables.address.MessageId;

/**
 * A message that is visited now and then.
 *
 * @param id which
 * @param isOurs whether it is in the queue of outgoing messages
 */
record Visit(MessageId id, boolean isOurs) {}
