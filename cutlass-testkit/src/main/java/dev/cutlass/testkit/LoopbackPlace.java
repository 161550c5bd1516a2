package dev.cutlass.testkit;

import dev.cutlass.Cutlass;
import dev.cutlass.CutlassBuilder;
import dev.cutlass.PeerAddress;
import dev.cutlass.fixtures.SimHost;
import java.net.InetAddress;

/** An engine with its threads and a real socket on the loopback address. */
final class LoopbackPlace implements TestPeer.Place {
    private int port;

    @Override
    public void prepare(CutlassBuilder builder) {
        builder.bind(InetAddress.getLoopbackAddress());
        if (port == 0) {
            builder.anyPort();
        } else {
            builder.port(port); // after a restart others find it where it was
        }
    }

    @Override
    public SimHost host() {
        throw new IllegalStateException("over loopback there is no simulated host");
    }

    @Override
    public void crash() {
        throw new IllegalStateException(
                "a crash can be simulated only: use TestNetwork.simulated, or a process of its own");
    }

    @Override
    public int connections() {
        throw new IllegalStateException("connections can be counted in a simulation only");
    }

    @Override
    public void closed() {}

    @Override
    public PeerAddress.Place address(Cutlass cutlass) {
        port = cutlass.localPort();
        return new PeerAddress.Place(InetAddress.getLoopbackAddress().getHostAddress(), port);
    }
}
