package dev.cutlass.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./cutlass send}, {@code receive} and {@code get} as real processes on loopback, as scripts use them. */
final class FileProcessesTest {
    /** What processes do at SIGTERM: 128 and its number. */
    private static final int TERMINATED = 143;

    @TempDir
    private Path folder;

    private Path inbox;
    private final List<Program> programs = new ArrayList<>();

    @BeforeEach
    void makeInbox() throws IOException {
        inbox = Files.createDirectory(folder.resolve("inbox"));
    }

    @AfterEach
    void endPrograms() {
        programs.forEach(Program::close);
    }

    private Program run(String command, String nick, String... more) throws IOException {
        final List<String> arguments = new ArrayList<>(List.of(
                command,
                "--home",
                folder.resolve(nick).toString(),
                "--no-passphrase",
                "--nick",
                nick,
                "--bind",
                "127.0.0.1"));
        arguments.addAll(List.of(more));
        final Program program = Program.start(arguments.toArray(String[]::new));
        programs.add(program);
        return program;
    }

    /** A receiver that runs, and its address. */
    private record Receiver(Program program, String address) {
        void awaitLine(String text) throws InterruptedException {
            program.err().await(line -> line.contains(text));
        }
    }

    private Receiver receive(int port, String... more) throws IOException, InterruptedException {
        final List<String> arguments =
                new ArrayList<>(List.of("--port", String.valueOf(port), "--dir", inbox.toString()));
        arguments.addAll(List.of(more));
        final Program program = run("receive", "right", arguments.toArray(String[]::new));
        final String you = program.err().await(line -> line.startsWith("you are "));
        program.err().await(line -> line.contains("UDP port"));
        return new Receiver(program, you.substring("you are ".length()) + "@127.0.0.1:" + port);
    }

    private Receiver receive(String... more) throws IOException, InterruptedException {
        return receive(Program.freePort(), more);
    }

    private Path file(String name, int length) throws IOException {
        final byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        final Path file = folder.resolve("outbox").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    private static void assertSame(Path sent, Path there) throws IOException {
        assertArrayEquals(Files.readAllBytes(sent), Files.readAllBytes(there));
    }

    private static List<String> names(Path dir) throws IOException {
        try (Stream<Path> children = Files.list(dir)) {
            return children.map(child -> child.getFileName().toString()).toList();
        }
    }

    private static void assertNothingLeft(Path dir) {
        assertFalse(Files.exists(dir.resolve(".cutlass")), "nothing half-done is left");
    }

    @Test
    void filesAndAFolderArriveAsTheyWereAndEachStateIsALine() throws Exception {
        final Path large = file("large.bin", 3_000_001);
        final Path empty = file("empty.txt", 0);
        final Path inner = file("dir/deep/inner.txt", 70_000);
        final Receiver right = receive("--accept", "all");
        final Program left = run(
                "send",
                "left",
                large.toString(),
                empty.toString(),
                folder.resolve("outbox/dir").toString(),
                "--to",
                right.address());
        assertEquals(Main.OK, left.exitCode(), left::toString);
        assertSame(large, inbox.resolve("large.bin"));
        assertSame(empty, inbox.resolve("empty.txt"));
        assertSame(inner, inbox.resolve("dir/deep/inner.txt"));
        left.err().await(line -> line.startsWith("large.bin to right: complete, 3.0 MB"));
        right.awaitLine("large.bin from left: complete, 3.0 MB");
        right.program().out().await(inbox.resolve("large.bin").toString()::equals);
        right.program().out().await(inbox.resolve("dir").toString()::equals);
        assertNothingLeft(inbox);
        assertEquals(List.of(), left.out().all());
    }

    @Test
    void whoIsNotKnownIsRefused() throws Exception {
        final Receiver right = receive();
        for (int visit = 0; visit < 2; visit++) { // the first one does not make known
            final Program left = run("send", "left", file("a.txt", 100).toString(), "--to", right.address());
            assertEquals(Main.REFUSED, left.exitCode(), left::toString);
        }
        assertFalse(Files.exists(inbox.resolve("a.txt")));
    }

    @Test
    void aPersonIsAskedAboutNewcomersAndFilesAndWhatIsDeclinedIsRefused() throws Exception {
        final Path wanted = file("wanted.txt", 100);
        final Receiver right = receive("--accept", "ask");
        right.program().say("y", "n");
        final Program left = run("send", "left", file("unwanted.txt", 200).toString(), "--to", right.address());
        assertEquals(Main.REFUSED, left.exitCode(), left::toString);
        left.err().await("unwanted.txt to right: failed: declined"::equals);
        right.awaitLine("\"left\" is new");
        right.awaitLine("left sends unwanted.txt, 200 bytes. Accept?");
        right.program().say("yes");
        final Program again = run("send", "left", wanted.toString(), "--to", right.address());
        assertEquals(Main.OK, again.exitCode(), again::toString);
        assertSame(wanted, inbox.resolve("wanted.txt"));
        assertFalse(Files.exists(inbox.resolve("unwanted.txt")));
    }

    @Test
    void aPeerThatDoesNotAnswerIsNotReachable() throws Exception {
        final String file = file("a.txt", 100).toString();
        try (DatagramSocket silent = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            final Program left = run("send", "left", file, "--to", "127.0.0.1:" + silent.getLocalPort());
            final Program other = run("get", "other", "a.txt", "--from", "127.0.0.1:" + silent.getLocalPort());
            assertEquals(Main.UNREACHABLE, left.exitCode(), left::toString);
            left.err().await(line -> line.contains("no answer"));
            assertEquals(Main.UNREACHABLE, other.exitCode(), other::toString);
        }
    }

    @Test
    void aWrongCommandLineAndAFileThatIsNotThereAreToldApart() throws Exception {
        final String file = file("a.txt", 100).toString();
        assertEquals(Main.USAGE, run("send", "left", file).exitCode());
        assertEquals(
                Main.USAGE,
                run("send", "left", file, "--to", "cutlass:abc@127.0.0.1").exitCode());
        final Program left = run("send", "left", file + ".not", "--to", "127.0.0.1:9");
        assertEquals(Main.FAILED, left.exitCode());
        left.err().await(line -> line.contains("a.txt.not: there is no such file"));
    }

    @Test
    void whatIsSharedIsGotByItsNameAndWhatIsNotIsNotFound() throws Exception {
        final Path shared = file("books/one.txt", 150_000);
        final Path here = Files.createDirectory(folder.resolve("here"));
        final Receiver right =
                receive("--accept", "all", "--share", folder.resolve("outbox").toString());
        final Program left = run("get", "left", "books/one.txt", "--from", right.address(), "--dir", here.toString());
        assertEquals(Main.OK, left.exitCode(), left::toString);
        final List<String> printed = left.out().all();
        assertEquals(1, printed.size(), left::toString);
        assertSame(shared, Path.of(printed.get(0)));
        assertNothingLeft(here);
        final Program missing =
                run("get", "left", "books/two.txt", "--from", right.address(), "--dir", here.toString());
        assertEquals(Main.FAILED, missing.exitCode(), missing::toString);
        missing.err().await(line -> line.contains("shares nothing of this name"));
    }

    @Test
    void theSameCommandGoesOnAfterEitherSideWasKilled() throws Exception {
        final Path large = file("large.bin", 60_000_000);
        final int port = Program.freePort();
        final Receiver right = receive(port, "--accept", "all");
        final Program left = run("send", "left", large.toString(), "--to", right.address());
        right.awaitLine("large.bin from left: running");
        left.close(); // SIGKILL
        right.program().terminate();
        assertEquals(TERMINATED, right.program().exitCode());
        right.awaitLine("interrupted; the same command goes on");
        final Receiver back = receive(port, "--accept", "all");
        final Program again = run("send", "left", large.toString(), "--to", back.address());
        assertEquals(Main.OK, again.exitCode(), again::toString);
        assertSame(large, inbox.resolve("large.bin"));
        back.program().out().await(inbox.resolve("large.bin").toString()::equals);
        assertNothingLeft(inbox);
        assertEquals(List.of("large.bin"), names(inbox), back.program()::toString);
    }
}
