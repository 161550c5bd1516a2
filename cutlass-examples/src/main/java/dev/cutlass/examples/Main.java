package dev.cutlass.examples;

import dev.cutlass.examples.chat.ChatCommand;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code cutlass} command. */
@Command(
        name = "cutlass",
        description = "Encrypted messages between peers, over UDP, without a server.",
        mixinStandardHelpOptions = true,
        version = "cutlass 0.1.0",
        subcommands = {DemoCommand.class, IdCommand.class, ChatCommand.class},
        footer = {"", "Start with: cutlass demo", "Then:       cutlass id, cutlass chat --help"})
public final class Main {
    /** All was done. */
    public static final int OK = 0;

    /** What was asked for could not be done, or not wholly; standard error says why. */
    public static final int FAILED = 1;

    /** The command line was wrong. */
    public static final int USAGE = 2;

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
            if (failure instanceof CommandFailure) {
                Console.err().println("cutlass: " + failure.getMessage());
                return FAILED;
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
