package dev.cutlass.net;

import dev.cutlass.spi.DatagramPort;
import dev.cutlass.spi.DatagramPortProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Opens the best port that works here: one of a provider if there is one, else {@link NioDatagramPort}. Any thread. */
public final class Ports {
    /** System property; {@value #NIO} as its value means that no provider is asked. */
    public static final String PROPERTY = "dev.cutlass.port";

    /** The JDK's own datagram channels. */
    public static final String NIO = "nio";

    private Ports() {}

    /**
     * Binds a port.
     *
     * @param address null: all
     * @param port 0: any
     * @throws IOException says what to do
     */
    public static DatagramPort open(@Nullable InetAddress address, int port) throws IOException {
        if (!NIO.equals(System.getProperty(PROPERTY))) {
            final DatagramPort better = ofProviders(address, port);
            if (better != null) {
                return better;
            }
        }
        return NioDatagramPort.open(address, port);
    }

    private static @Nullable DatagramPort ofProviders(@Nullable InetAddress address, int port) {
        try {
            // Beside us, wherever the thread that starts an engine may load its classes from.
            for (DatagramPortProvider provider :
                    ServiceLoader.load(DatagramPortProvider.class, Ports.class.getClassLoader())) {
                if (provider.canRun()) {
                    return provider.open(address, port);
                }
            }
        } catch (ServiceConfigurationError | LinkageError e) {
            return null; // as a class made for a newer JDK than this one
        } catch (IOException e) {
            return null; // if NIO cannot have the port either, it says why
        }
        return null;
    }
}
