/** UDP sockets of the machine. The only user of {@code java.nio.channels}. Threads: as {@link dev.cutlass.spi.DatagramPort} says. */
@NullMarked
package dev.cutlass.net;

import org.jspecify.annotations.NullMarked;
