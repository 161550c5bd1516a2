package dev.cutlass.proto.message;

import dev.cutlass.event.Message;
import dev.cutlass.event.MessageId;
import dev.cutlass.wire.Varint;
import java.nio.ByteBuffer;
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
        Varint.put(ByteBuffer.wrap(out), type.length());
        System.arraycopy(type.getBytes(StandardCharsets.ISO_8859_1), 0, out, typeAt, type.length());
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
        final ByteBuffer in = ByteBuffer.wrap(body);
        final long typeLength = Varint.get(in);
        if (typeLength < 0 || typeLength > Message.MAX_TYPE_LENGTH || typeLength > in.remaining()) {
            return null;
        }
        final int content = in.position() + (int) typeLength;
        // Latin-1 keeps every byte, so that one above ASCII is seen and refused.
        final String type = isAt(body, in.position(), (int) typeLength, likelyType)
                ? likelyType
                : new String(body, in.position(), (int) typeLength, StandardCharsets.ISO_8859_1);
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
