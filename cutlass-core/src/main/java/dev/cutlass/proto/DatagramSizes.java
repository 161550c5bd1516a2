package dev.cutlass.proto;

import dev.cutlass.wire.PacketHeader;

/**
 * How large the datagrams of a path may be, in bytes of UDP payload.
 *
 * @param start what is sent without proof; more than {@link #BASE} only where somebody knows all paths
 * @param max the largest that is tried: {@link PathMtu}; the same as {@code start} if nothing is to be tried
 */
public record DatagramSizes(int start, int max) {
    /** What every path has to carry: docs/protocol.md section 4.2. */
    public static final int BASE = PacketHeader.BASE_PACKET_LENGTH;

    /** The largest payload of UDP over IPv4: 65,535 without the headers of IP and UDP. */
    public static final int LARGEST = 65_507;

    public DatagramSizes {
        if (start < BASE || max < start || max > LARGEST) {
            throw new IllegalArgumentException(
                    "datagrams of " + start + " to " + max + " bytes: " + BASE + " to " + LARGEST);
        }
    }

    /** One size on all paths, never another. */
    public static DatagramSizes fixed(int bytes) {
        return new DatagramSizes(bytes, bytes);
    }

    /** From {@link #BASE} up to what the path carries, at most {@code max}. Only for ports whose datagrams no system cuts into fragments. */
    public static DatagramSizes upTo(int max) {
        return new DatagramSizes(BASE, max);
    }
}
