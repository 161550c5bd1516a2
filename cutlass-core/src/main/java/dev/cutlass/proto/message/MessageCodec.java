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
        final byte[] type = message.contentType().getBytes(StandardCharsets.US_ASCII);
        final ByteBuffer out = ByteBuffer.allocate(Varint.length(type.length) + type.length + message.length());
        Varint.put(out, type.length);
        return out.put(type).put(message.content()).array();
    }

    /** The message, or null if the bytes are none: answer with RECEIPT code 2. */
    public static @Nullable Message decode(byte[] body, MessageId id) {
        final ByteBuffer in = ByteBuffer.wrap(body);
        final long typeLength = Varint.get(in);
        if (typeLength < 0 || typeLength > Message.MAX_TYPE_LENGTH || typeLength > in.remaining()) {
            return null;
        }
        // Latin-1 keeps every byte, so that one above ASCII is seen and refused.
        final String type = new String(body, in.position(), (int) typeLength, StandardCharsets.ISO_8859_1);
        final int content = in.position() + (int) typeLength;
        return Message.received(type, body, content, body.length - content, id);
    }
}
