package dev.cutlass.wire;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * PONG: answers a PING and tells where it came from. docs/protocol.md section 5.
 * <pre>
 * offset  size  field
 *      0     8  token      that of the PING
 *      8     1  family     4 or 6, else malformed
 *      9     a  address    4 or 16 bytes; an IPv4 address in IPv6 form counts as IPv4
 *    9+a     2  port
 * </pre>
 *
 * @param seen the address that the PING came from; never unresolved
 */
public record PongFrame(long token, InetSocketAddress seen) implements Frame {
    public static final int TYPE = 0x02;
    private static final int IPV4 = 4;
    private static final int IPV6 = 6;
    private static final int IPV4_LENGTH = 4;
    private static final int IPV6_LENGTH = 16;
    private static final int FIXED_LENGTH = Long.BYTES + 1 + Short.BYTES;

    public PongFrame {
        if (seen.isUnresolved()) {
            throw new IllegalArgumentException("a PONG needs an address, not a name");
        }
    }

    static Decoded decode(ByteBuffer body) {
        final int addressLength = body.remaining() - FIXED_LENGTH;
        if (addressLength != IPV4_LENGTH && addressLength != IPV6_LENGTH) {
            return new Malformed(TYPE, Malformed.Why.LENGTH);
        }
        final long token = body.getLong();
        if (body.get() != (addressLength == IPV4_LENGTH ? IPV4 : IPV6)) {
            return new Malformed(TYPE, Malformed.Why.VALUE);
        }
        final byte[] address = new byte[addressLength];
        body.get(address);
        return new PongFrame(token, new InetSocketAddress(toAddress(address), body.getShort() & 0xffff));
    }

    private static InetAddress toAddress(byte[] address) {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new AssertionError("address of " + address.length + " bytes", e); // 4 or 16: cannot be
        }
    }

    private int addressLength() {
        return seen.getAddress() instanceof Inet4Address ? IPV4_LENGTH : IPV6_LENGTH;
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int bodyLength() {
        return FIXED_LENGTH + addressLength();
    }

    @Override
    public void encodeBodyTo(ByteBuffer out) {
        out.putLong(token).put((byte) (addressLength() == IPV4_LENGTH ? IPV4 : IPV6));
        out.put(seen.getAddress().getAddress()).putShort((short) seen.getPort());
    }

    @Override
    public void dispatchTo(Handler handler, long now) {
        handler.onPong(this, now);
    }

    /** Without the address: it must not reach a log by accident. */
    @Override
    public String toString() {
        return "PongFrame[token=" + token + "]";
    }
}
