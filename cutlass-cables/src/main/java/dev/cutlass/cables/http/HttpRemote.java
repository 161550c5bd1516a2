package dev.cutlass.cables.http;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.HostName;
import dev.cutlass.cables.exchange.Remote;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.ConnectionPool;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.DuplexConnectionPool;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpProxy;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.ProxyAuthenticationProtocolHandler;
import org.eclipse.jetty.client.ProxyConfiguration;
import org.eclipse.jetty.client.RedirectProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Socks5Proxy;
import org.eclipse.jetty.client.WWWAuthenticationProtocolHandler;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks other nodes through a proxy, and only those hosts directly that were mapped on purpose: a {@link HostName} is onion or i2p, no other
 * name reaches this class, and what connects knows no address but the proxy's and the mapped ones. Sends a Host field and nothing of
 * itself: no User-Agent, no cookies, no encodings; follows no redirect. Cables protocol section 9. Any thread; {@link #get} blocks.
 */
public final class HttpRemote implements Remote, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpRemote.class);
    private static final int PORT = 80;

    /** Those for 1xx stay: without them Jetty waits for ever after one. */
    private static final List<String> HANDLERS_NOT_WANTED = List.of(
            RedirectProtocolHandler.NAME,
            WWWAuthenticationProtocolHandler.NAME,
            ProxyAuthenticationProtocolHandler.NAME);

    private final HttpClient client;
    private final boolean hasProxy;
    private final Map<HostName, InetSocketAddress> mapped;
    private final RemoteLimits limits;

    private HttpRemote(
            HttpClient client, boolean hasProxy, Map<HostName, InetSocketAddress> mapped, RemoteLimits limits) {
        this.client = client;
        this.hasProxy = hasProxy;
        this.mapped = mapped;
        this.limits = limits;
    }

    /**
     * Makes a client; nothing is opened yet.
     *
     * @param proxy for all hosts that are not mapped; {@code null} if there is none, then they are unreachable
     * @param mapped hosts that are connected to directly, without their name being resolved: for tests, and nodes of one's own
     * @throws IOException if this machine has no sockets left
     */
    public static HttpRemote start(@Nullable ProxyAddress proxy, Map<HostName, InetSocketAddress> mapped)
            throws IOException {
        return start(proxy, mapped, RemoteLimits.DEFAULT);
    }

    static HttpRemote start(@Nullable ProxyAddress proxy, Map<HostName, InetSocketAddress> mapped, RemoteLimits limits)
            throws IOException {
        final QueuedThreadPool threads = new QueuedThreadPool(RemoteLimits.MAX_THREADS, 2);
        threads.setName("cutlass-cables-client");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        final ClientConnector connector = new ClientConnector();
        connector.setSelectors(1);
        connector.setExecutor(threads);
        final HttpClientTransportOverHTTP transport = new HttpClientTransportOverHTTP(connector);
        transport.setConnectionPoolFactory(HttpRemote::pool);
        final HttpClient client = new HttpClient(transport);
        client.setExecutor(threads);
        client.setConnectTimeout(limits.connect().toMillis());
        client.setIdleTimeout(limits.idle().toMillis()); // also while the proxy looks for a host
        client.setDestinationIdleTimeout(RemoteLimits.KEPT.toMillis()); // strangers choose hosts: none is collected
        client.setMaxConnectionsPerDestination(RemoteLimits.MAX_CONNECTIONS);
        client.setMaxRequestsQueuedPerDestination(RemoteLimits.MAX_WAITING);
        client.setMaxResponseHeadersSize(RemoteLimits.MAX_HEADER);
        client.setFollowRedirects(false);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        client.setUserAgentField(null);
        final Map<HostName, InetSocketAddress> direct = Map.copyOf(mapped);
        client.setSocketAddressResolver(new KnownAddresses(proxy, direct.values()));
        if (proxy != null) {
            client.getProxyConfiguration().addProxy(proxy(proxy, direct));
        }
        try {
            client.start();
        } catch (Exception e) { // Jetty's start may throw anything
            throw new IOException("the HTTP client did not start: " + e.getMessage(), e);
        }
        for (String name : HANDLERS_NOT_WANTED) {
            client.getProtocolHandlers().remove(name);
        }
        client.getContentDecoderFactories().clear(); // which also keeps it from asking for compression
        return new HttpRemote(client, proxy != null, direct, limits);
    }

    private static ConnectionPool pool(Destination destination) {
        final DuplexConnectionPool pool = new DuplexConnectionPool(destination, RemoteLimits.MAX_CONNECTIONS);
        pool.setMaxDuration(RemoteLimits.KEPT.toMillis());
        return pool;
    }

    private static ProxyConfiguration.Proxy proxy(ProxyAddress address, Map<HostName, InetSocketAddress> direct) {
        final Origin.Address at = new Origin.Address(
                KnownAddresses.host(address.address()), address.address().getPort());
        final ProxyConfiguration.Proxy proxy =
                address.kind() == ProxyAddress.Kind.SOCKS5 ? new Socks5Proxy(at, false) : new HttpProxy(at, false);
        direct.values().forEach(host -> proxy.getExcludedAddresses().add(KnownAddresses.text(host)));
        return proxy;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for an end that was ordered
    public Fetched get(CablesAddress node, String path, int maxLength) {
        final InetSocketAddress direct = mapped.get(node.host());
        if (direct == null && !hasProxy) {
            return new Fetched.Unreachable("there is no proxy, and " + node.host() + " is not mapped to an address");
        }
        final Request request = direct == null
                ? client.newRequest(node.host().text(), PORT)
                : client.newRequest(KnownAddresses.host(direct), direct.getPort())
                        .headers(fields ->
                                fields.put(HttpHeader.HOST, node.host().text()));
        final BodyReader reader = new BodyReader(maxLength, limits, System.nanoTime());
        request.path("/" + node.user() + "/" + path)
                .idleTimeout(limits.idle().toMillis(), TimeUnit.MILLISECONDS)
                .timeout(reader.wholeMillis(), TimeUnit.MILLISECONDS)
                .send(reader);
        try {
            return reader.await();
        } catch (InterruptedException e) { // the node stops
            Thread.currentThread().interrupt();
            request.abort(e);
            return new Fetched.Unreachable("stopped");
        }
    }

    /** Ends it; requests that are under way fail. May be called again. */
    @Override
    public void close() {
        try {
            client.stop();
        } catch (Exception e) { // its threads are daemons
            LOG.warn("the HTTP client did not stop in order: {}", e.toString());
        }
    }
}
