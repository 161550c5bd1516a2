/**
 * The Cutlass protocol a second time, small and slow, written from {@code docs/protocol.md} alone: it shares nothing with the
 * implementation that we ship but curves, ML-KEM and what the JDK brings. So what it and the other agree on is what the document
 * says, and what one could not build from the document is a mistake in the document. Its comments name sections of that document.
 *
 * <p>It is a check and not for use: it throws {@link dev.cutlass.secondimpl.Refused} at bad input where a program that meets
 * strangers returns values, keeps secrets as long as the garbage collector likes, and bounds nothing.
 *
 * <p>Threads: none; one thread at a time uses an object. Time and randomness are parameters.
 */
@NullMarked
package dev.cutlass.secondimpl;

import org.jspecify.annotations.NullMarked;
