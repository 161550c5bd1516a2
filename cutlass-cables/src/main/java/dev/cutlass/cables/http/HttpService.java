package dev.cutlass.cables.http;

import dev.cutlass.cables.exchange.Requests;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP service of a node: Jetty, told to say nothing of itself. Cables protocol section 7. It belongs behind an onion service or an I2P
 * tunnel, so bind it to loopback. Has threads of its own, named {@code cutlass-cables-http}; {@link #close} ends them.
 */
public final class HttpService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpService.class);
    private static final int SWEEP_MILLIS = 250;
    private static final int MIN_THREADS = 4;

    private final Server server;
    private final ServerConnector connector;
    private final Patience patience;

    private HttpService(Server server, ServerConnector connector, Patience patience) {
        this.server = server;
        this.connector = connector;
        this.patience = patience;
    }

    /**
     * Begins to answer.
     *
     * @param address port 0 for any that is free
     * @param clock wall-clock time, for the age of messages
     * @throws IOException if nothing can listen there; says where
     */
    public static HttpService start(Requests requests, InetSocketAddress address, InstantSource clock)
            throws IOException {
        return start(requests, address, clock, ServiceLimits.DEFAULT);
    }

    static HttpService start(Requests requests, InetSocketAddress address, InstantSource clock, ServiceLimits limits)
            throws IOException {
        if (address.isUnresolved()) {
            throw new IOException("cannot listen at " + address + ": the name has no address");
        }
        final QueuedThreadPool threads =
                new QueuedThreadPool(ServiceLimits.MAX_HANDLING + ServiceLimits.JETTY_THREADS, MIN_THREADS);
        threads.setName("cutlass-cables-http");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        final Server server = new Server(threads);
        final ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(plain())) {
            @Override
            protected SocketChannelEndPoint newEndPoint(
                    SocketChannel channel, ManagedSelector selector, SelectionKey key) {
                final SeenEndPoint endPoint = new SeenEndPoint(channel, selector, key, getScheduler());
                endPoint.setIdleTimeout(getIdleTimeout());
                return endPoint;
            }
        };
        ((HttpConnectionFactory) connector.getDefaultConnectionFactory())
                .setInputBufferSize(ServiceLimits.INPUT_BUFFER);
        connector.setHost(address.getAddress().getHostAddress());
        connector.setPort(address.getPort());
        connector.setIdleTimeout(limits.idle().toMillis());
        connector.setAcceptQueueSize(ServiceLimits.BACKLOG);
        final Patience patience = new Patience(limits, System::nanoTime);
        connector.addBean(patience);
        server.addConnector(connector);
        server.setHandler(new RequestHandler(requests, clock, patience, limits.maxSending()));
        server.setErrorHandler(new SilentErrors());
        server.setStopTimeout(0);
        threads.setStopTimeout(ServiceLimits.STOP.toMillis());
        final HttpService service = new HttpService(server, connector, patience);
        try {
            server.start();
        } catch (Exception e) { // Jetty's start may throw anything
            service.close();
            throw new IOException("cannot listen at " + address + ": " + e.getMessage(), e);
        }
        service.sweepLater();
        return service;
    }

    /** Only what the protocol document names: no Server, no Date; the target as it came, whatever is in it. */
    private static HttpConfiguration plain() {
        final HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(false);
        configuration.setSendXPoweredBy(false);
        configuration.setRequestHeaderSize(ServiceLimits.MAX_HEADER);
        configuration.setInputBufferSize(ServiceLimits.INPUT_BUFFER);
        configuration.setUriCompliance(UriCompliance.UNSAFE); // nothing here follows a path: it is compared
        return configuration;
    }

    private void sweepLater() {
        connector
                .getScheduler()
                .schedule(
                        () -> {
                            try {
                                patience.sweep();
                            } finally {
                                if (server.isRunning()) {
                                    sweepLater();
                                }
                            }
                        },
                        SWEEP_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress(connector.getHost(), connector.getLocalPort());
    }

    /** Connections at the moment. */
    public int connections() {
        return patience.connections();
    }

    /** Ends it; connections are cut. May be called again. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) { // what does not stop in order is stopped by its threads' end
            LOG.warn("the HTTP service did not stop in order: {}", e.toString());
        }
    }
}
