package dev.cutlass.testkit;

import dev.cutlass.Cutlass;
import dev.cutlass.CutlassBuilder;
import dev.cutlass.PeerAddress;
import dev.cutlass.engine.EngineSeams;
import dev.cutlass.engine.Handle;
import dev.cutlass.fixtures.Participant;
import dev.cutlass.fixtures.SimHost;
import dev.cutlass.fixtures.SimNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An engine without threads on a simulated host: the simulation gives it its turns. */
final class SimPlace implements TestPeer.Place, Participant {
    private final SimNetwork network;
    private final SimHost host;
    private final Map<String, SimHost> names;
    private final SecureRandom random;
    private @Nullable Handle handle;
    private @Nullable SimDatagramPort port;

    /** @param names what the simulation's name service knows */
    SimPlace(SimNetwork network, SimHost host, Map<String, SimHost> names, SecureRandom random) {
        this.network = network;
        this.host = host;
        this.names = names;
        this.random = random;
    }

    @Override
    public void prepare(CutlassBuilder builder) {
        builder.handlerExecutor(Runnable::run)
                .seams(new EngineSeams(
                        this::open,
                        network::nanos,
                        host.wallClock(),
                        random,
                        this::resolve,
                        true,
                        opened -> handle = opened));
    }

    private SimDatagramPort open(@Nullable InetAddress address, int number) throws IOException {
        final SimDatagramPort opened = new SimDatagramPort(host, number);
        port = opened;
        host.attach(this);
        return opened;
    }

    private List<InetAddress> resolve(String name) throws UnknownHostException {
        final SimHost found = names.get(name);
        return found == null ? List.of(InetAddress.getByAddress(literal(name))) : List.of(found.address());
    }

    /** Names are resolved by the simulation, never by this machine: what is not among them must be an address already. */
    private static byte[] literal(String name) throws UnknownHostException {
        if (!name.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            throw new UnknownHostException(name);
        }
        return InetAddress.getByName(name).getAddress();
    }

    @Override
    public SimHost host() {
        return host;
    }

    @Override
    public PeerAddress.Place address(Cutlass cutlass) {
        return new PeerAddress.Place(host.address().getHostAddress(), cutlass.localPort());
    }

    @Override
    public void crash() {
        if (handle != null) {
            handle.turns().abandon();
        }
        detach();
        if (port != null) {
            port.close();
        }
    }

    @Override
    public void closed() {
        final Handle closed = handle;
        detach();
        // So each test is a leak test, too. A handler that closed the engine may still be within one of its turns; then
        // this says nothing.
        if (closed != null
                && (closed.turns().connections() != 0 || closed.turns().nextDeadline() != NONE)) {
            throw new AssertionError("the closed engine keeps " + closed.turns().connections()
                    + " connections, and its next deadline is " + closed.turns().nextDeadline());
        }
    }

    private void detach() {
        host.detach(this);
        handle = null;
    }

    @Override
    public int connections() {
        return handle == null ? 0 : handle.turns().connections();
    }

    @Override
    public long nextDeadline() {
        if (handle == null) {
            return NONE;
        }
        return port != null && port.wantsTurn()
                ? network.nanos()
                : Math.max(network.nanos(), handle.turns().nextDeadline());
    }

    @Override
    public void turn(long now) {
        if (port != null) {
            port.takeWakeup();
        }
        if (handle != null) {
            handle.turns().listener(now);
        }
        if (handle != null) { // a handler may have closed the engine
            handle.turns().housekeeping(now);
        }
    }
}
