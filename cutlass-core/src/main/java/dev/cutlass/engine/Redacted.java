package dev.cutlass.engine;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** What a log may show of an address: its kind, and the port. Peers need no help: {@code PeerId.toString} is short already. */
final class Redacted {
    private Redacted() {}

    static String of(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return "address";
        }
        final InetAddress ip = inet.getAddress();
        final String kind;
        if (ip == null) {
            kind = "name";
        } else if (ip.isLoopbackAddress()) {
            kind = "loopback";
        } else if (ip.isSiteLocalAddress() || ip.isLinkLocalAddress()) {
            kind = "private";
        } else {
            kind = ip.getAddress().length == 4 ? "ipv4" : "ipv6";
        }
        return kind + ":" + inet.getPort();
    }
}
