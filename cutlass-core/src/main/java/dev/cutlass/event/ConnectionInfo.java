package dev.cutlass.event;

import java.net.InetSocketAddress;

/**
 * How a connection does at one moment. Times in nanoseconds, sizes in bytes of whole datagrams.
 *
 * @param address where packets go
 * @param channel on which socket: 0 is the bound one, others are back-connected
 * @param roundTrip smoothed (RFC 9002 section 5.3); 0 before the first sample
 * @param roundTripVariance likewise
 * @param inFlight sent and neither acknowledged nor lost, on the present path
 * @param window how much may be in flight on the present path
 * @param lost packets found lost on the present path
 * @param packetsSent on all paths
 * @param packetsReceived authentic ones, on all paths
 * @param packetSize the largest datagram that is sent on the present path now: its MTU, without the headers of IP and UDP, as far as it was proved
 * @param cipher of packets, e.g. {@code AES_256_GCM}
 * @param epoch of the keys that packets are sent under, from 0
 * @param age since the handshake
 * @param silence since the last authentic packet
 */
public record ConnectionInfo(
        InetSocketAddress address,
        int channel,
        long roundTrip,
        long roundTripVariance,
        long inFlight,
        long window,
        long lost,
        long packetsSent,
        long bytesSent,
        long packetsReceived,
        long bytesReceived,
        int packetSize,
        String cipher,
        long epoch,
        long age,
        long silence) {
    /** Without the address: it must not reach a log by accident. */
    @Override
    public String toString() {
        return "ConnectionInfo[channel " + channel + ", round trip " + roundTrip + " ns, epoch " + epoch + "]";
    }
}
