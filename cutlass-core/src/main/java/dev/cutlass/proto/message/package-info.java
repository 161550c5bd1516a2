/**
 * The conversation with a peer: message numbers, fragments, receipts, the outbox. It outlives connections, so that a
 * message survives the loss of one. docs/protocol.md sections 5.1 and 5.2.
 *
 * <p>Threads: none; callers make sure that one thread at a time uses a conversation (the peer's lock). No I/O; time is a
 * parameter, in ticker nanos.
 */
@NullMarked
package dev.cutlass.proto.message;

import org.jspecify.annotations.NullMarked;
