/**
 * Who a peer is and how it proves it: root keys, their text forms, identities, device records, safety numbers, and the key file.
 * What a program that embeds Cutlass names of the cryptography is here and nowhere else.
 *
 * <p>Threads: {@link dev.cutlass.crypto.PeerId}, {@link dev.cutlass.crypto.DeviceRecord} and
 * {@link dev.cutlass.crypto.SafetyNumber} are values. An {@link dev.cutlass.crypto.Identity} may be used by any thread until one
 * closes it. Loading and creating a key file blocks on the disk and on Argon2id: not on the engine's threads.
 */
@NullMarked
package dev.cutlass.crypto;

import org.jspecify.annotations.NullMarked;
