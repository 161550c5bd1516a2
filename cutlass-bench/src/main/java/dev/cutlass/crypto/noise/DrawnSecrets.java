package dev.cutlass.crypto.noise;

import java.util.Arrays;

/** Session secrets that no handshake made: to begin connections by the thousand. Never in a program that means it. */
public final class DrawnSecrets {
    /** Bytes of randomness that they take. */
    public static final int LENGTH = 96;

    private static final int PART = LENGTH / 3;

    private DrawnSecrets() {}

    /** The same ones from the same bytes. */
    public static SessionSecrets of(byte[] drawn) {
        return new SessionSecrets(
                Arrays.copyOfRange(drawn, 0, PART),
                Arrays.copyOfRange(drawn, PART, 2 * PART),
                Arrays.copyOfRange(drawn, 2 * PART, LENGTH));
    }
}
