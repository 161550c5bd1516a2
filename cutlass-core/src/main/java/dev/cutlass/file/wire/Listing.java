package dev.cutlass.file.wire;

import dev.cutlass.wire.Utf8;
import dev.cutlass.wire.Varint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * LISTING: what is shared with the peer that asked.
 * <pre>
 * field
 * type      1       0x08
 * question  varint  number of the asking engine
 * flags     1       bit 0: more follow, to be asked for with LIST after the last of these; others 0, else malformed
 * entries, to the end, in the order of the bytes of their names:
 *   kind      1       0 file, 1 folder; else malformed
 *   length    varint  bytes, of a folder 0
 *   modified  varint  milliseconds since 1970, and one more; 0: unknown
 *   name      text    1 to 1,024 bytes of UTF-8, as to be asked for
 * </pre>
 */
public record Listing(long question, boolean more, List<Entry> entries) implements FileMessage {
    static final int TYPE = 0x08;

    /** Bytes of entries in one message; it has to fit into 65,536. */
    public static final int MAX_BYTES = 60_000;

    /** More cannot come in one message: an entry has at least 5 bytes. */
    private static final int MAX_ENTRIES = 65_536 / 5;

    /**
     * What is shared.
     *
     * @param modified milliseconds since 1970, -1: unknown
     */
    public record Entry(boolean folder, long length, long modified, String name) {
        /** Bytes in a message, at most. */
        int encodedLength() {
            final byte[] utf8 = Utf8.encode(name);
            return 1 + 3 * Varint.MAX_LENGTH + (utf8 == null ? 0 : utf8.length);
        }
    }

    public Listing {
        entries = List.copyOf(entries);
    }

    /** As many of the entries as one message can carry, from the first on. */
    public static Listing of(long question, List<Entry> entries, boolean moreAfterThem) {
        int bytes = 0;
        int count = 0;
        while (count < entries.size() && bytes + entries.get(count).encodedLength() <= MAX_BYTES) {
            bytes += entries.get(count).encodedLength();
            count++;
        }
        return new Listing(question, moreAfterThem || count < entries.size(), entries.subList(0, count));
    }

    static @Nullable Listing read(FieldReader in) {
        final long question = in.varint();
        final boolean more = in.flag();
        final List<Entry> entries = new ArrayList<>();
        while (in.hasMore() && entries.size() < MAX_ENTRIES) {
            final Entry entry = new Entry(in.flag(), in.varint(), in.time(), in.text(MAX_NAME));
            if (entry.name().isEmpty()) {
                return null;
            }
            entries.add(entry);
        }
        return new Listing(question, more, entries);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public byte[] encode() {
        final FieldWriter out =
                new FieldWriter(USUAL).octet(TYPE).varint(question).flag(more);
        for (Entry entry : entries) {
            out.flag(entry.folder())
                    .varint(entry.length())
                    .time(entry.modified())
                    .text(entry.name(), MAX_NAME);
        }
        return out.toArray();
    }
}
