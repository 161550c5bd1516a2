package dev.cutlass.crypto;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * 60 digits that two people compare, by voice or on paper, to be sure that nobody sits between them. Both see the same number,
 * whoever computes it. A value, for any thread.
 *
 * <p>Each key gives 30 digits; the halves stand in order of the keys. A half is made so, with SHA-512 as H:
 *
 * <pre>
 * h = H("cutlass2/safety-number" || 0x00 || key), then 5,199 times h = H(h || key)
 * 6 groups: bytes 0..4, 5..9, ... 25..29 of h as a number, modulo 100,000, with leading zeros
 * </pre>
 *
 * Who wants to pass for a certain key needs another one with the same 30 digits: 10^30 attempts (99 bits) of 5,200 hashes each, 2^112
 * hashes in all. The iterations are there because people compare digits, and 60 are what they put up with; the form is that of the
 * safety numbers that people know. It costs some milliseconds, so the engine does not compute it unless asked.
 */
public final class SafetyNumber {
    /** Digits in the number. */
    public static final int DIGITS = 60;

    private static final int ITERATIONS = 5_200;
    private static final int GROUPS_PER_KEY = 6;
    private static final int GROUP_BYTES = 5;
    private static final int GROUP_DIGITS = 5;
    private static final int GROUP_MODULUS = 100_000;

    private final List<String> groups;

    private SafetyNumber(List<String> groups) {
        this.groups = groups;
    }

    /** The number of two peers, in whichever order. */
    public static SafetyNumber of(PeerId one, PeerId other) {
        List<String> groups = new ArrayList<>();
        addHalf(one.compareTo(other) <= 0 ? one : other, groups);
        addHalf(one.compareTo(other) <= 0 ? other : one, groups);
        return new SafetyNumber(Collections.unmodifiableList(groups));
    }

    /** Twelve groups of five digits, to be shown in rows. */
    public List<String> groups() {
        return groups;
    }

    /** All digits without a space: for a QR code. */
    public String digits() {
        return String.join("", groups);
    }

    /** The groups with a space between them. */
    public String text() {
        return String.join(" ", groups);
    }

    /** Whether somebody typed this number, with white space wherever they like. */
    public boolean matches(String typed) {
        return typed.replaceAll("\\s+", "").equals(digits());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SafetyNumber that && groups.equals(that.groups);
    }

    @Override
    public int hashCode() {
        return groups.hashCode();
    }

    /** Not the number: it would link two peers in a log. */
    @Override
    public String toString() {
        return "SafetyNumber[redacted]";
    }

    private static void addHalf(PeerId id, List<String> groups) {
        byte[] key = id.bytes();
        MessageDigest sha512 = newSha512();
        sha512.update(Labels.prefix(Labels.SAFETY_NUMBER));
        byte[] hash = sha512.digest(key);
        for (int i = 1; i < ITERATIONS; i++) {
            sha512.update(hash);
            hash = sha512.digest(key);
        }
        for (int i = 0; i < GROUPS_PER_KEY; i++) {
            byte[] number = new byte[Long.BYTES];
            System.arraycopy(hash, i * GROUP_BYTES, number, Long.BYTES - GROUP_BYTES, GROUP_BYTES);
            long group = ByteBuffer.wrap(number).getLong() % GROUP_MODULUS;
            groups.add(String.format(Locale.ROOT, "%0" + GROUP_DIGITS + "d", group));
        }
    }

    private static MessageDigest newSha512() {
        try {
            return MessageDigest.getInstance("SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK that runs us has SHA-512", e);
        }
    }
}
