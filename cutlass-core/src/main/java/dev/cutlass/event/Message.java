package dev.cutlass.event;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message: text, or bytes of some content type. At most {@value #MAX_LENGTH} bytes; what is longer is sent as a file.
 * Immutable, for any thread.
 */
public final class Message {
    /** Bytes of content. */
    public static final int MAX_LENGTH = 65_536;

    /** Characters of a content type. */
    public static final int MAX_TYPE_LENGTH = 127;

    /** Programs use few types, and the same object again and again. Any thread; whoever misses an update looks himself. */
    private static volatile String lastValidType = "";

    private final String contentType;
    private final byte[] array;
    private final int offset;
    private final int length;
    private final @Nullable MessageId id;

    /** The content is a part of an array that nobody changes any more. */
    private Message(String contentType, byte[] array, int offset, int length, @Nullable MessageId id) {
        this.contentType = contentType;
        this.array = array;
        this.offset = offset;
        this.length = length;
        this.id = id;
    }

    /**
     * A text.
     *
     * @throws IllegalArgumentException if it has more than {@value #MAX_LENGTH} bytes of UTF-8 or half a surrogate pair
     */
    public static Message text(String text) {
        try {
            final ByteBuffer encoded = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            checkLength(encoded.remaining());
            final byte[] content = new byte[encoded.remaining()];
            encoded.get(content);
            return new Message("", content, 0, content.length, null);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("message: the text has half a surrogate pair", e);
        }
    }

    /**
     * Bytes, copied.
     *
     * @param contentType 1 to {@value #MAX_TYPE_LENGTH} printable ASCII characters, as {@code image/png}
     * @throws IllegalArgumentException if type or content are too long, or the type is empty or has other characters
     */
    public static Message bytes(String contentType, byte[] content) {
        if (contentType.isEmpty() || !isContentType(contentType)) {
            throw new IllegalArgumentException("contentType: 1 to " + MAX_TYPE_LENGTH + " printable ASCII characters");
        }
        checkLength(content.length);
        return new Message(contentType, content.clone(), 0, content.length, null);
    }

    /**
     * What a peer sent.
     *
     * @param array is not copied: nobody may change it any more
     * @param contentType empty for a text
     * @return null if it is no valid message: too long, a type that {@link #bytes} refuses, or a text that is not UTF-8
     */
    public static @Nullable Message received(String contentType, byte[] array, int offset, int length, MessageId id) {
        Objects.checkFromIndexSize(offset, length, array.length);
        if (length > MAX_LENGTH
                || !isContentType(contentType)
                || (contentType.isEmpty() && !isUtf8(ByteBuffer.wrap(array, offset, length)))) {
            return null;
        }
        return new Message(contentType, array, offset, length, id);
    }

    private static void checkLength(int length) {
        if (length > MAX_LENGTH) {
            throw new IllegalArgumentException("message: " + length + " bytes; allowed: 0 to " + MAX_LENGTH
                    + "; what is longer is sent as a file");
        }
    }

    @SuppressWarnings("ReferenceEquality") // another object with the same letters is looked at once more, no harm
    private static boolean isContentType(String type) {
        if (type == lastValidType) {
            return true;
        }
        if (type.length() > MAX_TYPE_LENGTH) {
            return false;
        }
        for (int i = 0; i < type.length(); i++) { // no stream: every message comes by here
            if (type.charAt(i) < ' ' || type.charAt(i) > '~') {
                return false;
            }
        }
        lastValidType = type;
        return true;
    }

    private static boolean isUtf8(ByteBuffer bytes) {
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(bytes);
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
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
        return new String(array, offset, length, StandardCharsets.UTF_8);
    }

    /** A copy of the content. */
    public byte[] content() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /**
     * Copies the content into an array of the caller's.
     *
     * @throws IndexOutOfBoundsException if it does not fit
     */
    public void copyTo(byte[] target, int targetOffset) {
        System.arraycopy(array, offset, target, targetOffset, length);
    }

    /** Bytes of content. */
    public int length() {
        return length;
    }

    /** The stable name of a message that was received; null for one of our own. */
    public @Nullable MessageId id() {
        return id;
    }

    /** Equal by type and content, whatever the id. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Message that
                && contentType.equals(that.contentType)
                && Arrays.equals(array, offset, offset + length, that.array, that.offset, that.offset + that.length);
    }

    @Override
    public int hashCode() {
        return contentType.hashCode() * 31
                + ByteBuffer.wrap(array, offset, length).hashCode();
    }

    /** Without the content, which may be private. */
    @Override
    public String toString() {
        return "Message(" + (isText() ? "text" : contentType) + ", " + length + " bytes)";
    }
}
