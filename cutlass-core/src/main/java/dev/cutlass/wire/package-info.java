/**
 * Packets, frames and handshake datagrams: layout, encoding, decoding (docs/protocol.md). Decoding never throws on what
 * came from the network: noise is a value with a reason.
 *
 * <p>Threads: values may go anywhere. A {@link dev.cutlass.wire.FrameReader} belongs to one thread at a time.
 */
@NullMarked
package dev.cutlass.wire;

import org.jspecify.annotations.NullMarked;
