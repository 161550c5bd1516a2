package dev.cutlass.crypto.provider;

import dev.cutlass.crypto.bc.BcAead;
import dev.cutlass.crypto.primitive.Aead;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.crypto.primitive.JdkAead;

/** The AEAD implementations of this machine: the JDK's where it has one, else Bouncy Castle's. Any thread. */
public final class Aeads {
    private static final Aead AES_256_GCM = choose(AeadAlgorithm.AES_256_GCM);
    private static final Aead CHACHA20_POLY1305 = choose(AeadAlgorithm.CHACHA20_POLY1305);

    private Aeads() {}

    /** The implementation that this machine uses. */
    public static Aead of(AeadAlgorithm algorithm) {
        return algorithm == AeadAlgorithm.AES_256_GCM ? AES_256_GCM : CHACHA20_POLY1305;
    }

    private static Aead choose(AeadAlgorithm algorithm) {
        Aead ofJdk = JdkAead.of(algorithm);
        return ofJdk != null ? ofJdk : BcAead.of(algorithm);
    }
}
