package dev.cutlass.examples;

import dev.cutlass.examples.cables.CablesCommand;
import dev.cutlass.examples.chat.ChatCommand;
import dev.cutlass.examples.file.GetCommand;
import dev.cutlass.examples.file.ReceiveCommand;
import dev.cutlass.examples.file.SendCommand;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code cutlass} command. */
@Command(
        name = "cutlass",
        description = "Encrypted messages and files between peers, over UDP, without a server.",
        mixinStandardHelpOptions = true,
        version = "cutlass 0.1.0",
        subcommands = {
            DemoCommand.class,
            IdCommand.class,
            ChatCommand.class,
            SendCommand.class,
            ReceiveCommand.class,
            GetCommand.class,
            CablesCommand.class
        },
        footer = {"", "Start with: cutlass demo", "Then:       cutlass id, cutlass chat --help, cutlass send --help"})
public final class Main {
    /** All was done. */
    public static final int OK = 0;

    /** What was asked for could not be done, or not wholly; standard error says why. */
    public static final int FAILED = 1;

    /** The command line was wrong. */
    public static final int USAGE = 2;

    /** The other side refused it. */
    public static final int REFUSED = 3;

    /** The peer could not be reached. */
    public static final int UNREACHABLE = 4;

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** What {@link #main} does, without ending the JVM. */
    static int run(String... args) {
        final CommandLine line = new CommandLine(new Main());
        line.setOut(writer(Console.out()));
        line.setErr(writer(Console.err()));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof CommandFailure known) {
                Console.err().println("cutlass: " + known.getMessage());
                return known.exitCode();
            }
            throw failure; // a defect of ours: with its stack trace
        });
        if (args.length == 0) {
            line.usage(Console.err());
            return USAGE;
        }
        return line.execute(args);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }
}
