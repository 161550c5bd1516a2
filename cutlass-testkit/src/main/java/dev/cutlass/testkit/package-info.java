/**
 * Peers in the same JVM, for tests: over a simulated network in virtual time, from one seed, without threads; or over real sockets on loopback. The engines are the real
 * ones. Threads: a simulation belongs to the thread that made it; over loopback any thread may use everything.
 */
@NullMarked
package dev.cutlass.testkit;

import org.jspecify.annotations.NullMarked;
