/**
 * Bouncy Castle's lightweight API behind our own types: the curves, ML-KEM-768, Argon2id, BLAKE2s, and AEADs for a JDK that lacks
 * them. The only package that imports {@code org.bouncycastle}; nothing is ever registered as a security provider.
 *
 * <p>Threads: static methods may be called by any thread; key objects by one thread at a time unless they say more.
 */
@NullMarked
package dev.cutlass.crypto.bc;

import org.jspecify.annotations.NullMarked;
