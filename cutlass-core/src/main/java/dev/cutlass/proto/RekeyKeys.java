package dev.cutlass.proto;

import dev.cutlass.crypto.primitive.StaticKey;
import dev.cutlass.wire.Bytes;
import java.security.SecureRandom;

/**
 * What the ratchet of a connection needs beside its root: docs/protocol.md section 4.6.
 *
 * @param local our static key; not the connection's to close
 * @param remote the static key that the handshake authenticated
 * @param random for ephemeral keys
 */
public record RekeyKeys(StaticKey local, Bytes remote, SecureRandom random) {
    /** Names no key. */
    @Override
    public String toString() {
        return "RekeyKeys";
    }
}
