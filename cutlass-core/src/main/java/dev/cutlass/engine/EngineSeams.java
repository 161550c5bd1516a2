package dev.cutlass.engine;

import dev.cutlass.net.Ports;
import dev.cutlass.spi.DatagramPort;
import dev.cutlass.spi.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the engine needs of the machine. Tests put a simulated network, a virtual clock and a seed in its place.
 *
 * @param stepwise no threads are started: whoever made these calls the turns of the handle ({@link EngineTurns}), and
 *     names and files are looked up at once, on the caller's thread
 * @param opened hears of the handle before the engine starts; null: nobody
 */
public record EngineSeams(
        PortFactory ports,
        Ticker ticker,
        InstantSource clock,
        SecureRandom random,
        Resolver resolver,
        boolean stepwise,
        @Nullable Opened opened) {
    /** Binds a port. */
    @FunctionalInterface
    public interface PortFactory {
        /** Binds; port 0 means any, no address all. */
        DatagramPort open(@Nullable InetAddress address, int port) throws IOException;
    }

    /** Finds the addresses of a name; may block. */
    @FunctionalInterface
    public interface Resolver {
        List<InetAddress> resolve(String host) throws UnknownHostException;
    }

    /** Hears of a new handle. */
    @FunctionalInterface
    public interface Opened {
        void onOpened(Handle handle);
    }

    /** The machine as it is. */
    public static EngineSeams real() {
        return new EngineSeams(
                Ports::open,
                new SystemTicker(),
                InstantSource.system(),
                new SecureRandom(),
                host -> List.of(InetAddress.getAllByName(host)),
                false,
                null);
    }

    /** The address of a place that was resolved. */
    static InetSocketAddress at(InetAddress address, int port) {
        return new InetSocketAddress(address, port);
    }
}
