/**
 * The comparison of docs/performance.md: Cutlass beside what a Java developer would use instead, the same cases in the same order. Each contender has two processes
 * of its own. Threads: a client is used by one thread at a time; what a library calls back on its own threads comes in at the methods that say so.
 */
@NullMarked
package dev.cutlass.bench.compare;

import org.jspecify.annotations.NullMarked;
