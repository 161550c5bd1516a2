package dev.cutlass.cables.http;

import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.exchange.Limits;
import dev.cutlass.cables.exchange.NodeDisk;
import dev.cutlass.cables.exchange.Requests;
import dev.cutlass.cables.pki.OwnKeys;
import dev.cutlass.cables.queue.Books;
import dev.cutlass.cables.queue.MessageLocks;
import dev.cutlass.cables.queue.MessageQueue;
import dev.cutlass.cables.queue.RealVolume;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The service of a node on a disk. */
final class ServedNode implements AutoCloseable {
    static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final OwnKeys KEYS = OwnKeys.create(OwnKeys.MIN_BITS, new SecureRandom(), NOW);

    final OwnKeys keys = KEYS;
    final NodeDisk disk;
    final HttpService service;
    final List<MessageId> woken = new CopyOnWriteArrayList<>();

    ServedNode(Path home, ServiceLimits limits) throws IOException {
        this(home, limits, ANY);
    }

    ServedNode(Path home, ServiceLimits limits, InetSocketAddress at) throws IOException {
        final RealVolume volume = new RealVolume();
        volume.createDirectory(home.resolve("queue"));
        volume.createDirectory(home.resolve("rqueue"));
        disk = new NodeDisk(
                new MessageQueue(volume, home.resolve("queue")),
                new MessageQueue(volume, home.resolve("rqueue")),
                new MessageLocks(),
                new MessageLocks(),
                Books.open(volume, home.resolve("books")));
        final Requests.Wake wake = new Requests.Wake() {
            @Override
            public void outgoing(MessageId id) {
                woken.add(id);
            }

            @Override
            public void incoming(MessageId id) {
                woken.add(id);
            }
        };
        service = HttpService.start(new Requests(keys, disk, Limits.DEFAULT, wake), at, () -> NOW, limits);
    }

    /** {@code /USER/...} */
    String path(String below) {
        return "/" + keys.user() + "/" + below;
    }

    Raw connect() throws IOException {
        return new Raw(service.address());
    }

    /** One request that the service must answer and then end, or that the client ends. */
    String get(String target) throws IOException {
        return ask("GET " + target + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    }

    String ask(String request) throws IOException {
        try (Raw raw = connect()) {
            return raw.sendUntilCutOff(request).readAll();
        }
    }

    @Override
    public void close() {
        service.close();
    }
}
