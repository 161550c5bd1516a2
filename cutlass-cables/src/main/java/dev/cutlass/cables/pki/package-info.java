/**
 * Certificates, signed keys, sealed mail: the cryptography of the cables protocol, sections 3 to 6. The only user of Bouncy Castle here. Any thread; no I/O, no clock: what is read and the time are parameters.
 *
 * <p>What a peer sent is answered with a value, never with an exception: {@link dev.cutlass.cables.pki.Checked}.
 */
@NullMarked
package dev.cutlass.cables.pki;

import org.jspecify.annotations.NullMarked;
