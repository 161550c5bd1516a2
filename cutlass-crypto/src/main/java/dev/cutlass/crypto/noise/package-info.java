/**
 * The Noise framework, revision 34, with pre-shared keys and hybrid forward secrecy (an ML-KEM-768 exchange inside the handshake).
 * Names are those of the specification.
 *
 * <p>Threads: patterns and protocols are values; a {@link dev.cutlass.crypto.noise.HandshakeState} belongs to one thread at a time.
 */
@NullMarked
package dev.cutlass.crypto.noise;

import org.jspecify.annotations.NullMarked;
