package dev.cutlass.proto;

import java.net.InetSocketAddress;

/**
 * Where an authentic packet came from.
 *
 * @param freshId whether it named another id of ours than the packets of the primary path do
 * @param bytes of the whole datagram
 */
record PacketSource(InetSocketAddress address, int channel, boolean freshId, int bytes) {
    @Override
    public String toString() {
        return "PacketSource[channel " + channel + "]";
    }
}
