package dev.cutlass.examples;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;

/** Whether a person is there. */
public final class Terminals {
    /** JLine's ways to ask the system: its own native code, else the programs that every Unix has. */
    private static final List<String> PROVIDERS = List.of("jni", "exec");

    private Terminals() {}

    /** Whether standard input is a terminal. */
    public static boolean inputIsTerminal() {
        return isTerminal(SystemStream.Input);
    }

    /** Whether standard output is a terminal. */
    public static boolean outputIsTerminal() {
        return isTerminal(SystemStream.Output);
    }

    /** Whether standard error is a terminal. */
    public static boolean errorIsTerminal() {
        return isTerminal(SystemStream.Error);
    }

    @SuppressWarnings("SystemConsoleNull") // the last resort, on a system that JLine does not know
    private static boolean isTerminal(SystemStream stream) {
        for (String name : PROVIDERS) {
            final Optional<Boolean> answer = ask(name, stream);
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        return System.console() != null;
    }

    private static Optional<Boolean> ask(String provider, SystemStream stream) {
        try {
            return Optional.of(TerminalProvider.load(provider).isSystemStream(stream));
        } catch (IOException | LinkageError notHere) {
            return Optional.empty(); // not on this system
        }
    }
}
