package dev.cutlass.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.file.tree.ChapterHashes;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.file.wire.FieldReader;
import dev.cutlass.file.wire.FieldWriter;
import dev.cutlass.file.wire.Hashes;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A record of a journal. docs/files.md section 7.2.
 * <pre>
 * offset  size  field
 *      0     1  type
 *      1     4  length   of the body, at most 65,536
 *      5     n  body
 *    5+n     4  CRC-32C  of the record's offset in the file (8 bytes) || bytes 0 to 4+n
 * </pre>
 * Any thread.
 */
public final class JournalCodec {
    /** Bytes before the body. */
    public static final int HEADER = 1 + Integer.BYTES;

    /** Bytes after it. */
    public static final int TRAILER = Integer.BYTES;

    public static final int MAX_BODY = 65_536;

    private static final byte[] MAGIC = {'C', 'U', 'T', 'J'};
    private static final int VERSION = 1;

    private static final int HEAD = 1;
    private static final int CHAPTER = 2;
    private static final int PRESENT = 3;
    private static final int SYNC = 4;
    private static final int PAUSED = 5;
    private static final int TARGET = 6;
    private static final int OTHER_HOLDER = 7;

    private static final int FOLDER = 1;
    private static final int REPLACE = 2;
    private static final int USUAL = 64;

    private JournalCodec() {}

    /**
     * The bytes of a record.
     *
     * @param offset where in the file it will stand
     */
    public static byte[] encode(JournalRecord record, long offset) {
        final byte[] body = body(record);
        if (body.length > MAX_BODY) {
            throw new IllegalArgumentException("a record of " + body.length + " bytes");
        }
        final ByteBuffer out = ByteBuffer.allocate(HEADER + body.length + TRAILER)
                .put((byte) type(record))
                .putInt(body.length)
                .put(body);
        return out.putInt(sum(out.array(), 0, HEADER + body.length, offset)).array();
    }

    static int sum(byte[] bytes, int from, int length, long offset) {
        final CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(offset).flip());
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    private static int type(JournalRecord record) {
        if (record instanceof JournalRecord.Head) {
            return HEAD;
        } else if (record instanceof JournalRecord.Chapter) {
            return CHAPTER;
        } else if (record instanceof JournalRecord.Present) {
            return PRESENT;
        } else if (record instanceof JournalRecord.Sync) {
            return SYNC;
        } else if (record instanceof JournalRecord.Paused) {
            return PAUSED;
        } else if (record instanceof JournalRecord.Target) {
            return TARGET;
        }
        return OTHER_HOLDER;
    }

    private static byte[] body(JournalRecord record) {
        if (record instanceof JournalRecord.Chapter chapter) {
            return Hashes.encodeHashes(chapter.hashes());
        }
        final FieldWriter out = new FieldWriter(USUAL);
        if (record instanceof JournalRecord.Head head) {
            write(head, out);
        } else if (record instanceof JournalRecord.Present present) {
            out.flag(present.entries()).varint(present.first()).varint(present.count());
        } else if (record instanceof JournalRecord.Paused paused) {
            out.flag(paused.paused());
        } else if (record instanceof JournalRecord.Target target) {
            out.text(target.name(), SafeNames.MAX_NAME);
        } else if (record instanceof JournalRecord.OtherHolder other) {
            out.bytes(Bytes.of(other.peer().bytes()));
        }
        return out.toArray();
    }

    private static void write(JournalRecord.Head head, FieldWriter out) {
        out.bytes(Bytes.of(MAGIC))
                .octet(VERSION)
                .octet((head.folder() ? FOLDER : 0) | (head.replace() ? REPLACE : 0))
                .id(head.id())
                .bytes(Bytes.of(head.peer().bytes()))
                .root(head.root())
                .varint(head.length())
                .varint(head.files())
                .varint(head.total())
                .time(head.modified())
                .time(head.created())
                .text(head.name(), SafeNames.MAX_NAME)
                .id(head.parent())
                .varint(head.entry());
    }

    /**
     * A record whose sum was right.
     *
     * @return null if it makes no sense to this version: to be skipped, but for the first one
     */
    static @Nullable JournalRecord decode(int type, Bytes body) {
        final FieldReader in = new FieldReader(body);
        final JournalRecord record = switch (type) {
            case HEAD -> readHead(in);
            case CHAPTER -> readChapter(in);
            case PRESENT -> new JournalRecord.Present(in.flag(), in.varint(), in.varint());
            case SYNC -> new JournalRecord.Sync();
            case PAUSED -> new JournalRecord.Paused(in.flag());
            case TARGET -> new JournalRecord.Target(in.text(SafeNames.MAX_NAME));
            case OTHER_HOLDER -> readOtherHolder(in);
            default -> null;
        };
        return in.isWhole() ? record : null;
    }

    private static JournalRecord.@Nullable Chapter readChapter(FieldReader in) {
        final ChapterHashes hashes = Hashes.readHashes(in);
        return hashes == null ? null : new JournalRecord.Chapter(hashes);
    }

    private static JournalRecord.@Nullable OtherHolder readOtherHolder(FieldReader in) {
        final PeerId peer = readPeer(in);
        return peer == null ? null : new JournalRecord.OtherHolder(peer);
    }

    private static @Nullable PeerId readPeer(FieldReader in) {
        return PeerId.parseWire(in.bytes(PeerId.LENGTH).toArray());
    }

    private static JournalRecord.@Nullable Head readHead(FieldReader in) {
        final boolean known = in.bytes(MAGIC.length).equals(Bytes.of(MAGIC)) && in.octet(VERSION) == VERSION;
        final int flags = in.octet(FOLDER | REPLACE);
        final Id128 id = in.id();
        final PeerId peer = readPeer(in);
        if (!known || peer == null) {
            return null;
        }
        final JournalRecord.Head head = new JournalRecord.Head(
                (flags & FOLDER) != 0,
                (flags & REPLACE) != 0,
                id,
                peer,
                in.root(),
                in.varint(),
                in.varint(),
                in.varint(),
                in.time(),
                in.time(),
                in.text(SafeNames.MAX_NAME),
                in.id(),
                in.varint());
        return TreeShape.isValid(head.length()) ? head : null;
    }
}
