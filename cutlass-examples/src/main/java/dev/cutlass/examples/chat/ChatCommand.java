package dev.cutlass.examples.chat;

import dev.cutlass.Cutlass;
import dev.cutlass.CutlassBuilder;
import dev.cutlass.FileSettings;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.event.FilePolicy;
import dev.cutlass.event.TrustPolicy;
import dev.cutlass.examples.CommandFailure;
import dev.cutlass.examples.Console;
import dev.cutlass.examples.EngineOptions;
import dev.cutlass.examples.Terminals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cutlass chat}: a chat client, for people at a terminal and for scripts. */
@Command(
        name = "chat",
        description = "Talks with peers.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "If standard input is not a terminal, every line of it goes to the connected",
            "peers (the first lines wait until somebody is connected), what arrives is",
            "printed as \"nick: text\" on standard output, and the end of input waits for the",
            "receipts. The exit code is 0 only if everything was delivered."
        })
public final class ChatCommand implements Callable<Integer> {
    @Mixin
    private final EngineOptions engine = new EngineOptions();

    @Option(
            names = "--stealth",
            description =
                    "Answer only who knows your address, and call others likewise: who scans for Cutlass gets no byte.")
    private boolean stealth;

    @Option(
            names = "--connect",
            paramLabel = "ADDRESS",
            arity = "1..*",
            description = "Call this address: cutlass:KEY@host:port, or host:port to trust whoever answers.")
    private List<String> connect = new ArrayList<>();

    @Option(
            names = "--trust",
            paramLabel = "POLICY",
            description = "Who is admitted: accept-new (default), ask, or known-only.",
            converter = TrustPolicyConverter.class)
    private TrustPolicy trust = TrustPolicy.ACCEPT_NEW;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description =
                    "How long lines wait for somebody to be connected, and, at the end of input, for receipts (default ${DEFAULT-VALUE}).")
    private int waitSeconds = 60;

    @Override
    public Integer call() throws CommandFailure {
        final List<PeerAddress> addresses = addresses();
        try (Identity self = engine.open()) {
            return Terminals.inputIsTerminal() ? talk(self, addresses) : relay(self, addresses);
        } catch (IOException failure) {
            throw new CommandFailure(failure);
        }
    }

    private int talk(Identity self, List<PeerAddress> addresses) throws IOException, CommandFailure {
        try (TerminalChat terminal = new TerminalChat()) {
            final RoomEvents events = new RoomEvents(terminal);
            try (Cutlass cutlass = EngineOptions.start(builder(self, events)
                    .files(FileSettings.into(ChatFiles.folder()).policy(FilePolicy.ASK))
                    .onFileOffer(events::offered))) {
                final ChatRoom room = new ChatRoom(cutlass, terminal, where(cutlass), stealth);
                events.room(room);
                return terminal.run(room, addresses);
            }
        }
    }

    private int relay(Identity self, List<PeerAddress> addresses) throws IOException, CommandFailure {
        final PipeChat pipe = new PipeChat(System.in, Console.out(), Console.err(), !Terminals.outputIsTerminal());
        final RoomEvents events = new RoomEvents(pipe);
        try (Cutlass cutlass = EngineOptions.start(builder(self, events))) {
            final ChatRoom room = new ChatRoom(cutlass, pipe, where(cutlass), stealth);
            events.room(room);
            return pipe.run(room, addresses, events.arrivals(), waitSeconds);
        }
    }

    private CutlassBuilder builder(Identity self, RoomEvents events) throws CommandFailure {
        return engine.builder(self, PeerAddress.DEFAULT_PORT)
                .stealth(stealth)
                .trustPolicy(trust)
                .onMessage(events::message)
                .onConnectionRequest(events::asked)
                .listener(events);
    }

    private String where(Cutlass cutlass) {
        return engine.where(cutlass, PeerAddress.DEFAULT_PORT);
    }

    private List<PeerAddress> addresses() throws CommandFailure {
        final List<PeerAddress> addresses = new ArrayList<>();
        for (String text : connect) {
            addresses.add(address(text, stealth));
        }
        return addresses;
    }

    /** An address as a person typed it. A stealth chat dials by stealth, so that it shows nothing to the network either. */
    static PeerAddress address(String text, boolean stealth) throws CommandFailure {
        try {
            final PeerAddress address = PeerAddress.parse(text);
            return stealth ? address.withStealth() : address;
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailure(wrong);
        }
    }
}
