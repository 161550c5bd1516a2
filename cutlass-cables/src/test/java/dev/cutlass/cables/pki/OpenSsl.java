package dev.cutlass.cables.pki;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The program {@code openssl}, run in a directory of its own. */
final class OpenSsl {
    private final Path directory;

    OpenSsl(Path directory) {
        this.directory = directory;
    }

    /** What is missing on this machine, if anything. */
    static Optional<String> missing() {
        try {
            final Process process = new ProcessBuilder("openssl", "version").start();
            final String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return version.matches("(?s)OpenSSL [3-9]\\..*")
                    ? Optional.empty()
                    : Optional.of("OpenSSL 3 or newer is wanted, and this is " + version.strip());
        } catch (IOException e) {
            return Optional.of("the program openssl is not installed");
        }
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    OpenSsl write(String name, byte[] content) throws IOException {
        Files.write(file(name), content);
        return this;
    }

    OpenSsl write(String name, String content) throws IOException {
        return write(name, content.getBytes(StandardCharsets.US_ASCII));
    }

    byte[] read(String name) throws IOException {
        return Files.readAllBytes(file(name));
    }

    /** Runs it; what it says on standard output. Fails the test if it fails. */
    byte[] run(String... arguments) throws IOException, InterruptedException {
        final Path out = Files.createTempFile(directory, "out", "");
        final Path errors = Files.createTempFile(directory, "err", "");
        final int code = start(out, errors, arguments);
        if (code != 0) {
            throw new AssertionError(
                    String.join(" ", arguments) + ": exit code " + code + ": " + Files.readString(errors));
        }
        return Files.readAllBytes(out);
    }

    /** Whether it fails. */
    boolean refuses(String... arguments) throws IOException, InterruptedException {
        return start(Files.createTempFile(directory, "out", ""), Files.createTempFile(directory, "err", ""), arguments)
                != 0;
    }

    private int start(Path out, Path errors, String... arguments) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(errors.toFile())
                .start()
                .waitFor();
    }
}
