package dev.cutlass.cables.address;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A send, recv or ack MAC: HMAC-SHA512 as 128 hexadecimal digits in lower case. Who knows one can say what only the two sides may say, so
 * it is compared in constant time and not printed. Cables protocol section 6.
 */
public final class Mac {
    /** Digits. */
    public static final int LENGTH = 128;

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{128}");

    private final String text;

    private Mac(String text) {
        this.text = text;
    }

    /** A MAC of 64 bytes. */
    public static Mac of(byte[] bytes) {
        if (bytes.length != LENGTH / 2) {
            throw new IllegalArgumentException("MAC: 64 bytes are wanted, not " + bytes.length);
        }
        return new Mac(HexFormat.of().formatHex(bytes));
    }

    /** A MAC, or {@code null} if this is none: upper case, too, is none. */
    public static @Nullable Mac parse(String text) {
        return FORM.matcher(text).matches() ? new Mac(text) : null;
    }

    /** The digits. */
    public String text() {
        return text;
    }

    /** In constant time. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Mac mac
                && MessageDigest.isEqual(
                        text.getBytes(StandardCharsets.US_ASCII), mac.text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public int hashCode() {
        return Mac.class.hashCode(); // one bucket: a hash of it would tell something about it
    }

    @Override
    public String toString() {
        return "Mac";
    }
}
