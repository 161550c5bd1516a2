package dev.cutlass.net;

import dev.cutlass.spi.DatagramPort;
import java.io.IOException;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

final class NioDatagramPortTest extends DatagramPortContract {
    @Override
    protected DatagramPort open(@Nullable InetAddress address, int port) throws IOException {
        return NioDatagramPort.open(address, port);
    }
}
