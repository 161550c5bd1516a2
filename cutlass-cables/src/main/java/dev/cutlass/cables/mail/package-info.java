/** Mail as text: header blocks, addresses in them, what is sent, delivered, confirmed and given up, and its compression. Cables protocol sections 13 and 14. Any thread; no I/O, no clock. */
@NullMarked
package dev.cutlass.cables.mail;

import org.jspecify.annotations.NullMarked;
