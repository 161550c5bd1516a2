package dev.cutlass.gso;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/**
 * {@code struct sockaddr_in} and {@code struct sockaddr_in6}.
 * <pre>
 * offset  size  sockaddr_in            offset  size  sockaddr_in6
 *      0     2  family, native order        0     2  family, native order
 *      2     2  port, big-endian            2     2  port, big-endian
 *      4     4  address                     4     4  flow information
 *      8     8  zero                        8    16  address
 *                                          24     4  scope id, native order
 * </pre>
 */
final class SocketAddress {
    /** Room for either. */
    static final int SIZE = 28;

    private static final int SIZE_4 = 16;
    private static final int PORT_AT = 2;
    private static final int ADDRESS_4_AT = 4;
    private static final int ADDRESS_6_AT = 8;
    private static final int SCOPE_AT = 24;
    private static final int LENGTH_4 = 4;
    private static final int LENGTH_6 = 16;

    /** Where an IPv4 address lies in the IPv6 one that stands for it, after 10 zeros and two 0xff (RFC 4291 section 2.5.5.2). */
    private static final int MAPPED_AT = 12;

    private static final ValueLayout.OfShort PORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private SocketAddress() {}

    /**
     * Writes an address for a socket of the family.
     *
     * @return its length; 0 if such a socket cannot reach it
     */
    static int encode(InetSocketAddress from, int family, MemorySegment to) {
        final InetAddress address = from.getAddress();
        if (address == null || (family == Libc.AF_INET && !(address instanceof Inet4Address))) {
            return 0;
        }
        to.fill((byte) 0);
        to.set(JAVA_SHORT, 0, (short) family);
        to.set(PORT, PORT_AT, (short) from.getPort());
        final byte[] bytes = address.getAddress();
        if (family == Libc.AF_INET) {
            MemorySegment.copy(bytes, 0, to, JAVA_BYTE, ADDRESS_4_AT, LENGTH_4);
            return SIZE_4;
        }
        if (address instanceof Inet6Address six) {
            MemorySegment.copy(bytes, 0, to, JAVA_BYTE, ADDRESS_6_AT, LENGTH_6);
            to.set(JAVA_INT, SCOPE_AT, six.getScopeId());
        } else if (address.isAnyLocalAddress()) {
            return SIZE; // all zero: the IPv4 "any" would be an address of its own here
        } else {
            to.set(JAVA_SHORT, ADDRESS_6_AT + MAPPED_AT - 2, (short) -1);
            MemorySegment.copy(bytes, 0, to, JAVA_BYTE, ADDRESS_6_AT + MAPPED_AT, LENGTH_4);
        }
        return SIZE;
    }

    /** Reads what the system wrote. An IPv4 address that came through an IPv6 socket is an IPv4 address again. */
    static InetSocketAddress decode(MemorySegment from) {
        final boolean four = from.get(JAVA_SHORT, 0) == Libc.AF_INET;
        final byte[] bytes = new byte[four ? LENGTH_4 : LENGTH_6];
        MemorySegment.copy(from, JAVA_BYTE, four ? ADDRESS_4_AT : ADDRESS_6_AT, bytes, 0, bytes.length);
        final int scope = four ? 0 : from.get(JAVA_INT, SCOPE_AT);
        final int port = Short.toUnsignedInt(from.get(PORT, PORT_AT));
        try {
            final InetAddress address =
                    scope == 0 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, scope);
            return new InetSocketAddress(address, port);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of " + bytes.length + " bytes", e);
        }
    }
}
