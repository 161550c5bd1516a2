package dev.cutlass.examples.file;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Questions to a person, one after the other, each answered by a line of standard input: y or yes, all else is no. After its end everything is no. {@link #ask} on any thread. */
final class Questions {
    private record Question(String text, Consumer<Boolean> answer) {}

    private final BlockingQueue<Question> waiting = new LinkedBlockingQueue<>();
    private final BufferedReader in;
    private final TransferView view;

    Questions(InputStream in, TransferView view) {
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        this.view = view;
        final Thread thread = new Thread(this::run, "cutlass-questions");
        thread.setDaemon(true); // it waits for a person who may have left
        thread.start();
    }

    /** @param answer hears it on a thread of this object */
    void ask(String text, Consumer<Boolean> answer) {
        waiting.add(new Question(text, answer));
    }

    private void run() {
        try {
            while (true) {
                final Question next = waiting.take();
                view.ask(next.text() + " [y/N]");
                final String line = readLine();
                view.answered();
                next.answer().accept(line != null && isYes(line));
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable String readLine() {
        try {
            return in.readLine();
        } catch (IOException gone) {
            return null; // the terminal is gone: as at its end
        }
    }

    private static boolean isYes(String line) {
        final String word = line.strip().toLowerCase(Locale.ROOT);
        return word.equals("y") || word.equals("yes");
    }
}
