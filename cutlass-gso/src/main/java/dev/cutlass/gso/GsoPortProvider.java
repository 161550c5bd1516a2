package dev.cutlass.gso;

import dev.cutlass.spi.DatagramPort;
import dev.cutlass.spi.DatagramPortProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Offers ports on 64-bit Linux of the common machines, where native access was allowed ({@code --enable-native-access}): without that, newer JDKs warn, and a library that was
 * not asked for must not cause that. A kernel without segmentation offload (before 5.0) refuses when a port is opened.
 */
public final class GsoPortProvider implements DatagramPortProvider {
    /** Where the numbers and layouts of {@link Libc} and {@link Message} hold. */
    private static final Set<String> MACHINES = Set.of("amd64", "aarch64");

    /** For {@link java.util.ServiceLoader}. */
    public GsoPortProvider() {}

    @Override
    public boolean canRun() {
        return "Linux".equals(System.getProperty("os.name"))
                && MACHINES.contains(String.valueOf(System.getProperty("os.arch")))
                && GsoPortProvider.class.getModule().isNativeAccessEnabled();
    }

    @Override
    public DatagramPort open(@Nullable InetAddress address, int port) throws IOException {
        return GsoDatagramPort.open(address, port);
    }
}
