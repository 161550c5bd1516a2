package dev.cutlass.cables.address;

import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A message: 160 random bits as 40 hexadecimal digits in lower case. Cables protocol sections 7 and 14. */
public record MessageId(String text) implements Comparable<MessageId> {
    /** Digits. */
    public static final int LENGTH = 40;

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{40}");

    /**
     * Takes an id as it is.
     *
     * @throws IllegalArgumentException if this is none
     */
    public MessageId {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("message id: 40 digits 0-9 and a-f are wanted, not \"" + text + "\"");
        }
    }

    /** A new one; {@code random} must be one that nobody can guess. */
    public static MessageId draw(RandomGenerator random) {
        final byte[] bytes = new byte[LENGTH / 2];
        random.nextBytes(bytes);
        return new MessageId(HexFormat.of().formatHex(bytes));
    }

    /** An id, or {@code null} if this is none. */
    public static @Nullable MessageId parse(String text) {
        return FORM.matcher(text).matches() ? new MessageId(text) : null;
    }

    @Override
    public int compareTo(MessageId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
