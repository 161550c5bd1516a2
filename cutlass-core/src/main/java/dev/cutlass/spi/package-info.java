/** What an engine needs of the machine, so that tests and faster sockets can stand in: the port and the clock. */
@NullMarked
package dev.cutlass.spi;

import org.jspecify.annotations.NullMarked;
