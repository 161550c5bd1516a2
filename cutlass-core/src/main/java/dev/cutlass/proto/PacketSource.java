package dev.cutlass.proto;

import java.net.InetSocketAddress;

/** Where the authentic packet came from that is being dealt with: one object of a connection, another packet with each {@link #fill}, so nobody keeps it. */
final class PacketSource {
    private InetSocketAddress address;
    private int channel;
    private boolean freshId;
    private int bytes;

    PacketSource(InetSocketAddress address, int channel) {
        this.address = address;
        this.channel = channel;
    }

    void fill(InetSocketAddress from, int ofChannel, boolean ofFreshId, int length) {
        address = from;
        channel = ofChannel;
        freshId = ofFreshId;
        bytes = length;
    }

    InetSocketAddress address() {
        return address;
    }

    int channel() {
        return channel;
    }

    /** Whether it named another id of ours than the packets of the primary path do. */
    boolean freshId() {
        return freshId;
    }

    /** Of the whole datagram. */
    int bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return "PacketSource[channel " + channel + "]";
    }
}
