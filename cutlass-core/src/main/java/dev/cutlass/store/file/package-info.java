/**
 * Files on the disk: those that come, with their journals, and those that go, with their trees. docs/files.md sections 6 and 7. Links are never followed, nothing is replaced that may not be, and what has
 * a final name is whole.
 *
 * <p>Threads: everything here blocks. One thread at a time for an object, unless it says otherwise. Time and randomness are parameters.
 */
@NullMarked
package dev.cutlass.store.file;

import org.jspecify.annotations.NullMarked;
