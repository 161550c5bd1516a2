package dev.cutlass.file;

import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.file.wire.FieldReader;
import dev.cutlass.file.wire.FieldWriter;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Utf8;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The list of the files of a folder, which is a file itself. docs/files.md section 5.
 * <pre>
 * offset  size  field
 *      0     4  "CUTF"
 *      4     1  version   1
 * then, to the end, sorted by the bytes of the names, no two alike:
 *   length    2       of the rest of the entry
 *   kind      1       0 file, 1 empty folder
 *   size      varint  bytes of the file; of a folder 0
 *   modified  varint  milliseconds since 1970, and one more; 0: unknown
 *   root      32      of a folder zeros
 *   name      text    safe, below the folder, in normalisation form C
 * </pre>
 */
public final class Manifest {
    /** Bytes: a file of this size is read twice at the most. */
    public static final long MAX_LENGTH = 256L << 20;

    /** Entries. */
    public static final long MAX_ENTRIES = 1_000_000;

    private static final byte[] START = {'C', 'U', 'T', 'F', 1};
    private static final int MAX_ENTRY = 1 + 2 * Long.BYTES + Root.LENGTH + 2 + SafeNames.MAX_NAME;
    private static final int USUAL = 128;

    /**
     * A file, or a folder without one.
     *
     * @param modified milliseconds since 1970, -1: unknown
     * @param name safe
     */
    public record Entry(boolean folder, long length, long modified, Root root, String name) {}

    private Manifest() {}

    /** How it begins. */
    public static byte[] start() {
        return START.clone();
    }

    /** An entry; the caller keeps the order. */
    public static byte[] encode(Entry entry) {
        final byte[] fields = new FieldWriter(USUAL)
                .flag(entry.folder())
                .varint(entry.length())
                .time(entry.modified())
                .root(entry.root())
                .text(entry.name(), SafeNames.MAX_NAME)
                .toArray();
        return new FieldWriter(2 + fields.length)
                .octet(fields.length >> Byte.SIZE)
                .octet(fields.length)
                .bytes(Bytes.of(fields))
                .toArray();
    }

    /**
     * One entry of a manifest of our own.
     *
     * @param offset where it begins
     */
    public static Entry entryAt(byte[] manifest, int offset) {
        final int length = ((manifest[offset] & 0xff) << Byte.SIZE) | (manifest[offset + 1] & 0xff);
        final Entry entry = Reader.decode(Arrays.copyOfRange(manifest, offset + 2, offset + 2 + length));
        if (entry == null) {
            throw new IllegalArgumentException("no entry begins at " + offset);
        }
        return entry;
    }

    /** The order of names. */
    public static int compare(String left, String right) {
        final byte[] a = Utf8.encode(left);
        final byte[] b = Utf8.encode(right);
        if (a == null || b == null) {
            throw new IllegalArgumentException("half a surrogate pair in a name");
        }
        return Arrays.compareUnsigned(a, b);
    }

    /** Reads a manifest of a peer, entry after entry, in little memory. One thread at a time. */
    public static final class Reader {
        private final JournalReader.Input input;
        private final byte[] buffer = new byte[2 + MAX_ENTRY];
        private int filled;
        private long at;
        private boolean malformed;
        private long entries;
        private @Nullable String last;

        /** Reads from there. */
        public Reader(JournalReader.Input input) {
            this.input = input;
        }

        /** The next entry; null at the end, or when something is wrong. */
        public @Nullable Entry next() throws IOException {
            if (at == 0 && !malformed) {
                fill(START.length);
                malformed = filled < START.length || !Arrays.equals(buffer, 0, START.length, START, 0, START.length);
                use(malformed ? 0 : START.length);
            }
            if (malformed) {
                return null;
            }
            fill(2);
            if (filled == 0) {
                return null;
            }
            final int length = filled < 2 ? 0 : ((buffer[0] & 0xff) << Byte.SIZE) | (buffer[1] & 0xff);
            if (length == 0 || length > MAX_ENTRY || entries == MAX_ENTRIES) {
                malformed = true;
                return null;
            }
            fill(2 + length);
            final Entry entry = filled < 2 + length ? null : decode(Arrays.copyOfRange(buffer, 2, 2 + length));
            if (entry == null || (last != null && compare(last, entry.name()) >= 0)) {
                malformed = true;
                return null;
            }
            use(2 + length);
            last = entry.name();
            entries++;
            return entry;
        }

        private static @Nullable Entry decode(byte[] fields) {
            final FieldReader in = new FieldReader(Bytes.of(fields));
            final Entry entry = new Entry(in.flag(), in.varint(), in.time(), in.root(), in.text(SafeNames.MAX_NAME));
            final String safe = SafeNames.relative(entry.name());
            return in.isWhole()
                            && entry.name().equals(safe)
                            && TreeShape.isValid(entry.length())
                            && (!entry.folder() || entry.length() == 0)
                    ? entry
                    : null;
        }

        private void fill(int wanted) throws IOException {
            while (filled < wanted) {
                final int read = input.read(at + filled, buffer, filled, buffer.length - filled);
                if (read <= 0) {
                    return;
                }
                filled += read;
            }
        }

        private void use(int count) {
            System.arraycopy(buffer, count, buffer, 0, filled - count);
            filled -= count;
            at += count;
        }

        /** Whether what was read is no manifest, or has names that are not safe: nothing of it counts. */
        public boolean isMalformed() {
            return malformed;
        }

        /** How many entries came. */
        public long entries() {
            return entries;
        }
    }
}
