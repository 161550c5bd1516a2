package dev.cutlass.offline;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.UserName;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.Message;
import dev.cutlass.event.MessageId;
import dev.cutlass.spi.OfflineMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A message of Cutlass as a mail of cables. docs/offline.md has every byte.
 *
 * @param sender the cables user that is proved
 * @param to the recipient's Cutlass key
 * @param message with the Cutlass key that the sender claims
 */
record OfflineMail(UserName sender, PeerId to, OfflineMessage message) {
    /** Bytes of a mail: a message of the greatest length with its type in base64, and a header. */
    static final int MAX_LENGTH = 128 << 10;

    static final String CONTENT_TYPE = "application/x-cutlass-message";

    private static final byte VERSION = 1;
    private static final int HEAD_LENGTH = 1 + 2 * PeerId.LENGTH + 5 * Long.BYTES;

    /** Lengths from here on take two bytes, of which the first has this mark: RFC 9000 section 16. */
    private static final int VARINT_LIMIT = 64;

    private static final int LONGER_VARINT = 0x4000;

    private static final String ID_DOMAIN = "offline.cutlass";
    private static final String KEY_SCHEME = "cutlass:";
    private static final Pattern MESSAGE_ID =
            Pattern.compile("([0-9a-f]{16})([0-9a-f]{16})\\.([0-9]{1,19})\\.([a-z2-7]{56})@offline\\.cutlass");

    /** Which message a receipt or notice is about. */
    record About(PeerId recipient, MessageId id) {}

    /**
     * The mail for a message.
     *
     * @param self the sender's Cutlass key
     * @param message with the recipient as its peer
     */
    static byte[] encode(CablesAddress from, CablesAddress to, PeerId self, OfflineMessage message) {
        final MessageId id = message.id();
        final HexFormat hex = HexFormat.of();
        final String header = "From: <" + from + ">\nTo: <" + to + ">\nSubject: Cutlass message\nMessage-ID: <"
                + hex.toHexDigits(id.bootHigh()) + hex.toHexDigits(id.bootLow()) + "." + id.number() + "."
                + message.peer().text().substring(KEY_SCHEME.length()) + "@" + ID_DOMAIN
                + ">\nMIME-Version: 1.0\nContent-Type: "
                + CONTENT_TYPE + "\nContent-Transfer-Encoding: base64\n\n";
        final byte[] lineFeed = {'\n'};
        final String body = Base64.getMimeEncoder(76, lineFeed).encodeToString(payload(self, message));
        return (header + body + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] payload(PeerId self, OfflineMessage message) {
        final MessageId id = message.id();
        final byte[] type = message.message().contentType().getBytes(StandardCharsets.US_ASCII);
        final int typeAt = HEAD_LENGTH + (type.length < VARINT_LIMIT ? 1 : 2);
        final byte[] payload = new byte[typeAt + type.length + message.message().length()];
        final ByteBuffer head = ByteBuffer.wrap(payload)
                .put(VERSION)
                .put(self.bytes())
                .put(message.peer().bytes())
                .putLong(id.bootHigh())
                .putLong(id.bootLow())
                .putLong(id.number())
                .putLong(message.base())
                .putLong(message.time().toEpochMilli());
        if (type.length < VARINT_LIMIT) {
            head.put((byte) type.length);
        } else {
            head.putShort((short) (LONGER_VARINT | type.length));
        }
        head.put(type);
        message.message().copyTo(payload, typeAt + type.length);
        return payload;
    }

    /** Whether a mail says that it is one. */
    static boolean isOne(MailHeader header) {
        return header.field("Content-Type")
                .filter(type -> type.equalsIgnoreCase(CONTENT_TYPE))
                .isPresent();
    }

    /** What a mail that a node delivered says; null if it is none of ours, or damaged. Never throws. */
    static @Nullable OfflineMail decode(byte[] mail) {
        if (mail.length > MAX_LENGTH) {
            return null;
        }
        final MailHeader header = MailHeader.of(mail);
        final CablesAddress sender =
                header.bracketed("From").map(CablesAddress::parse).orElse(null);
        if (!isOne(header) || sender == null) {
            return null;
        }
        final byte[] payload;
        try {
            payload = Base64.getMimeDecoder().decode(Arrays.copyOfRange(mail, header.bodyAt(), mail.length));
        } catch (IllegalArgumentException e) { // it is not base64
            return null;
        }
        return decode(sender.user(), payload);
    }

    private static @Nullable OfflineMail decode(UserName sender, byte[] payload) {
        if (payload.length <= HEAD_LENGTH || payload[0] != VERSION) {
            return null;
        }
        final ByteBuffer in = ByteBuffer.wrap(payload, 1, payload.length - 1);
        final PeerId from = key(in);
        final PeerId to = key(in);
        final MessageId id = new MessageId(in.getLong(), in.getLong(), 0, in.getLong());
        final long base = in.getLong();
        final Instant time = Instant.ofEpochMilli(in.getLong());
        if (from == null || to == null || id.number() > OfflineMessage.MAX_NUMBER || base < 0 || base > id.number()) {
            return null;
        }
        final Message message = message(in, id);
        return message == null ? null : new OfflineMail(sender, to, new OfflineMessage(from, message, base, time));
    }

    private static @Nullable PeerId key(ByteBuffer in) {
        final byte[] key = new byte[PeerId.LENGTH];
        in.get(key);
        return PeerId.parseWire(key);
    }

    private static @Nullable Message message(ByteBuffer in, MessageId id) {
        int typeLength = in.get() & 0xff;
        if (typeLength >= VARINT_LIMIT) {
            if (!in.hasRemaining()) {
                return null;
            }
            typeLength = ((typeLength << Byte.SIZE) | (in.get() & 0xff)) ^ LONGER_VARINT;
        }
        if (typeLength > Message.MAX_TYPE_LENGTH || typeLength > in.remaining()) {
            return null;
        }
        final byte[] type = new byte[typeLength];
        in.get(type);
        final byte[] content = new byte[in.remaining()];
        in.get(content);
        return Message.received(new String(type, StandardCharsets.ISO_8859_1), content, 0, content.length, id);
    }

    /** Which message of ours a receipt or notice of our node is about; empty if about none that Cutlass sent. */
    static Optional<About> about(MailHeader header) {
        final Matcher matcher =
                MESSAGE_ID.matcher(header.bracketed("Message-ID").orElse(""));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new About(
                    PeerId.parse(KEY_SCHEME + matcher.group(4)),
                    new MessageId(
                            HexFormat.fromHexDigitsToLong(matcher.group(1)),
                            HexFormat.fromHexDigitsToLong(matcher.group(2)),
                            0,
                            Long.parseLong(matcher.group(3)))));
        } catch (IllegalArgumentException e) { // no key, or no number
            return Optional.empty();
        }
    }
}
