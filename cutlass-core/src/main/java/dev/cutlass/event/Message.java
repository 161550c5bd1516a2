package dev.cutlass.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A message: text, or bytes of some content type. At most {@value #MAX_LENGTH} bytes; what is longer is sent as a file. Immutable, for any thread. */
public final class Message {
    /** Bytes of content. */
    public static final int MAX_LENGTH = 65_536;

    /** Characters of a content type. */
    public static final int MAX_TYPE_LENGTH = 127;

    private final String contentType;
    private final byte[] content;

    private Message(String contentType, byte[] content) {
        if (content.length > MAX_LENGTH) {
            throw new IllegalArgumentException("message: " + content.length + " bytes; allowed: 0 to " + MAX_LENGTH
                    + "; what is longer is sent as a file");
        }
        this.contentType = contentType;
        this.content = content;
    }

    /**
     * A text.
     *
     * @throws IllegalArgumentException if it has more than {@value #MAX_LENGTH} bytes of UTF-8
     */
    public static Message text(String text) {
        return new Message("", text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Bytes, copied.
     *
     * @param contentType 1 to {@value #MAX_TYPE_LENGTH} printable ASCII characters, as {@code image/png}
     * @throws IllegalArgumentException if type or content are too long
     */
    public static Message of(String contentType, byte[] content) {
        Objects.requireNonNull(contentType, "contentType");
        if (contentType.isEmpty()
                || contentType.length() > MAX_TYPE_LENGTH
                || !contentType.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new IllegalArgumentException(
                    "contentType: 1 to " + MAX_TYPE_LENGTH + " printable ASCII characters without spaces");
        }
        return new Message(contentType, content.clone());
    }

    public boolean isText() {
        return contentType.isEmpty();
    }

    /** Empty for a text. */
    public String contentType() {
        return contentType;
    }

    /** The content as UTF-8. Of anything but a text this need not make sense. */
    public String text() {
        return new String(content, StandardCharsets.UTF_8);
    }

    /** A copy. */
    public byte[] content() {
        return content.clone();
    }

    /** Bytes of content. */
    public int length() {
        return content.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Message that
                && contentType.equals(that.contentType)
                && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return contentType.hashCode() * 31 + Arrays.hashCode(content);
    }

    /** Without the content, which may be private. */
    @Override
    public String toString() {
        return "Message(" + (isText() ? "text" : contentType) + ", " + content.length + " bytes)";
    }
}
