/**
 * From a finished handshake to protected packets: key schedule, packet AEAD, header protection, ratchet
 * (docs/protocol.md section 4).
 *
 * <p>Threads: one thread at a time uses an object; in the engine that is whoever holds the peer's lock.
 */
@NullMarked
package dev.cutlass.crypto.packet;

import org.jspecify.annotations.NullMarked;
