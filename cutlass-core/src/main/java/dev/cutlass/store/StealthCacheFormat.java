package dev.cutlass.store;

import dev.cutlass.proto.handshake.StealthReplayGuard;
import dev.cutlass.proto.handshake.StealthReplayGuard.Flight;
import dev.cutlass.proto.handshake.StealthReplayGuard.Saved;
import dev.cutlass.wire.Id128;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of the stealth cache.
 *
 * <pre>
 * offset  size  field
 *      0     8  magic      "CUTLASSR"
 *      8     1  version    1
 *      9     1  state      0 while an engine has it open (or crashed), 1 after a stop in order
 *     10     8  floor      milliseconds since 1970
 *     18     8  written    the clock when this header was written, likewise
 *     26     4  crc        CRC-32C of bytes 0..25
 *     30    28  record, any number of them:
 *               0   8  stamp    milliseconds since 1970
 *               8  16  flight id
 *              24   4  crc      CRC-32C of bytes 0..23 of the record
 * </pre>
 */
final class StealthCacheFormat {
    static final int HEADER_LENGTH = 30;
    static final int RECORD_LENGTH = Long.BYTES + Id128.LENGTH + Integer.BYTES;

    /** Three times the largest capacity: a file grows to twice its capacity and some more. */
    static final int MAX_LENGTH = HEADER_LENGTH + 3 * StealthReplayGuard.MAX_CAPACITY * RECORD_LENGTH;

    private static final byte[] MAGIC = "CUTLASSR".getBytes(StandardCharsets.US_ASCII);
    private static final byte VERSION = 1;
    private static final byte OPEN = 0;
    private static final byte STOPPED = 1;

    private StealthCacheFormat() {}

    static ByteBuffer header(boolean stopped, long floor, long writtenMillis) {
        final ByteBuffer header = ByteBuffer.allocate(HEADER_LENGTH)
                .put(MAGIC)
                .put(VERSION)
                .put(stopped ? STOPPED : OPEN)
                .putLong(floor)
                .putLong(writtenMillis);
        return header.putInt(crc(header, 0, header.position())).flip();
    }

    static void writeRecord(Flight flight, ByteBuffer out) {
        final int start = out.position();
        out.putLong(flight.stamp());
        flight.id().writeTo(out);
        out.putInt(crc(out, start, RECORD_LENGTH - Integer.BYTES));
    }

    /**
     * Reads a file. Records at its end that a crash tore were never answered, and are left out.
     *
     * @param flights to be filled
     * @return {@code null} if the file is damaged otherwise, so that flights may be missing
     */
    static @Nullable Saved decode(byte[] file, List<Flight> flights) {
        final ByteBuffer in = ByteBuffer.wrap(file);
        if (file.length < HEADER_LENGTH
                || !Arrays.equals(MAGIC, Arrays.copyOf(file, MAGIC.length))
                || in.getInt(HEADER_LENGTH - Integer.BYTES) != crc(in, 0, HEADER_LENGTH - Integer.BYTES)
                || in.get(MAGIC.length) != VERSION) {
            return null;
        }
        in.position(MAGIC.length + Byte.BYTES);
        final boolean stopped = in.get() == STOPPED;
        final long floor = in.getLong();
        final long written = in.getLong();
        in.position(HEADER_LENGTH);
        boolean torn = false;
        while (in.remaining() >= RECORD_LENGTH) {
            final int start = in.position();
            final long stamp = in.getLong();
            final Id128 id = Id128.of(file, in.position());
            in.position(in.position() + Id128.LENGTH);
            if (in.getInt() != crc(in, start, RECORD_LENGTH - Integer.BYTES)) {
                torn = true;
            } else if (torn) {
                return null; // a good one after a bad one: that is no torn end
            } else {
                flights.add(new Flight(stamp, id));
            }
        }
        torn |= in.hasRemaining();
        return torn && stopped ? null : new Saved(floor, flights, stopped, written);
    }

    private static int crc(ByteBuffer buffer, int start, int length) {
        final CRC32C crc = new CRC32C();
        crc.update(buffer.duplicate().limit(start + length).position(start));
        return (int) crc.getValue();
    }
}
