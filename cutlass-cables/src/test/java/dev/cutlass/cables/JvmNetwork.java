package dev.cutlass.cables;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.HostName;
import dev.cutlass.cables.exchange.Answer;
import dev.cutlass.cables.exchange.Remote;
import dev.cutlass.cables.exchange.Requests;
import dev.cutlass.cables.queue.MemoryVolume;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Joins nodes of one JVM by calls. */
final class JvmNetwork {
    private record Served(Requests requests, InstantSource clock) {}

    private final Map<HostName, Served> served = new ConcurrentHashMap<>();

    /** The network as the node at this host has it. */
    Network of(HostName host) {
        return new Network() {
            @Override
            public Remote remote() {
                return JvmNetwork.this::get;
            }

            @Override
            public Service serve(Requests requests, InetSocketAddress listen, InstantSource clock) {
                final Served mine = new Served(requests, clock);
                served.put(host, mine);
                return new Service() {
                    @Override
                    public InetSocketAddress address() {
                        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
                    }

                    @Override
                    public void close() {
                        served.remove(host, mine);
                    }
                };
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
    }

    private Remote.Fetched get(CablesAddress node, String path, int maxLength) {
        final Served there = served.get(node.host());
        if (there == null) {
            return new Remote.Fetched.Unreachable("nobody there");
        }
        final Answer answer;
        try {
            answer = there.requests()
                    .answer("/" + node.user() + "/" + path, there.clock().instant());
        } catch (MemoryVolume.Crash e) {
            return new Remote.Fetched.Unreachable("died");
        }
        if (answer instanceof Answer.File file) {
            return file.bytes().length <= maxLength
                    ? new Remote.Fetched.Body(file.bytes())
                    : new Remote.Fetched.Unreachable("too long");
        } else if (answer instanceof Answer.Done) {
            return new Remote.Fetched.Body("LIBERTE CABLE 3.0\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        return new Remote.Fetched.Status(
                answer instanceof Answer.Missing ? 404 : answer instanceof Answer.Refused ? 500 : 403);
    }
}
