/**
 * The directories of messages: layout, atomic changes, what a combination of files means. docs/cables-design.md section 4. One thread at a time for each message: {@link dev.cutlass.cables.queue.MessageLocks}.
 */
@NullMarked
package dev.cutlass.cables.queue;

import org.jspecify.annotations.NullMarked;
