package dev.cutlass.spi;

import java.io.IOException;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Offers ports that are better than those of the JDK on some machines. Found by {@link java.util.ServiceLoader}; whoever has it on the class path or the module path, and runs
 * where it can run, uses it. Any thread.
 */
public interface DatagramPortProvider {
    /** Whether its ports work here. Neither throws nor prints a warning. */
    boolean canRun();

    /**
     * Binds a port. If that fails, the JDK's own port is tried, which explains what is wrong if it fails, too.
     *
     * @param address null: all
     * @param port 0: any
     * @throws IOException if this port cannot be had
     */
    DatagramPort open(@Nullable InetAddress address, int port) throws IOException;
}
