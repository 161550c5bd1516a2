package dev.cutlass.cables.http;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.util.HostPort;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.jspecify.annotations.Nullable;

/** All that may be connected to, in place of a resolver: a name that slips through leads nowhere, and no DNS server hears of it. Immutable. */
final class KnownAddresses implements SocketAddressResolver {
    private final Map<String, InetSocketAddress> known = new HashMap<>();

    KnownAddresses(@Nullable ProxyAddress proxy, Collection<InetSocketAddress> direct) {
        direct.forEach(address -> known.put(text(address), address));
        if (proxy != null) {
            known.put(text(proxy.address()), proxy.address());
        }
    }

    /** As Jetty writes a host: an address of IPv6 in brackets. */
    static String host(InetSocketAddress address) {
        return HostPort.normalizeHost(address.getAddress().getHostAddress());
    }

    /** As Jetty writes a host and a port. */
    static String text(InetSocketAddress address) {
        return host(address) + ":" + address.getPort();
    }

    @Override
    public void resolve(String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> promise) {
        final InetSocketAddress address = known.get(HostPort.normalizeHost(host) + ":" + port);
        if (address == null) {
            promise.failed(new UnknownHostException("names are resolved by the proxy alone, not here: " + host));
        } else {
            promise.succeeded(List.of(address));
        }
    }
}
