/**
 * The text of a qlog: what a connection does, for viewers of QUIC connections. docs/observe.md. No threads and no streams; one thread at a time, under the peer's lock.
 */
@NullMarked
package dev.cutlass.engine.qlog;

import org.jspecify.annotations.NullMarked;
