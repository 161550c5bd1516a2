/**
 * Files, without disk and network: which blocks are missing, of whom to ask them, which names are safe, what a journal says. docs/files.md.
 *
 * <p>Threads: none; callers make sure that one thread at a time uses an object (the lock of rank FILES). No I/O; time and randomness are parameters, time in ticker nanos.
 */
@NullMarked
package dev.cutlass.file;

import org.jspecify.annotations.NullMarked;
