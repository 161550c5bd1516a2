/**
 * The hash tree of a file: RFC 6962 section 2.1 over blocks of 64 KiB, in chapters that verify each by itself. docs/files.md section 3.
 *
 * <p>Threads: values (roots, shapes, chapters) any; what has a digest or a store in it one at a time. No clock; whoever gives a store decides where the hashes lie.
 */
@NullMarked
package dev.cutlass.file.tree;

import org.jspecify.annotations.NullMarked;
