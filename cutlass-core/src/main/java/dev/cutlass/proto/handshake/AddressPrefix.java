package dev.cutlass.proto.handshake;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** The network that an address is counted under: /24 or /48, what one customer commonly gets at least. A value. */
record AddressPrefix(long bits) {
    private static final int IPV4_SHIFT = Integer.SIZE - 24;
    private static final int IPV6_SHIFT = Long.SIZE - 48;
    private static final long IPV6_FLAG = 1L << 48; // above the 48 bits, so that the two families never meet

    static AddressPrefix of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return new AddressPrefix(
                address instanceof Inet4Address
                        ? bytes.getInt() >>> IPV4_SHIFT
                        : IPV6_FLAG | bytes.getLong() >>> IPV6_SHIFT);
    }
}
