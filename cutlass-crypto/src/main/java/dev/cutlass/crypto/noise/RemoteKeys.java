package dev.cutlass.crypto.noise;

import org.jspecify.annotations.Nullable;

/** The other side's public keys, as far as they came. They are never changed in place. One thread at a time. */
final class RemoteKeys {
    byte @Nullable [] statik;
    byte @Nullable [] ephemeral;
    byte @Nullable [] kem;

    /** A second object that goes its own way: what a message brings can be thrown away. */
    RemoteKeys copy() {
        RemoteKeys copy = new RemoteKeys();
        copy.statik = statik;
        copy.ephemeral = ephemeral;
        copy.kem = kem;
        return copy;
    }

    static byte[] require(byte @Nullable [] key) {
        if (key == null) {
            throw new AssertionError("the pattern uses a key that nobody sent");
        }
        return key;
    }
}
