package dev.cutlass.bench.compare;

import dev.cutlass.bench.Worker;
import java.io.IOException;

/** The inner side of a {@link WorkerPair}: answers questions, one after the other. One thread. */
abstract class WorkerAnswers {
    /** Begins the answer to what could not be done. */
    static final String ERROR = "error: ";

    /** Answers until the input ends; then ends the process, whatever threads libraries have left. */
    final void serve() throws IOException {
        Worker.answerAll(this::answer);
        Runtime.getRuntime().halt(0);
    }

    private String answer(String question) {
        try {
            return answer(question.split(" ", -1));
        } catch (Exception | LinkageError e) {
            final Throwable cause = e.getCause() == null ? e : e.getCause();
            return ERROR + cause.toString().replaceAll("\\s+", " ");
        }
    }

    /** One question. What it throws is told. */
    abstract String answer(String[] words) throws Exception;
}
