package dev.cutlass.examples.file;

import dev.cutlass.FileSettings;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.examples.CommandFailure;
import dev.cutlass.examples.EngineOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cutlass send}: offers files and folders to a peer, and waits until they are there. */
@Command(
        name = "send",
        description = "Sends files and folders to a peer.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Ends when all is there, verified and on the other side's disk. After an",
            "interruption, of any kind and on either side, the same command goes on.",
            "Exit code: 0 all arrived, 1 something did not, 3 refused by the other side,",
            "4 not reachable."
        })
public final class SendCommand implements Callable<Integer> {
    @Mixin
    private final EngineOptions engine = new EngineOptions();

    @Parameters(paramLabel = "FILE|DIR", arity = "1..*", description = "What to send.")
    private List<Path> paths = new ArrayList<>();

    @Option(
            names = "--to",
            paramLabel = "ADDRESS",
            required = true,
            description = "To whom: cutlass:KEY@host:port, or host:port to trust whoever answers.")
    private String to = "";

    @Override
    public Integer call() throws CommandFailure {
        final PeerAddress address = Session.address(to);
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw new CommandFailure(path + ": there is no such file or folder");
            }
        }
        try (Identity self = engine.open();
                Session session =
                        Session.start(engine.builder(self, 0).files(FileSettings.outgoing()), Session.newView())) {
            final Peer peer = session.connect(address);
            for (Path path : paths) {
                session.follow(session.files().send(peer, path));
            }
            return session.await();
        }
    }
}
