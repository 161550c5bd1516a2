/**
 * The engine: three threads, one handle. docs/threads.md says which thread owns what, and in which order locks are taken.
 */
@NullMarked
package dev.cutlass.engine;

import org.jspecify.annotations.NullMarked;
