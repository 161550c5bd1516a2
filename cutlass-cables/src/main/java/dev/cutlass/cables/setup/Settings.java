package dev.cutlass.cables.setup;

import dev.cutlass.cables.address.HostName;
import dev.cutlass.cables.exchange.Limits;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code cables.properties} says.
 *
 * @param hosts under which we can be reached; the first is the usual one
 * @param listen where the service listens
 * @param httpProxy through which we reach others; {@code null} if not through one of this kind
 * @param socks5 likewise; at most one of the two
 * @param smtp where local programs submit mail; {@code null} for nowhere
 * @param torControl Tor's control port, where our onion service is made; {@code null} if it is not made by us
 * @param retry around this time a message is tried again
 * @param queues the directory in which the two queues are; {@code null} for the home folder
 * @param maildir where mail goes; {@code null} for the one in the home folder, unless {@code mh} is given
 * @param mh a folder of MH where mail goes
 * @param limits what is put up with
 */
public record Settings(
        List<HostName> hosts,
        @Nullable InetSocketAddress listen,
        @Nullable InetSocketAddress httpProxy,
        @Nullable InetSocketAddress socks5,
        @Nullable InetSocketAddress smtp,
        @Nullable InetSocketAddress torControl,
        Duration retry,
        @Nullable Path queues,
        @Nullable Path maildir,
        @Nullable Path mh,
        Limits limits) {
    /** Cables protocol section 12. */
    public static final Duration DEFAULT_RETRY = Duration.ofSeconds(150);

    /** Of the retry time: less would be a burden for others, more would hardly ever try within the age of a message. */
    public static final Duration MIN_RETRY = Duration.ofMillis(100);

    /** See {@link #MIN_RETRY}. */
    public static final Duration MAX_RETRY = Duration.ofDays(1);

    /** Of the age after which a message is given up. */
    public static final Duration MIN_AGE = Duration.ofSeconds(10);

    /** See {@link #MIN_AGE}: other nodes give up after a week, unless they are told otherwise. */
    public static final Duration MAX_AGE = Duration.ofDays(365);

    /** What a home folder has at first. */
    public static Settings of(List<HostName> hosts) {
        return new Settings(
                List.copyOf(hosts), null, null, null, null, null, DEFAULT_RETRY, null, null, null, Limits.DEFAULT);
    }
}
