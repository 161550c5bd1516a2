/**
 * What a home folder has in it and how it is made: keys, certificates, settings, the lock of the node that runs there. docs/cables-design.md section 4.1. Blocks; the caller's thread.
 */
@NullMarked
package dev.cutlass.cables.setup;

import org.jspecify.annotations.NullMarked;
