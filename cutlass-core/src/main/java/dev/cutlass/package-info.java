/**
 * What an application names: {@link dev.cutlass.Cutlass} and its builder, {@link dev.cutlass.Peer}, {@link dev.cutlass.PeerAddress}. Everything here may be used from
 * any thread, and no user of it ever takes a lock.
 */
@NullMarked
package dev.cutlass;

import org.jspecify.annotations.NullMarked;
