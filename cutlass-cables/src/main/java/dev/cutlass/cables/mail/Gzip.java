package dev.cutlass.cables.mail;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Gzip (RFC 1952) as the cables protocol wants it: our header says nothing about us, and a stream is read as a whole or not at all. The JDK's {@code GZIPInputStream} takes what follows the last member for its end without a word, where a node must
 * refuse it (section 10.2), and writes another header than the original's.
 */
public final class Gzip {
    private static final byte ID1 = 0x1f;
    private static final byte ID2 = (byte) 0x8b;
    private static final byte DEFLATE = 8;

    /** Ours: no name, no time, "best compression", Unix: what the original's bytes are. */
    private static final byte[] HEADER = {ID1, ID2, DEFLATE, 0, 0, 0, 0, 0, 2, 3};

    private static final int FLAGS_AT = 3;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;
    private static final int TRAILER_LENGTH = 8;
    private static final int CHUNK = 8192;

    private Gzip() {}

    /** Compresses as well as it can. */
    public static byte[] compress(byte[] plain) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(HEADER);
        final Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            deflater.setInput(plain);
            deflater.finish();
            final byte[] chunk = new byte[CHUNK];
            while (!deflater.finished()) {
                out.write(chunk, 0, deflater.deflate(chunk));
            }
        } finally {
            deflater.end();
        }
        final CRC32 crc = new CRC32();
        crc.update(plain);
        writeInt(out, crc.getValue());
        writeInt(out, plain.length);
        return out.toByteArray();
    }

    private static void writeInt(ByteArrayOutputStream out, long value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.write((int) (value >>> shift));
        }
    }

    /**
     * Decompresses one or more members.
     *
     * @param maxLength more than this is not given out, nor held in memory
     * @return {@code null} if this is no gzip stream from the first byte to the last, or longer
     */
    public static byte @Nullable [] decompress(byte[] compressed, int maxLength) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final Inflater inflater = new Inflater(true);
        try {
            int at = 0;
            do {
                at = member(compressed, at, inflater, out, maxLength);
            } while (at > 0 && at < compressed.length);
            return at < 0 ? null : out.toByteArray();
        } catch (DataFormatException e) {
            return null;
        } finally {
            inflater.end();
        }
    }

    /** Where the member ends; -1 if it is none. */
    private static int member(byte[] in, int start, Inflater inflater, ByteArrayOutputStream out, int maxLength)
            throws DataFormatException {
        final int body = bodyOf(in, start);
        if (body < 0) {
            return -1;
        }
        inflater.reset();
        inflater.setInput(in, body, in.length - body);
        final CRC32 crc = new CRC32();
        final byte[] chunk = new byte[CHUNK];
        while (!inflater.finished()) {
            final int count = inflater.inflate(chunk);
            if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                return -1; // cut off
            }
            if (out.size() + count > maxLength) {
                return -1;
            }
            crc.update(chunk, 0, count);
            out.write(chunk, 0, count);
        }
        final int trailer = in.length - inflater.getRemaining();
        if (in.length - trailer < TRAILER_LENGTH
                || readInt(in, trailer) != (int) crc.getValue()
                || readInt(in, trailer + Integer.BYTES) != (int) inflater.getBytesWritten()) {
            return -1;
        }
        return trailer + TRAILER_LENGTH;
    }

    private static int readInt(byte[] in, int at) {
        return (in[at] & 0xff) | (in[at + 1] & 0xff) << 8 | (in[at + 2] & 0xff) << 16 | (in[at + 3] & 0xff) << 24;
    }

    /** Where the compressed bytes begin; -1 if there is no header of a member. RFC 1952 section 2.3. */
    private static int bodyOf(byte[] in, int start) {
        if (in.length - start < HEADER.length || in[start] != ID1 || in[start + 1] != ID2 || in[start + 2] != DEFLATE) {
            return -1;
        }
        final int flags = in[start + FLAGS_AT] & 0xff;
        int at = start + HEADER.length;
        if ((flags & RESERVED) != 0) {
            return -1;
        }
        if ((flags & EXTRA) != 0) {
            if (in.length - at < Short.BYTES) {
                return -1;
            }
            at += Short.BYTES + ((in[at] & 0xff) | (in[at + 1] & 0xff) << 8);
        }
        for (int text : new int[] {NAME, COMMENT}) {
            if ((flags & text) != 0) {
                while (at < in.length && in[at] != 0) {
                    at++;
                }
                at++;
            }
        }
        if ((flags & HEADER_CRC) != 0) {
            if (in.length - at < Short.BYTES || !isHeaderCrc(in, start, at)) {
                return -1;
            }
            at += Short.BYTES;
        }
        return at <= in.length ? at : -1;
    }

    private static boolean isHeaderCrc(byte[] in, int start, int at) {
        final CRC32 crc = new CRC32();
        crc.update(Arrays.copyOfRange(in, start, at));
        return ((in[at] & 0xff) | (in[at + 1] & 0xff) << 8) == (crc.getValue() & 0xffff);
    }
}
