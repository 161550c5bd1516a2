package dev.cutlass.examples;

import dev.cutlass.Cutlass;
import dev.cutlass.CutlassBuilder;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of every command that runs an engine: whose identity, under which name, at which place. */
public final class EngineOptions {
    @Mixin
    private final IdentityOptions identity = new IdentityOptions();

    @Option(names = "--nick", paramLabel = "N", description = "How you call yourself (default: your login name).")
    private String nick = System.getProperty("user.name", "");

    @Option(
            names = "--port",
            paramLabel = "P",
            description = "UDP port; 0: only you call others, nobody can call you. Default: " + PeerAddress.DEFAULT_PORT
                    + " for chat and receive, 0 for send and get.")
    private @Nullable Integer port;

    @Option(names = "--bind", paramLabel = "A", description = "Local address to use (default: all).")
    private @Nullable String bind;

    /** Opens the identity, or creates it. */
    public Identity open() throws CommandFailure {
        return identity.open();
    }

    /** The UDP port. */
    public int port(int byDefault) {
        return port == null ? byDefault : port;
    }

    /** A builder with all of this set. */
    public CutlassBuilder builder(Identity self, int defaultPort) throws CommandFailure {
        try {
            final CutlassBuilder builder = Cutlass.builder()
                    .identity(self)
                    .home(identity.home())
                    .nick(nick)
                    .port(port(defaultPort));
            return bind == null ? builder : builder.bind(bindAddress(bind));
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailure(wrong);
        }
    }

    /** Starts it; what cannot be is told as a person understands it. */
    public static Cutlass start(CutlassBuilder builder) throws CommandFailure {
        try {
            return builder.start();
        } catch (IllegalArgumentException | IOException failure) {
            throw new CommandFailure(failure);
        }
    }

    /** Where others can reach the engine, for a person. */
    public String where(Cutlass cutlass, int defaultPort) {
        return port(defaultPort) == 0 ? "outbound only" : "UDP port " + cutlass.localPort();
    }

    private static InetAddress bindAddress(String text) throws CommandFailure {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException unknown) {
            throw new CommandFailure(
                    "--bind " + text + ": no such address; it must be one of this machine, as 127.0.0.1 or ::1");
        }
    }
}
