/**
 * The commands {@code send}, {@code receive} and {@code get}: a {@link dev.cutlass.examples.file.Session} is the engine and what it transfers, for any thread; a
 * {@link dev.cutlass.examples.file.TransferView} shows it, in a terminal or for a script.
 */
@NullMarked
package dev.cutlass.examples.file;

import org.jspecify.annotations.NullMarked;
