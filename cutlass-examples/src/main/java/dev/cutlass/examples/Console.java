package dev.cutlass.examples;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Standard output and standard error in UTF-8, whatever the machine's default: a chat between two machines should not depend on either's. */
public final class Console {
    private static final PrintStream OUT =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    private static final PrintStream ERR =
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);

    private Console() {}

    public static PrintStream out() {
        return OUT;
    }

    public static PrintStream err() {
        return ERR;
    }

    /**
     * A stranger's text, fit for a terminal: control characters, which could move the cursor or change the title, and characters that turn the direction of
     * writing become U+FFFD; line ends and tabs become spaces.
     */
    public static String harmless(String text) {
        final StringBuilder harmless = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\n' || c == '\t') {
                harmless.append(' ');
            } else if (c == '\r') {
                return; // the first half of a line end
            } else if (Character.isISOControl(c) || turnsDirection(c)) {
                harmless.append('\ufffd');
            } else {
                harmless.appendCodePoint(c);
            }
        });
        return harmless.toString();
    }

    /** How many of something, for people: "1 message", "2 messages". */
    public static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private static boolean turnsDirection(int c) {
        return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    }
}
