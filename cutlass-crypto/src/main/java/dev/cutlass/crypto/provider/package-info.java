/**
 * The choice between the JDK's ciphers and Bouncy Castle's, by what is there and what is fast on this machine.
 *
 * <p>Threads: any.
 */
@NullMarked
package dev.cutlass.crypto.provider;

import org.jspecify.annotations.NullMarked;
