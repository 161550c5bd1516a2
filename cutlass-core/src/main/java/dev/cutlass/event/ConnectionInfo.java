package dev.cutlass.event;

import java.net.InetSocketAddress;

/**
 * How a connection does at one moment. Times in nanoseconds, sizes in bytes of whole datagrams.
 *
 * @param address where packets go
 * @param channel on which socket: 0 is the bound one, others are back-connected
 * @param roundTrip smoothed (RFC 9002 section 5.3); 0 before the first sample
 * @param roundTripVariance likewise
 * @param leastRoundTrip the least sample of the present path (RFC 9002 section 5.2); 0 before the first
 * @param inFlight sent and neither acknowledged nor lost, on the present path
 * @param window how much may be in flight on the present path: the congestion window
 * @param bulkInFlight bytes of messages of class {@link ChannelClass#BULK} with their frame headers, sent and neither acknowledged nor lost, on the present path; those of {@code inFlight} that bulk data takes, without
 *     the headers of packets
 * @param bulkWindow how many of them there may be, while no messages wait: what bulk is held to beside {@code window}, so that it yields to everybody else. 0 before the first on this path, and at rest
 * @param pacingRate bytes per second at which packets leave on the present path; 0 if nothing holds them back but the window
 * @param controller what governs window and rate, e.g. {@code BBR}; empty while the connection rests and needs none
 * @param lost packets found lost on the present path; some may have arrived late after all
 * @param sent packets that the peer had to acknowledge, on the present path: those that {@code lost} counts among
 * @param packetsSent on all paths
 * @param packetsReceived authentic ones, on all paths
 * @param packetSize the largest datagram that is sent on the present path now: its MTU, without the headers of IP and UDP, as far as it was proved
 * @param cipher of packets, e.g. {@code AES_256_GCM}
 * @param epoch of the keys that packets are sent under, from 0
 * @param keyAge since packets are sent under the keys of this epoch
 * @param age since the handshake
 * @param silence since the last authentic packet
 */
public record ConnectionInfo(
        InetSocketAddress address,
        int channel,
        long roundTrip,
        long roundTripVariance,
        long leastRoundTrip,
        long inFlight,
        long window,
        long bulkInFlight,
        long bulkWindow,
        long pacingRate,
        String controller,
        long lost,
        long sent,
        long packetsSent,
        long bytesSent,
        long packetsReceived,
        long bytesReceived,
        int packetSize,
        String cipher,
        long epoch,
        long keyAge,
        long age,
        long silence) {
    /** The share of packets that were found lost on the present path, 0 to 1; 0 before the first was sent. */
    public double lossShare() {
        return sent == 0 ? 0 : Math.min(1, (double) lost / sent);
    }

    /** Without the address: it must not reach a log by accident. */
    @Override
    public String toString() {
        return "ConnectionInfo[channel " + channel + ", round trip " + roundTrip + " ns, epoch " + epoch + "]";
    }
}
