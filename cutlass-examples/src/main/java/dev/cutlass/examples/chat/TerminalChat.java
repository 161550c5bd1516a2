package dev.cutlass.examples.chat;

import dev.cutlass.PeerAddress;
import dev.cutlass.event.Message;
import dev.cutlass.examples.Console;
import dev.cutlass.examples.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jspecify.annotations.Nullable;

/**
 * The chat of a person: line editing, history (in memory only: what was said is not for the disk), completion, marks for what has arrived. {@link #run} on one
 * thread, the rest on any; JLine prints above the line that is being edited.
 */
final class TerminalChat implements ChatView, AutoCloseable {
    /** A person who wants to leave does not wait longer. */
    private static final long PATIENCE_SECONDS = 3;

    /** Other lines stand between a message and its mark by then: the mark says which message it is for. */
    private static final long SLOW_MILLIS = 1_000;

    private static final String PROMPT = "> ";

    private static final AttributedStyle DIM = AttributedStyle.DEFAULT.faint();
    private static final AttributedStyle BOLD = AttributedStyle.DEFAULT.bold();
    private static final AttributedStyle ALARM = AttributedStyle.DEFAULT.foreground(AttributedStyle.RED);

    private final Terminal terminal;
    private @Nullable LineReader reader;

    TerminalChat() throws IOException {
        terminal = TerminalBuilder.builder()
                .system(true)
                .encoding(StandardCharsets.UTF_8)
                .build();
    }

    /** Talks until the person leaves. */
    int run(ChatRoom room, List<PeerAddress> addresses) {
        final ChatCommands commands = new ChatCommands(room, this);
        final LineReader lines = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("cutlass")
                .completer(new NameCompleter(room))
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true) // "!" is for people, not for history expansion
                .option(LineReader.Option.ERASE_LINE_ON_FINISH, true) // what was said is printed again with its mark
                .option(LineReader.Option.HISTORY_IGNORE_SPACE, false)
                .build();
        reader = lines;
        notice("you are " + room.cutlass().id().text());
        notice("fingerprint " + room.cutlass().id().fingerprint() + ", " + room.where());
        notice("/help lists the commands; whatever else you type goes to everybody who is here");
        for (PeerAddress address : addresses) {
            notice("calling " + Console.harmless(address.text()));
            room.connect(address);
        }
        while (!commands.wantsToQuit()) {
            final String line;
            try {
                line = lines.readLine(PROMPT);
            } catch (UserInterruptException interrupted) {
                if (interrupted.getPartialLine() == null
                        || interrupted.getPartialLine().isEmpty()) {
                    break;
                }
                continue; // Ctrl-C first gives up the line, then the talk
            } catch (EndOfFileException end) {
                break;
            }
            if (line.startsWith("/")) {
                commands.run(line);
            } else if (!line.isBlank()) {
                say(room, line);
            }
        }
        return leave(room);
    }

    private void say(ChatRoom room, String line) {
        if (line.getBytes(StandardCharsets.UTF_8).length > Message.MAX_LENGTH) {
            warning("too long: a message has at most " + Message.MAX_LENGTH + " bytes");
        } else {
            print(new AttributedStringBuilder().append("you: ", BOLD).append(line));
            if (!room.say(line)) {
                warning("nobody is here to hear it: /connect ADDRESS calls somebody, /peers shows who was here");
            }
        }
    }

    /** What was said last may still be on its way. */
    private int leave(ChatRoom room) {
        try {
            if (room.tally().open() > 0) {
                notice("waiting for " + Console.count(room.tally().open(), "receipt"));
                if (!room.tally().awaitFewerThan(1, PATIENCE_SECONDS)) {
                    warning("not confirmed: " + Console.count(room.tally().open(), "message"));
                    return Main.FAILED;
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return Main.OK;
    }

    @Override
    public void message(String nick, String text) {
        print(new AttributedStringBuilder().append(nick + ": ", BOLD).append(Console.harmless(text)));
    }

    @Override
    public void notice(String text) {
        print(new AttributedStringBuilder().append("* " + text, DIM));
    }

    @Override
    public void warning(String text) {
        print(new AttributedStringBuilder().append("! " + text, ALARM));
    }

    @Override
    public void delivered(String nick, String text, long millis) {
        print(new AttributedStringBuilder()
                .append("  \u2713 " + nick, DIM)
                .append(
                        millis < SLOW_MILLIS ? "" : " (" + ChatRoom.excerpt(text) + ", after " + seconds(millis) + ")",
                        DIM));
    }

    private static String seconds(long millis) {
        return millis / 1_000 + " s";
    }

    @Override
    public void failed(String nick, String text, String why) {
        print(new AttributedStringBuilder()
                .append("  \u2717 " + nick + " (" + why + "): " + ChatRoom.excerpt(text), ALARM));
    }

    /** Something with several lines, as a help page. */
    void page(String text) {
        print(new AttributedStringBuilder().append(text));
    }

    private void print(AttributedStringBuilder text) {
        final AttributedString line = text.toAttributedString();
        final LineReader lines = reader;
        if (lines != null) {
            lines.printAbove(line);
        } else {
            line.println(terminal);
            terminal.flush();
        }
    }

    @Override
    public void close() throws IOException {
        reader = null;
        terminal.close();
    }
}
