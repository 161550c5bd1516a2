/**
 * UDP sockets of Linux through {@code java.lang.foreign}: many datagrams of one size to one address cost about as much as one (UDP_SEGMENT, UDP_GRO). Threads: as
 * {@link dev.cutlass.spi.DatagramPort} says.
 */
@NullMarked
package dev.cutlass.gso;

import org.jspecify.annotations.NullMarked;
