package dev.cutlass.cables;

import dev.cutlass.cables.exchange.Remote;
import dev.cutlass.cables.exchange.Requests;
import dev.cutlass.cables.http.HttpRemote;
import dev.cutlass.cables.http.HttpService;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;

/** HTTP, as the network has it. Any thread. */
final class HttpNetwork implements Network {
    private final HttpRemote remote;

    HttpNetwork(HttpRemote remote) {
        this.remote = remote;
    }

    @Override
    public Remote remote() {
        return remote;
    }

    @Override
    public Service serve(Requests requests, InetSocketAddress listen, InstantSource clock) throws IOException {
        final HttpService service = HttpService.start(requests, listen, clock);
        return new Service() {
            @Override
            public InetSocketAddress address() {
                return service.address();
            }

            @Override
            public void close() {
                service.close();
            }
        };
    }

    @Override
    public void close() {
        remote.close();
    }
}
