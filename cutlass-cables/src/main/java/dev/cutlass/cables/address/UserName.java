package dev.cutlass.cables.address;

import dev.cutlass.crypto.primitive.Base32;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A user: base32 of the SHA-1 of the DER of its CA certificate, 32 letters in lower case. Cables protocol section 2. */
public record UserName(String text) implements Comparable<UserName> {
    /** Letters. */
    public static final int LENGTH = 32;

    /** Bytes of the fingerprint that the letters stand for. */
    public static final int FINGERPRINT_LENGTH = 20;

    private static final Pattern FORM = Pattern.compile("[a-z2-7]{32}");

    /**
     * Takes a name as it is.
     *
     * @throws IllegalArgumentException if this is none
     */
    public UserName {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("user: 32 letters a-z and 2-7 are wanted, not \"" + text + "\"");
        }
    }

    /** The name that a CA certificate gives; {@code fingerprint} is the SHA-1 of its DER. */
    public static UserName ofFingerprint(byte[] fingerprint) {
        if (fingerprint.length != FINGERPRINT_LENGTH) {
            throw new IllegalArgumentException("fingerprint: 20 bytes are wanted, not " + fingerprint.length);
        }
        return new UserName(Base32.encode(fingerprint));
    }

    /** A name, or {@code null} if this is none: upper case, too, is none. */
    public static @Nullable UserName parse(String text) {
        return FORM.matcher(text).matches() ? new UserName(text) : null;
    }

    @Override
    public int compareTo(UserName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
