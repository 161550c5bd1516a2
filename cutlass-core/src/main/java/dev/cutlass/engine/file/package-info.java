/**
 * Files: a service over two channels with each peer. docs/files.md section 9.
 *
 * <p>Threads: messages of peers and work with disks come on the handler executor, deadlines on the thread "cutlass-files". One lock of rank FILES guards all that is here but what says otherwise; under it
 * nothing is read, written or sent, and nobody's code is called.
 */
@NullMarked
package dev.cutlass.engine.file;

import org.jspecify.annotations.NullMarked;
