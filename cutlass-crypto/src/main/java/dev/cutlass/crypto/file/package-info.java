/**
 * Files that only their owner may read, replaced as a whole: the key file, and what {@code dev.cutlass.store} keeps beside it.
 *
 * <p>Threads: any that may block on the disk.
 */
@NullMarked
package dev.cutlass.crypto.file;

import org.jspecify.annotations.NullMarked;
