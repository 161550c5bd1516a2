package dev.cutlass.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** {@link FloodProgram}, and what it says. */
final class FloodProcess implements AutoCloseable {
    private final Process process;
    private final Thread reader;
    private volatile long sent;

    FloodProcess(int port, String flights) throws IOException {
        final ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FloodProgram.class.getName(),
                        Integer.toString(port),
                        flights)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        process = builder.start();
        reader = new Thread(this::read, "flood");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                sent = Long.parseLong(line);
            }
        } catch (IOException e) {
            // It was ended in the midst of a line.
        }
    }

    /** Datagrams, so far. */
    long sent() {
        return sent;
    }

    /** Whose processor time can be asked for. */
    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        reader.join();
    }
}
