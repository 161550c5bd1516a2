package dev.cutlass.cables.http;

import java.net.InetSocketAddress;

/**
 * The program that reaches hidden services for us.
 *
 * @param address resolved, as a rule on this machine
 */
public record ProxyAddress(Kind kind, InetSocketAddress address) {
    /** How it is spoken to; either way it gets the name of the host, and nothing is resolved here. */
    public enum Kind {
        /** RFC 1928, without a password: Tor's own port. */
        SOCKS5,
        /** Absolute targets, RFC 9112 section 3.2.2: I2P, Privoxy. */
        HTTP
    }

    /**
     * Takes an address.
     *
     * @throws IllegalArgumentException if its name is not resolved
     */
    public ProxyAddress {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("proxy: " + address.getHostString() + " is no address and has none");
        }
    }
}
