package dev.cutlass.examples.cables;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cutlass cables}: mail between hidden services. */
@Command(
        name = "cables",
        description = "Mail between hidden services (Tor, I2P), that waits until the other side is there.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = SysExits.USAGE,
        exitCodeOnExecutionException = SysExits.SOFTWARE,
        subcommands = {
            InitCommand.class,
            RunCommand.class,
            SendCommand.class,
            PingCommand.class,
            IdCommand.class,
            StatusCommand.class
        },
        footer = {"", "Start with: cutlass cables init --home DIR --host NAME.onion", "docs/cables.md has the rest."})
public final class CablesCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which? init, run, send, ping, id or status");
    }
}
