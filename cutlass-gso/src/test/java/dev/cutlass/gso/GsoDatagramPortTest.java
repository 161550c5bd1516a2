package dev.cutlass.gso;

import dev.cutlass.net.DatagramPortContract;
import dev.cutlass.net.Ports;
import dev.cutlass.spi.DatagramPort;
import java.io.IOException;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;

/** What the NIO port does, this one does, too: the same tests. */
final class GsoDatagramPortTest extends DatagramPortContract {
    /** The way an engine opens it: what went wrong is explained there. */
    @Override
    protected DatagramPort open(@Nullable InetAddress address, int port) throws IOException {
        return Assertions.assertInstanceOf(GsoDatagramPort.class, Ports.open(address, port));
    }
}
