package dev.cutlass.bench;

import dev.cutlass.Cutlass;
import dev.cutlass.CutlassBuilder;
import dev.cutlass.FileOffer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The other host of {@link BesideBench}: sends messages back, takes bulk and files and keeps none of them, and returns a file for a file. */
final class BesideServer implements AutoCloseable {
    /** Of the bulk channel. */
    static final String SERVICE = "dev.cutlass.bench.beside";

    static final int VERSION = 1;

    private final Identity identity = Identity.generate();
    private final Cutlass cutlass;

    private BesideServer(InetAddress bind, int port) throws IOException {
        final CutlassBuilder builder = Cutlass.builder()
                .identity(identity)
                .bind(bind)
                .onMessage((peer, message) -> peer.send(message))
                .service(SERVICE, VERSION, (channel, message) -> {})
                .files(FilesEachWay.settings())
                .onFileOffer(this::returnFile);
        cutlass = (port == 0 ? builder.anyPort() : builder.port(port)).start();
    }

    private void returnFile(FileOffer offer) {
        FilesEachWay.take(offer);
        FilesEachWay.send(cutlass, offer.peer(), offer.length());
    }

    /** @param port 0: any */
    static BesideServer start(InetAddress bind, int port) throws IOException {
        return new BesideServer(bind, port);
    }

    /** Serves until the process ends. */
    static void run(List<String> given) throws IOException, InterruptedException {
        final Options options = new Options(given, "host", "port");
        final int port = options.number("port", PeerAddress.DEFAULT_PORT);
        try (BesideServer server = start(InetAddress.getByName("0.0.0.0"), port)) {
            System.out.println(server.address(options.text("host", "127.0.0.1")));
            new CountDownLatch(1).await();
        }
    }

    /** How clients find it, if it is found under this name or address. */
    String address(String host) {
        return PeerAddress.of(cutlass.id(), new PeerAddress.Place(host, cutlass.localPort()))
                .text();
    }

    @Override
    public void close() {
        cutlass.close();
        identity.close();
    }
}
