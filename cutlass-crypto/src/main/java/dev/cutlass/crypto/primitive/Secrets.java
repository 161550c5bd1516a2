package dev.cutlass.crypto.primitive;

import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Comparing and wiping of secret bytes. Any thread. */
public final class Secrets {
    private Secrets() {}

    /** Compares in a time that depends on the lengths only. */
    public static boolean equal(byte[] left, byte[] right) {
        return MessageDigest.isEqual(left, right);
    }

    /** Overwrites every given array with zeros; {@code null} is skipped, so that a half-built object can be wiped too. */
    public static void wipe(byte @Nullable [] @Nullable ... secrets) {
        if (secrets == null) {
            return;
        }
        for (byte[] secret : secrets) {
            if (secret != null) {
                Arrays.fill(secret, (byte) 0);
            }
        }
    }

    /** Whether all bytes are zero, in a time that depends on the length only. */
    public static boolean isZero(byte[] bytes) {
        int all = 0;
        for (byte value : bytes) {
            all |= value;
        }
        return all == 0;
    }
}
