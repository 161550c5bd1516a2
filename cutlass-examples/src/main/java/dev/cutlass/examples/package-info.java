/**
 * The {@code cutlass} command, and one small program per feature. What prints, prints here. Threads: picocli runs a command on the main thread; handlers of
 * an engine come on its handler executor and only hand over to objects that say so.
 */
@NullMarked
package dev.cutlass.examples;

import org.jspecify.annotations.NullMarked;
