package dev.cutlass.cables;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.HostName;
import dev.cutlass.cables.http.HttpRemote;
import dev.cutlass.cables.http.ProxyAddress;
import dev.cutlass.cables.setup.Settings;
import dev.cutlass.cables.setup.Texts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How other nodes are reached: through a SOCKS5 proxy (Tor) or an HTTP proxy (privoxy, I2P), which look names up; never directly, but for hosts that are mapped on purpose. Immutable; any thread.
 */
public final class Carrier {
    private final @Nullable InetSocketAddress httpProxy;
    private final @Nullable InetSocketAddress socks5;
    private final Map<HostName, InetSocketAddress> mapped;

    private Carrier(
            @Nullable InetSocketAddress httpProxy,
            @Nullable InetSocketAddress socks5,
            Map<HostName, InetSocketAddress> mapped) {
        this.httpProxy = httpProxy;
        this.socks5 = socks5;
        this.mapped = Map.copyOf(mapped);
    }

    /** Reaches nobody but mapped hosts. */
    public static Carrier none() {
        return new Carrier(null, null, Map.of());
    }

    /** Through a SOCKS5 proxy, as Tor has one on port 9050. */
    public static Carrier socks5(InetSocketAddress proxy) {
        return new Carrier(null, proxy, Map.of());
    }

    /** Through an HTTP proxy, as I2P has one on port 4444 and privoxy on 8118. */
    public static Carrier httpProxy(InetSocketAddress proxy) {
        return new Carrier(proxy, null, Map.of());
    }

    static Carrier of(Settings settings) {
        return new Carrier(settings.httpProxy(), settings.socks5(), Map.of());
    }

    /** This one, and one host directly at an address: for tests, and for nodes of one house. */
    public Carrier mapped(HostName host, InetSocketAddress address) {
        final Map<HostName, InetSocketAddress> more = new HashMap<>(mapped);
        more.put(host, address);
        return new Carrier(httpProxy, socks5, more);
    }

    /**
     * Reads {@code HOST:PORT} or {@code http://HOST:PORT}; looks nothing up.
     *
     * @throws IllegalArgumentException if it is none; says what is wanted
     */
    public static InetSocketAddress parseAddress(String text) {
        return Texts.socketAddress(text);
    }

    /**
     * Asks a node whether it is there. Blocks, up to a minute or two through Tor.
     *
     * @throws IOException if this machine cannot ask: the proxy's name is not known, or there are no sockets left
     */
    public PingResult ping(CablesAddress node) throws IOException {
        try (Network network = open()) {
            return PingResult.of(network.remote(), node);
        }
    }

    Network open() throws IOException {
        final ProxyAddress proxy = httpProxy != null
                ? new ProxyAddress(ProxyAddress.Kind.HTTP, resolved(httpProxy))
                : socks5 != null ? new ProxyAddress(ProxyAddress.Kind.SOCKS5, resolved(socks5)) : null;
        return new HttpNetwork(HttpRemote.start(proxy, mapped));
    }

    /** The name of a proxy or of our own machine; those of other nodes are never looked up. */
    static InetSocketAddress resolved(InetSocketAddress address) throws IOException {
        final InetSocketAddress known =
                address.isUnresolved() ? new InetSocketAddress(address.getHostString(), address.getPort()) : address;
        if (known.isUnresolved()) {
            throw new UnknownHostException(address.getHostString() + ": no machine of this name is known");
        }
        return known;
    }
}
