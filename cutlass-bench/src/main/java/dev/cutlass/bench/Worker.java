package dev.cutlass.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Another process of this program, which answers each line with a line and ends when its input does. One thread.
 */
public final class Worker implements AutoCloseable {
    private static final int EXIT_SECONDS = 10;

    private final Process process;
    private final PrintStream questions;
    private final BufferedReader answers;

    private Worker(Process process) {
        this.process = process;
        this.questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts a role of {@link Main} in a JVM with these flags. */
    public static Worker start(List<String> flags, String... words) throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(words));
        return new Worker(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    public String ask(String question) throws IOException {
        questions.println(question);
        final String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the other process ended at: " + question);
        }
        return answer;
    }

    public long askNumber(String question) throws IOException {
        return Long.parseLong(ask(question));
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() throws IOException {
        questions.close();
        try {
            if (!process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        answers.close();
    }

    /** The other side: answers until the input ends. */
    public static void answerAll(Function<String, String> answer) throws IOException {
        final BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        final PrintStream answers = System.out;
        System.setOut(System.err); // what a library prints is no answer
        for (String question = questions.readLine(); question != null; question = questions.readLine()) {
            answers.println(answer.apply(question));
            answers.flush();
        }
    }
}
