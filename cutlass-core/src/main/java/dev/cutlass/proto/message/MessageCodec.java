package dev.cutlass.proto.message;

import dev.cutlass.event.Message;
import dev.cutlass.event.MessageId;
import dev.cutlass.wire.Varint;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a whole message. docs/protocol.md section 5.1.
 * <pre>
 * field
 * type length   varint    0 to 127; 0: a text
 * content type  printable ASCII
 * content       the rest, at most 65,536 bytes; of a text: UTF-8
 * </pre>
 */
public final class MessageCodec {
    private MessageCodec() {}

    public static byte[] encode(Message message) {
        final String type = message.contentType();
        final int typeAt = Varint.length(type.length());
        final int content = typeAt + type.length();
        final byte[] out = new byte[content + message.length()];
        Varint.put(out, 0, type.length());
        for (int i = 0; i < type.length(); i++) {
            out[typeAt + i] = (byte) type.charAt(i); // printable ASCII
        }
        message.copyTo(out, content);
        return out;
    }

    /** The message, or null if the bytes are none: answer with RECEIPT code 2. */
    public static @Nullable Message decode(byte[] body, MessageId id) {
        return decode(body, id, "");
    }

    /**
     * The message, or null if the bytes are none.
     *
     * @param body is the message's from now on
     * @param likelyType a content type that was valid before; if it is this one's, too, no other object is made
     */
    static @Nullable Message decode(byte[] body, MessageId id, String likelyType) {
        final long typeLength = Varint.get(body, 0);
        if (typeLength < 0 || typeLength > Message.MAX_TYPE_LENGTH) {
            return null;
        }
        final int typeAt = Varint.lengthOf(body[0]);
        final int content = typeAt + (int) typeLength;
        if (content > body.length) {
            return null;
        }
        // Latin-1 keeps every byte, so that one above ASCII is seen and refused.
        final String type = isAt(body, typeAt, (int) typeLength, likelyType)
                ? likelyType
                : new String(body, typeAt, (int) typeLength, StandardCharsets.ISO_8859_1);
        return Message.received(type, body, content, body.length - content, id);
    }

    private static boolean isAt(byte[] body, int offset, int length, String type) {
        if (length != type.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (body[offset + i] != type.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
