package dev.cutlass.wire;

import java.nio.ByteBuffer;

/**
 * What a handshake datagram carries under its mask: a part of a flight, or a cookie demand. docs/protocol.md section 3.1.
 * <pre>
 * offset  size  field          (in the datagram; 28 less here)
 *     28     1  version        2, else rejected
 *     29     1  type           1, 2, 3: flight of that number; 4: cookie demand; else rejected
 *     30     8  stamp          type 1: milliseconds since 1970, or 0 in normal mode; other types: 0, else rejected
 *     38    16  handshake id   flight id of flight 1
 *     54    16  flight id      type 4: 0, else rejected
 *     70     2  total          bytes of the whole flight, 1 to 4,096; type 4: 0; else rejected
 *     72     2  offset         of the data in the flight; type 4: 0; the data must end inside the flight, else rejected
 *     74     1  cookie length  0 or 32; type 4: 32; else rejected
 *     75     c  cookie
 *   75+c     n  data           at least 1 byte; type 4: padding, any
 * </pre>
 *
 * @param stamp as an unsigned number it may be anything; see the receiver's rules in section 3.5
 */
public record HandshakePart(
        int type, long stamp, Id128 handshakeId, Id128 flightId, int total, int offset, Bytes cookie, Bytes data)
        implements DecodedPart {
    public static final int VERSION = 2;

    public static final int FLIGHT_1 = 1;
    public static final int FLIGHT_2 = 2;
    public static final int FLIGHT_3 = 3;
    public static final int COOKIE_DEMAND = 4;

    public static final int COOKIE_LENGTH = 32;
    public static final int MAX_TOTAL = 4_096;

    /** A sender cuts no shorter parts; receivers take any of 1 byte and more. */
    public static final int MIN_SENT_DATA = 64;

    /** Version to cookie length. */
    public static final int HEADER_LENGTH =
            1 + 1 + Long.BYTES + Id128.LENGTH + Id128.LENGTH + Short.BYTES + Short.BYTES + 1;

    /** Bytes of data that fit into a datagram with no cookie. */
    public static final int MAX_DATA = HandshakeDatagram.MAX_LENGTH - HandshakeDatagram.PART_OFFSET - HEADER_LENGTH;

    /** Bytes of data that fit into a datagram with a cookie. */
    public static final int MAX_DATA_WITH_COOKIE = MAX_DATA - COOKIE_LENGTH;

    public HandshakePart {
        if (type < FLIGHT_1
                || type > COOKIE_DEMAND
                || !isValid(type, stamp, flightId, total, offset, cookie.length(), data.length())
                || HEADER_LENGTH + cookie.length() + data.length()
                        > HandshakeDatagram.MAX_LENGTH - HandshakeDatagram.PART_OFFSET) {
            throw new IllegalArgumentException("type " + type + ", stamp " + stamp + ", total " + total + ", offset "
                    + offset + ", cookie of " + cookie.length() + ", data of " + data.length() + " bytes");
        }
    }

    /**
     * A part of flight {@code type}.
     *
     * @param cookie empty if none was demanded
     */
    public static HandshakePart ofFlight(
            int type, long stamp, Id128 handshakeId, Id128 flightId, int total, int offset, Bytes cookie, Bytes data) {
        if (type == COOKIE_DEMAND) {
            throw new IllegalArgumentException("a cookie demand is no part of a flight");
        }
        return new HandshakePart(type, stamp, handshakeId, flightId, total, offset, cookie, data);
    }

    /** Asks the sender of a part to repeat its flight with {@code cookie} in it. */
    public static HandshakePart cookieDemand(Id128 handshakeId, Bytes cookie, Bytes padding) {
        return new HandshakePart(COOKIE_DEMAND, 0, handshakeId, Id128.ZERO, 0, 0, cookie, padding);
    }

    private static boolean isValid(
            int type, long stamp, Id128 flightId, int total, int offset, int cookieLength, int dataLength) {
        if (type == COOKIE_DEMAND) {
            return stamp == 0
                    && flightId.equals(Id128.ZERO)
                    && total == 0
                    && offset == 0
                    && cookieLength == COOKIE_LENGTH;
        }
        return (type == FLIGHT_1 || stamp == 0)
                && total >= 1
                && total <= MAX_TOTAL
                && dataLength >= 1
                && offset >= 0
                && offset <= total - dataLength
                && (cookieLength == 0 || cookieLength == COOKIE_LENGTH);
    }

    /**
     * Decodes {@code length} unmasked bytes: a datagram without its first {@link HandshakeDatagram#PART_OFFSET}. The part
     * points into the array.
     */
    public static DecodedPart decode(byte[] unmasked, int from, int length) {
        if (length < HEADER_LENGTH || length > HandshakeDatagram.MAX_LENGTH - HandshakeDatagram.PART_OFFSET) {
            return Rejected.LENGTH;
        }
        final ByteBuffer in = ByteBuffer.wrap(unmasked, from, length);
        if (in.get() != VERSION) {
            return Rejected.VERSION;
        }
        final int type = in.get();
        if (type < FLIGHT_1 || type > COOKIE_DEMAND) {
            return Rejected.TYPE;
        }
        final long stamp = in.getLong();
        final Id128 handshakeId = Id128.read(in);
        final Id128 flightId = Id128.read(in);
        final int total = in.getShort() & 0xffff;
        final int offset = in.getShort() & 0xffff;
        final int cookieLength = in.get() & 0xff;
        if (cookieLength > in.remaining()) {
            return Rejected.LENGTH;
        }
        if (!isValid(type, stamp, flightId, total, offset, cookieLength, in.remaining() - cookieLength)) {
            return Rejected.FIELD;
        }
        final Bytes cookie = Bytes.next(in, cookieLength);
        return new HandshakePart(type, stamp, handshakeId, flightId, total, offset, cookie, Bytes.rest(in));
    }

    /** Version to the end of the data, in bytes. */
    public int encodedLength() {
        return HEADER_LENGTH + cookie.length() + data.length();
    }

    void encodeTo(ByteBuffer out) {
        out.put((byte) VERSION).put((byte) type).putLong(stamp);
        handshakeId.writeTo(out);
        flightId.writeTo(out);
        out.putShort((short) total).putShort((short) offset).put((byte) cookie.length());
        cookie.writeTo(out);
        data.writeTo(out);
    }
}
