package dev.cutlass.cables.address;

import dev.cutlass.crypto.primitive.Base32;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A hidden service: 16 or 56 letters and {@code .onion}, or 52 letters and {@code .b32.i2p}, in lower case. Nothing else is a host.
 * Cables protocol section 2, and 18.4 for the names of 56 letters.
 *
 * @param text the whole name
 * @param kind which of the three
 */
public record HostName(String text, Kind kind) implements Comparable<HostName> {
    /** What a host name is a name of. */
    public enum Kind {
        /** 80 bits of SHA-1 of an RSA key: what the original knows. No Tor in use serves them any more. */
        ONION_V2,
        /** An Ed25519 key with a checksum: an original answers 400 to a sender at such a host. */
        ONION_V3,
        /** SHA-256 of an I2P destination. */
        I2P
    }

    private static final Pattern ONION_V2 = Pattern.compile("[a-z2-7]{16}\\.onion");
    private static final Pattern ONION_V3 = Pattern.compile("[a-z2-7]{56}\\.onion");
    private static final Pattern I2P = Pattern.compile("[a-z2-7]{52}\\.b32\\.i2p");

    /** Tor's rend-spec-v3, section 6: key, checksum, version. */
    private static final int KEY_LENGTH = 32;

    private static final int CHECKSUM_LENGTH = 2;
    private static final byte VERSION = 3;
    private static final byte[] CHECKSUM_LABEL = ".onion checksum".getBytes(StandardCharsets.US_ASCII);

    /**
     * Takes a name as it is.
     *
     * @throws IllegalArgumentException if the name is not of this kind
     */
    public HostName {
        if (kindOf(text) != kind) {
            throw new IllegalArgumentException("not the name of a hidden service of kind " + kind + ": " + text);
        }
    }

    /**
     * Takes a name as it is.
     *
     * @throws IllegalArgumentException if this is none; says what is wanted
     */
    public static HostName of(String text) {
        final HostName parsed = parse(text);
        if (parsed == null) {
            throw new IllegalArgumentException(
                    "host: 16 or 56 letters and .onion, or 52 letters and .b32.i2p are wanted, not \"" + text + "\"");
        }
        return parsed;
    }

    /** The onion service of version 3 that proves itself with this Ed25519 key (32 bytes). */
    public static HostName ofOnionKey(byte[] publicKey) {
        if (publicKey.length != KEY_LENGTH) {
            throw new IllegalArgumentException("an Ed25519 key has " + KEY_LENGTH + " bytes");
        }
        final byte[] bytes = Arrays.copyOf(publicKey, KEY_LENGTH + CHECKSUM_LENGTH + 1);
        System.arraycopy(checksum(publicKey), 0, bytes, KEY_LENGTH, CHECKSUM_LENGTH);
        bytes[KEY_LENGTH + CHECKSUM_LENGTH] = VERSION;
        return new HostName(Base32.encode(bytes) + ".onion", Kind.ONION_V3);
    }

    /** A name, or {@code null} if this is none: upper case, ports, trailing dots and sub-domains, too, are none. */
    public static @Nullable HostName parse(String text) {
        final Kind kind = kindOf(text);
        return kind == null ? null : new HostName(text, kind);
    }

    private static @Nullable Kind kindOf(String text) {
        if (ONION_V2.matcher(text).matches()) {
            return Kind.ONION_V2;
        }
        if (I2P.matcher(text).matches()) {
            return Kind.I2P;
        }
        return ONION_V3.matcher(text).matches() && isGenuineV3(text) ? Kind.ONION_V3 : null;
    }

    /** Whether checksum and version fit the key, so that a slip of the hand is noticed before anybody is asked. */
    private static boolean isGenuineV3(String text) {
        final byte[] bytes = Base32.decode(text.substring(0, text.indexOf('.')));
        if (bytes[KEY_LENGTH + CHECKSUM_LENGTH] != VERSION) {
            return false;
        }
        return Arrays.equals(checksum(bytes), 0, CHECKSUM_LENGTH, bytes, KEY_LENGTH, KEY_LENGTH + CHECKSUM_LENGTH);
    }

    /** Its first two bytes count. */
    private static byte[] checksum(byte[] bytesThatBeginWithKey) {
        final MessageDigest sha3 = sha3();
        sha3.update(CHECKSUM_LABEL);
        sha3.update(bytesThatBeginWithKey, 0, KEY_LENGTH);
        sha3.update(VERSION);
        return sha3.digest();
    }

    private static MessageDigest sha3() {
        try {
            return MessageDigest.getInstance("SHA3-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK since 9 has SHA3-256", e);
        }
    }

    @Override
    public int compareTo(HostName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
