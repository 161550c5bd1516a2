/**
 * Acknowledgement, round-trip times, loss and congestion as RFC 9002 has them. One object per path and direction; nothing here
 * knows frames, keys or addresses.
 *
 * <p>Threads: none; callers make sure that one thread at a time uses an object. Times are parameters, in ticker nanos.
 */
@NullMarked
package dev.cutlass.proto.recovery;

import org.jspecify.annotations.NullMarked;
