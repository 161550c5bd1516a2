/**
 * What survives a restart, beside the key file: known peers, recent peers, and the stealth responder's memory. Files of their
 * owner alone, in the identity's home directory.
 *
 * <p>Threads: reading {@link dev.cutlass.store.KnownPeers} and {@link dev.cutlass.store.RecentPeers}, and changing them in memory, any
 * and without waiting. Whatever touches the disk ({@code open}, {@code save}, {@link dev.cutlass.store.StealthCache}) blocks and
 * belongs to one thread, the store's writer.
 */
@NullMarked
package dev.cutlass.store;

import org.jspecify.annotations.NullMarked;
