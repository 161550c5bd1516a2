/**
 * The engine: three threads, one handle. docs/threads.md says which thread owns what, and in which order locks are taken.
 *
 * <p>Where to begin: {@link Handle} makes the parts, starts and ends them. An application comes in at {@link ApplicationSide} ({@link Messaging}, {@link PeerControl}), a datagram at {@code
 * ListenerThread}; what waits for {@code HousekeepingThread} is in {@code HousekeepingWork}. {@code Driver} feeds a connection and carries out what it asks for; {@code Connector}, {@code Dialer} and
 * {@code HandshakePool} make connections; {@code OfflineSide} goes another way. A test drives all of it by {@link EngineTurns}.
 */
@NullMarked
package dev.cutlass.engine;

import org.jspecify.annotations.NullMarked;
