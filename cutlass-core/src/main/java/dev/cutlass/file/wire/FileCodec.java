package dev.cutlass.file.wire;

import dev.cutlass.event.Message;
import dev.cutlass.wire.Bytes;
import org.jspecify.annotations.Nullable;

/** Finds out which message it is. docs/files.md section 2. Any thread. */
public final class FileCodec {
    private FileCodec() {}

    /** What a peer sent, or null if it is malformed. What is kept of it need not be copied: nobody changes the content of a message. */
    public static @Nullable FileMessage decode(Message message) {
        return message.contentType().equals(FileMessage.CONTENT_TYPE) ? decode(Bytes.of(message.content())) : null;
    }

    /** Likewise, the content alone. */
    public static @Nullable FileMessage decode(Bytes content) {
        if (content.isEmpty()) {
            return null;
        }
        final int type = content.at(0) & 0xff;
        final FieldReader in = new FieldReader(content.slice(1, content.length() - 1));
        final FileMessage message = switch (type) {
            case Offer.TYPE -> Offer.read(in);
            case Answer.TYPE -> Answer.read(in);
            case Progress.TYPE -> Progress.read(in);
            case Done.TYPE -> Done.read(in);
            case Change.TYPE -> Change.read(in);
            case Ask.TYPE -> Ask.read(in);
            case ListNames.TYPE -> ListNames.read(in);
            case Listing.TYPE -> Listing.read(in);
            case Find.TYPE -> Find.read(in);
            case Held.TYPE -> Held.read(in);
            case Get.TYPE -> Get.read(in);
            case Stop.TYPE -> Stop.read(in);
            case Refused.TYPE -> Refused.read(in);
            case Wrong.TYPE -> Wrong.read(in);
            case Hashes.TYPE -> Hashes.read(in);
            case Chunk.TYPE -> Chunk.read(in);
            default -> new Unknown(type);
        };
        return message instanceof Unknown || in.isWhole() ? message : null;
    }
}
