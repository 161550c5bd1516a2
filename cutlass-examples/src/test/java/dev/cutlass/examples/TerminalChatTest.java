package dev.cutlass.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./cutlass chat} in a pseudo-terminal, as a person uses it; the other side is a script. */
final class TerminalChatTest {
    @TempDir
    private Path folder;

    /** What the terminal shows, without colours and cursor movements. */
    private static Predicate<String> shows(String text) {
        return line -> line.replaceAll("\u001b(\\[[0-9;?]*[A-Za-z]|[=>]|\\][^\u0007]*\u0007)", "")
                .contains(text);
    }

    @Test
    void aPersonTalksLooksAroundAndLeaves() throws Exception {
        final int port = Program.freePort();
        try (Program listening = Program.start(
                        "chat",
                        "--home",
                        folder.resolve("left").toString(),
                        "--no-passphrase",
                        "--nick",
                        "left",
                        "--port",
                        String.valueOf(port),
                        "--bind",
                        "127.0.0.1");
                Program person = Program.terminal(Program.launcher() + " chat --home " + folder.resolve("right")
                        + " --no-passphrase --nick right --port 0 --bind 127.0.0.1")) {
            listening.err().await(line -> line.contains("UDP port"));
            person.out().await(shows("/help lists the commands"));
            type(person, "nobody hears this");
            person.out().await(shows("nobody is here to hear it"));
            type(person, "/connect 127.0.0.1:" + port);
            person.out().await(shows("left is here (not verified"));
            type(person, "good morning");
            listening.out().await("right: good morning"::equals);
            person.out().await(shows("\u2713 left"));
            listening.say("good morning to you");
            person.out().await(shows("left: good morning to you"));
            type(person, "/peers");
            person.out().await(shows("left  here, known, not verified"));
            type(person, "/info left");
            person.out().await(shows("XXhfs+psk3"));
            person.out().await(shows(", least "));
            person.out().await(shows("epoch 0, since "));
            type(person, "/verify left");
            person.out().await(shows("Compare it by telephone"));
            type(person, "/verify left ok");
            person.out().await(shows("left is verified"));
            type(person, "/nosuch");
            person.out().await(shows("there is no /nosuch"));
            type(person, "/quit");
            assertEquals(0, person.exitCode(), person::toString);
            listening.err().await(line -> line.contains("right left"));
            assertEquals(0, listening.endInput().exitCode(), listening::toString);
            assertEquals(List.of("right: good morning"), listening.out().all());
        }
    }

    @Test
    void aPersonSendsGetsAndAcceptsFiles() throws Exception {
        final int port = Program.freePort();
        final Path inbox = Files.createDirectory(folder.resolve("inbox"));
        final Path shared = Files.createDirectory(folder.resolve("shared"));
        final Path here = Files.createDirectory(folder.resolve("here"));
        final Path letter = Files.writeString(here.resolve("my letter.txt"), "dear reader");
        Files.writeString(shared.resolve("book.txt"), "once upon a time");
        final String unattended = " --no-passphrase --bind 127.0.0.1 --home ";
        try (Program receiver = Program.start(List.of(
                        "bash",
                        "-c",
                        "exec " + Program.launcher() + " receive --accept all --port " + port + " --dir " + inbox
                                + " --share " + shared + unattended + folder.resolve("left")));
                Program person = Program.terminal("cd " + here + " && exec " + Program.launcher()
                        + " chat --nick right --port " + (port + 1) + unattended + folder.resolve("right"))) {
            receiver.err().await(line -> line.contains("UDP port"));
            person.out().await(shows("/help lists the commands"));
            type(person, "/send " + letter);
            person.out().await(shows("nobody is here"));
            type(person, "/connect 127.0.0.1:" + port);
            person.out().await(shows("is here (not verified"));
            type(person, "/send my letter.txt");
            person.out().await(shows("my letter.txt to "));
            receiver.out().await(inbox.resolve("my letter.txt").toString()::equals);
            type(person, "/get book.txt");
            person.out().await(shows("complete, 16 bytes, is " + here.resolve("book.txt")));
            final Program sender = Program.start(List.of(
                    "bash",
                    "-c",
                    "exec " + Program.launcher() + " send " + shared + " --to 127.0.0.1:" + (port + 1) + " --nick third"
                            + unattended + folder.resolve("third")));
            person.out()
                    .await(shows("third sends shared, a folder with 1 file, 16 bytes. Type /accept 1 or /refuse 1"));
            type(person, "/accept 1");
            assertEquals(0, sender.exitCode(), sender::toString);
            type(person, "/transfers");
            person.out().await(shows("shared from third: complete"));
            assertEquals("once upon a time", Files.readString(here.resolve("shared/book.txt")));
            type(person, "/quit");
            assertEquals(0, person.exitCode(), person::toString);
        }
    }

    @Test
    void aStealthChatCallsByStealthWhateverThePersonTypes() throws Exception {
        try (Program person = Program.terminal(Program.launcher() + " chat --home " + folder.resolve("right")
                + " --no-passphrase --stealth --port 0 --bind 127.0.0.1")) {
            person.out().await(shows("/help lists the commands"));
            type(person, "/connect 127.0.0.1:9");
            person.out().await(shows("\"?stealth\" needs the key"));
            type(person, "/quit");
            assertEquals(0, person.exitCode(), person::toString);
        }
    }

    private static void type(Program person, String line) throws IOException {
        person.say((line + "\r").getBytes(StandardCharsets.UTF_8));
    }
}
