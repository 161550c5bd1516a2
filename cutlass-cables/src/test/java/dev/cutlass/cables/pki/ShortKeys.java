package dev.cutlass.cables.pki;

import java.math.BigInteger;
import java.util.Random;

/** Keys of the right group with short exponents: tests need thousands of them, and hide nothing. */
public final class ShortKeys {
    private static final int BITS = 64;

    private final Random random;

    public ShortKeys(Random random) {
        this.random = random;
    }

    public DhKeyPair draw() {
        return DhKeyPair.of(new BigInteger(BITS, random).setBit(BITS - 1));
    }
}
