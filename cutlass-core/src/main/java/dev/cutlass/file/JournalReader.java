package dev.cutlass.file;

import dev.cutlass.wire.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads a journal from its beginning as far as it is valid. What a crash left at its end is no error. One thread at a time. */
public final class JournalReader {
    private static final int BUFFER = 1 << 18;

    /** Where the bytes are. */
    @FunctionalInterface
    public interface Input {
        /**
         * Reads some bytes.
         *
         * @return how many, 1 and up; 0 or -1 at the end of the file
         */
        int read(long offset, byte[] into, int intoOffset, int most) throws IOException;
    }

    /** Takes what is read. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * The next record.
         *
         * @param offset where it stands in the file
         */
        void onRecord(JournalRecord record, long offset);
    }

    private final Input input;
    private final byte[] buffer = new byte[BUFFER];
    private long bufferAt;
    private int filled;

    /** Reads from there. */
    public JournalReader(Input input) {
        this.input = input;
    }

    /**
     * Reads all records.
     *
     * @return where the valid part ends, to which the file is to be cut before anything is added; 0 if not even its first record is there: then it is no journal
     */
    public long readAll(Visitor visitor) throws IOException {
        long at = 0;
        while (has(at, JournalCodec.HEADER)) {
            final int place = (int) (at - bufferAt);
            final int length = ByteBuffer.wrap(buffer).getInt(place + 1);
            if (length < 0
                    || length > JournalCodec.MAX_BODY
                    || !has(at, JournalCodec.HEADER + length + JournalCodec.TRAILER)) {
                return at;
            }
            final int from = (int) (at - bufferAt);
            final int end = from + JournalCodec.HEADER + length;
            if (ByteBuffer.wrap(buffer).getInt(end)
                    != JournalCodec.sum(buffer, from, JournalCodec.HEADER + length, at)) {
                return at;
            }
            final JournalRecord record = JournalCodec.decode(
                    buffer[from] & 0xff, Bytes.of(Arrays.copyOfRange(buffer, from + JournalCodec.HEADER, end)));
            if ((at == 0) != (record instanceof JournalRecord.Head)) {
                return at; // nothing counts without a head, and nobody writes two
            }
            if (record != null) {
                visitor.onRecord(record, at);
            }
            at += JournalCodec.HEADER + length + JournalCodec.TRAILER;
        }
        return at;
    }

    /** Makes sure that so many bytes from an offset on are in the buffer; false if the file has fewer. */
    private boolean has(long at, int length) throws IOException {
        if (at + length <= bufferAt + filled) {
            return true;
        }
        final int kept = (int) (bufferAt + filled - at);
        System.arraycopy(buffer, filled - kept, buffer, 0, kept);
        bufferAt = at;
        filled = kept;
        while (filled < length) {
            final int read = input.read(bufferAt + filled, buffer, filled, BUFFER - filled);
            if (read <= 0) {
                return false;
            }
            filled += read;
        }
        return true;
    }
}
