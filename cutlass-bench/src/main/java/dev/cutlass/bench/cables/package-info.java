/** What mail between hidden services costs: two nodes in processes of their own, and what their service stands. Threads: each class says which. */
@NullMarked
package dev.cutlass.bench.cables;

import org.jspecify.annotations.NullMarked;
