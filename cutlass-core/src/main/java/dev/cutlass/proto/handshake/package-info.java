/**
 * How two peers come to share keys: flights, cookies, masks, both roles. docs/protocol.md section 3.
 *
 * <p>Threads: none; no I/O and no clocks. Time ({@code now}: ticker nanoseconds, and milliseconds since 1970 where a date crosses the
 * wire) and randomness are parameters. {@link dev.cutlass.proto.handshake.HandshakeGate} belongs to the thread that reads the port,
 * everything else to the one that owns handshakes; the few methods that another thread may call say so. Wire input never throws.
 */
@NullMarked
package dev.cutlass.proto.handshake;

import org.jspecify.annotations.NullMarked;
