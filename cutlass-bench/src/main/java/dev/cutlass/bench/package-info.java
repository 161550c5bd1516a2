/**
 * The measurements of docs/performance.md, each a program of its own that prints a Markdown table. On the class path on purpose (no
 * module-info): they look at packages that no application sees. Threads: each class says which.
 */
@NullMarked
package dev.cutlass.bench;

import org.jspecify.annotations.NullMarked;
