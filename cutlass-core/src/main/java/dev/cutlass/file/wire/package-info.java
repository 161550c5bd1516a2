/**
 * The messages of the service {@code cutlass.files}: layout, encode, decode. docs/files.md section 2.
 *
 * <p>Threads: values, any. Whatever a peer sends is a value or null, never an exception.
 */
@NullMarked
package dev.cutlass.file.wire;

import org.jspecify.annotations.NullMarked;
