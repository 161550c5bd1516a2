/**
 * What a node does about one message: the steps of a sender and of a recipient, and the answers to a peer's requests. Cables protocol sections 7 to 14; docs/cables-design.md section 5. Any thread; no threads, clocks or sockets: the time is a
 * parameter, the peer is a {@link dev.cutlass.cables.exchange.Remote}.
 */
@NullMarked
package dev.cutlass.cables.exchange;

import org.jspecify.annotations.NullMarked;
