package dev.cutlass.cables;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.MessageId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a message is.
 *
 * @param id of the message
 * @param isOurs whether we send it; else it is for us
 * @param peer the other side; for a message that is not received yet not proved; {@code null} if it is broken
 * @param begun when it was submitted or announced
 * @param state in words, for a person
 */
public record MessageStatus(
        MessageId id, boolean isOurs, @Nullable CablesAddress peer, Instant begun, String state) {}
