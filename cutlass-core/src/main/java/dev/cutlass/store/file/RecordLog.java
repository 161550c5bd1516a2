package dev.cutlass.store.file;

import dev.cutlass.crypto.file.PrivateFiles;
import dev.cutlass.file.JournalCodec;
import dev.cutlass.wire.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file of records that is added to, and written anew when half of it is void: the frame is that of a journal (docs/files.md section 7.2), the first record, type 1, says what it is. A torn tail is cut off. One thread at a time.
 */
final class RecordLog implements Closeable {
    /** A longer file is none of ours. */
    static final int MAX_LENGTH = 256 << 20;

    private static final int START = 1;
    private static final String NEW_SUFFIX = ".new";

    /** Records more than needed that a small file may have. */
    private static final int SLACK = 1_000;

    /** A record; types from 2 up. */
    record Entry(int type, Bytes body) {}

    /** Takes what is read. */
    interface Visitor {
        /** A record; of an unknown type, too. */
        void onEntry(int type, Bytes body);
    }

    private final Path file;
    private final byte[] magic;
    private @Nullable FileChannel channel;
    private long end;
    private int records;

    private RecordLog(Path file, byte[] magic) {
        this.file = file;
        this.magic = magic;
    }

    /**
     * Reads what is there. The file is made with the first record.
     *
     * @param magic with which the first record says whose it is; another file is an error, and left alone
     */
    static RecordLog open(Path file, byte[] magic, Visitor visitor) throws IOException {
        final RecordLog log = new RecordLog(file, magic);
        if (Files.exists(file)) {
            log.read(PrivateFiles.read(file, MAX_LENGTH), visitor);
        }
        return log;
    }

    private void read(byte[] bytes, Visitor visitor) throws IOException {
        final ByteBuffer in = ByteBuffer.wrap(bytes);
        int at = 0;
        boolean started = false;
        while (bytes.length - at >= JournalCodec.HEADER + JournalCodec.TRAILER) {
            final int length = in.getInt(at + 1);
            final int sumAt = at + JournalCodec.HEADER + length;
            if (length < 0
                    || length > JournalCodec.MAX_BODY
                    || sumAt + JournalCodec.TRAILER > bytes.length
                    || in.getInt(sumAt) != sum(bytes, at, JournalCodec.HEADER + length, at)) {
                break;
            }
            final Bytes body = Bytes.of(bytes, at + JournalCodec.HEADER, length);
            if (!started) {
                if (bytes[at] != START || !body.equals(Bytes.of(magic))) {
                    break;
                }
                started = true;
            } else {
                visitor.onEntry(bytes[at], body);
            }
            at = sumAt + JournalCodec.TRAILER;
        }
        if (!started && bytes.length > 0) {
            throw new IOException(
                    file
                            + " is damaged, or was written by a newer Cutlass: restore it from a backup, or move it away to begin anew");
        }
    }

    private static int sum(byte[] bytes, int from, int length, long offset) {
        final CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(offset).flip());
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    private static byte[] frame(Entry entry, long offset) {
        final ByteBuffer out =
                ByteBuffer.allocate(JournalCodec.HEADER + entry.body().length() + JournalCodec.TRAILER);
        out.put((byte) entry.type()).putInt(entry.body().length());
        entry.body().writeTo(out);
        return out.putInt(sum(out.array(), 0, out.position(), offset)).array();
    }

    /**
     * Adds a record. On disk on return.
     *
     * @param count how many records count
     * @param all these, with this one if it does: the file is written anew with them if that is time, or the last attempt failed
     */
    void append(Entry entry, int count, Supplier<List<Entry>> all) throws IOException {
        final FileChannel open = channel;
        if (open == null || records > 2L * count + SLACK) {
            rewrite(all.get()); // also at first: nothing is added behind what another process left torn
            return;
        }
        boolean written = false;
        try {
            final byte[] bytes = frame(entry, end);
            open.position(end);
            PrivateFiles.writeFully(open, ByteBuffer.wrap(bytes));
            open.force(false);
            end += bytes.length;
            records++;
            written = true;
        } finally {
            if (!written) {
                channel = null; // after a failed fsync nobody knows what is on disk
                open.close();
            }
        }
    }

    private void rewrite(List<Entry> all) throws IOException {
        final Path fresh = file.resolveSibling(file.getFileName() + NEW_SUFFIX);
        final FileChannel written = PrivateFiles.createFresh(fresh);
        boolean moved = false;
        long length = 0;
        try {
            final ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(frame(new Entry(START, Bytes.of(magic)), 0));
            for (Entry entry : all) {
                out.writeBytes(frame(entry, out.size()));
            }
            length = out.size();
            PrivateFiles.writeFully(written, ByteBuffer.wrap(out.toByteArray()));
            written.force(true);
            PrivateFiles.moveInto(fresh, file);
            moved = true;
        } finally {
            if (!moved) {
                written.close();
                Files.deleteIfExists(fresh);
            }
        }
        close();
        channel = written;
        end = length;
        records = all.size();
    }

    @Override
    public void close() throws IOException {
        final FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
