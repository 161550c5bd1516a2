/**
 * What makes the steps happen: a scheduler, a watcher of the queues, workers, keys made ahead. The only user of threads and clocks beside the services. docs/cables-design.md section 7. Each class says which thread may touch it.
 */
@NullMarked
package dev.cutlass.cables.node;

import org.jspecify.annotations.NullMarked;
