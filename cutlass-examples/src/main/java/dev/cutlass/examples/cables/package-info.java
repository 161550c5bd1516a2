/**
 * {@code cutlass cables}: the node of the cables network and the commands around it. One thread, the caller's; {@code run} waits while the node's own threads work.
 */
@NullMarked
package dev.cutlass.examples.cables;

import org.jspecify.annotations.NullMarked;
