package dev.cutlass.bench;

import dev.cutlass.Cutlass;
import dev.cutlass.CutlassBuilder;
import dev.cutlass.crypto.Identity;
import java.io.IOException;
import java.net.InetAddress;

/** The other process of the round trips: bare echoes and engines that send back what comes. */
final class EchoServer {
    static final String ROLE = "echo-server";

    private EchoServer() {}

    /** Answers questions for ports. */
    static void serve() throws IOException {
        try (BareEcho blocking = BareEcho.start(false);
                BareEcho selecting = BareEcho.start(true);
                Identity first = Identity.generate();
                Identity second = Identity.generate();
                Cutlass direct = engine(first).handlerExecutor(Runnable::run).start();
                Cutlass executor = engine(second).start()) {
            Worker.answerAll(question -> switch (question) {
                case "blocking" -> Integer.toString(port(blocking));
                case "selecting" -> Integer.toString(port(selecting));
                case "direct" -> address(direct);
                case "executor" -> address(executor);
                default -> throw new IllegalArgumentException(question);
            });
        }
    }

    private static CutlassBuilder engine(Identity identity) {
        return Cutlass.builder()
                .identity(identity)
                .bind(InetAddress.getLoopbackAddress())
                .anyPort()
                .onMessage((peer, message) -> peer.send(message));
    }

    private static int port(BareEcho echo) {
        try {
            return echo.port();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String address(Cutlass cutlass) {
        return dev.cutlass.PeerAddress.of(
                        cutlass.id(), new dev.cutlass.PeerAddress.Place("127.0.0.1", cutlass.localPort()))
                .text();
    }
}
