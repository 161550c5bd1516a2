package dev.cutlass.examples.file;

import dev.cutlass.FileSettings;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.examples.CommandFailure;
import dev.cutlass.examples.EngineOptions;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cutlass get}: asks a peer for something that it shares, and waits until it is here. */
@Command(
        name = "get",
        description = "Gets a file or folder that a peer shares.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Where it is here stands on standard output, if that is not a terminal. After an",
            "interruption, of any kind and on either side, the same command goes on.",
            "Exit code: 0 all is here, 1 not, 3 refused by the other side, 4 not reachable."
        })
public final class GetCommand implements Callable<Integer> {
    @Mixin
    private final EngineOptions engine = new EngineOptions();

    @Parameters(paramLabel = "NAME", arity = "1", description = "What to get, folders with a slash between.")
    private String name = "";

    @Option(
            names = "--from",
            paramLabel = "ADDRESS",
            required = true,
            description = "From whom: cutlass:KEY@host:port, or host:port to trust whoever answers.")
    private String from = "";

    @Option(names = "--dir", paramLabel = "D", description = "Folder for it (default: the current one).")
    private Path dir = Path.of("");

    @Override
    public Integer call() throws CommandFailure {
        final PeerAddress address = Session.address(from);
        try (Identity self = engine.open();
                Session session =
                        Session.start(engine.builder(self, 0).files(FileSettings.outgoing()), Session.newView())) {
            final Peer peer = session.connect(address);
            session.follow(session.files().request(peer, name, dir.toAbsolutePath()));
            final int code = session.await();
            session.awaitReceipts(peer);
            return code;
        }
    }
}
