/**
 * What the rest of Cutlass's cryptography is built from: AEAD, hashes, HKDF, the ChaCha20 block function, the replay window. The
 * ciphers and hashes here are those of the JDK; {@code dev.cutlass.crypto.provider} chooses between them and Bouncy Castle's.
 *
 * <p>Threads: stateless classes and enums may be used by any thread; key objects, digests and windows by one thread at a time.
 */
@NullMarked
package dev.cutlass.crypto.primitive;

import org.jspecify.annotations.NullMarked;
