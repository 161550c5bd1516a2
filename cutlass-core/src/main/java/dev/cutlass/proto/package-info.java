/**
 * One connection with one peer as a state machine (docs/protocol.md sections 4 and 5): {@link dev.cutlass.proto.Connection} and the parts
 * that it owns.
 *
 * <p>Threads: none; callers make sure that one thread at a time uses a connection: the holder of its peer's lock. Time and randomness are
 * parameters.
 */
@NullMarked
package dev.cutlass.proto;

import org.jspecify.annotations.NullMarked;
