package dev.cutlass.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two real processes of {@code ./cutlass chat} on loopback, as scripts use them. */
final class ChatProcessesTest {
    @TempDir
    private Path folder;

    private final List<Program> programs = new ArrayList<>();

    @AfterEach
    void endPrograms() {
        programs.forEach(Program::close);
    }

    private Program start(String... arguments) throws IOException {
        final Program program = Program.start(arguments);
        programs.add(program);
        return program;
    }

    private Program chat(String nick, int port, String... more) throws IOException {
        final List<String> arguments = new ArrayList<>(List.of(
                "chat",
                "--home",
                folder.resolve(nick).toString(),
                "--no-passphrase",
                "--nick",
                nick,
                "--port",
                String.valueOf(port),
                "--bind",
                "127.0.0.1"));
        arguments.addAll(List.of(more));
        return start(arguments.toArray(String[]::new));
    }

    /** The first line of {@code cutlass id}, with the place appended as a script does it. */
    private String address(String nick, int port) throws IOException, InterruptedException {
        final Program id = start("id", "--home", folder.resolve(nick).toString(), "--no-passphrase");
        assertEquals(0, id.exitCode(), id::toString);
        return id.out().all().get(0) + "@127.0.0.1:" + port;
    }

    private static String[] lines(String word) {
        return IntStream.range(0, 50).mapToObj(i -> word + " " + i).toArray(String[]::new);
    }

    private void talk(String... options) throws IOException, InterruptedException {
        final int port = Program.freePort();
        final String left = address("left", port);
        final Program listening = chat("left", port, options).say(lines("from left"));
        listening.err().await(line -> line.contains("UDP port"));
        final List<String> dialling = new ArrayList<>(List.of(options));
        dialling.addAll(List.of("--connect", left));
        final Program calling =
                chat("right", 0, dialling.toArray(String[]::new)).say(lines("from right"));
        calling.out().await("left: from left 49"::equals);
        listening.out().await("right: from right 49"::equals);
        assertEquals(0, calling.endInput().exitCode(), calling::toString);
        listening.err().await(line -> line.contains("right left"));
        assertEquals(0, listening.endInput().exitCode(), listening::toString);
        assertEquals(prefixed("left: ", lines("from left")), calling.out().all());
        assertEquals(prefixed("right: ", lines("from right")), listening.out().all());
    }

    private static List<String> prefixed(String prefix, String[] lines) {
        return List.of(lines).stream().map(line -> prefix + line).toList();
    }

    @Test
    void linesGoBothWaysOnceAndInOrderAndNothingElseIsOnStandardOutput() throws Exception {
        talk();
    }

    @Test
    void linesGoBothWaysInStealthMode() throws Exception {
        talk("--stealth");
    }

    @Test
    void anotherKeyThanTheDialledOneIsRefusedWithBothFingerprints() throws Exception {
        final int port = Program.freePort();
        final String expected = address("expected", port);
        final String answered = address("left", port);
        final Program listening = chat("left", port);
        listening.err().await(line -> line.contains("UDP port"));
        final Program calling =
                chat("right", 0, "--connect", expected).say("secret").endInput();
        assertEquals(Main.FAILED, calling.exitCode(), calling::toString);
        assertNotEquals(expected, answered);
        calling.err().await(line -> line.contains("ANOTHER KEY"));
        calling.err().await(line -> line.contains("expected "));
        calling.err().await(line -> line.contains("answered "));
        assertEquals(List.of(), listening.out().all(), "nothing was said to the other key");
    }

    @Test
    void aHostThatDoesNotExistIsNamed() throws Exception {
        final Program calling = chat("right", 0, "--connect", "no-such-host.invalid:8365")
                .say("hello")
                .endInput();
        assertEquals(Main.FAILED, calling.exitCode(), calling::toString);
        calling.err().await(line -> line.contains("no-such-host.invalid") && line.contains("host name is unknown"));
    }

    @Test
    void aPeerThatDoesNotAnswerIsATimeOutThatSaysWhatToCheck() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            final Program calling = chat("right", 0, "--connect", "127.0.0.1:" + silent.getLocalPort())
                    .say("hello")
                    .endInput();
            assertEquals(Main.FAILED, calling.exitCode(), calling::toString);
            calling.err().await(line -> line.contains("no answer") && line.contains("firewall"));
        }
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
            final Program chat = chat("left", taken.getLocalPort()).endInput();
            assertEquals(Main.FAILED, chat.exitCode(), chat::toString);
            chat.err().await(line -> line.contains(String.valueOf(taken.getLocalPort())) && line.contains("in use"));
        }
    }

    @Test
    void aWrongAddressShowsARightOne() throws Exception {
        final Program chat =
                chat("left", 0, "--connect", "cutlass:abc@127.0.0.1").endInput();
        assertEquals(Main.FAILED, chat.exitCode(), chat::toString);
        chat.err().await(line -> line.contains("cutlass:") && line.contains("looks like"));
    }

    @Test
    void whatIsNotUtf8OrTooLongIsNamedAndTheRestArrivesAsItWas() throws Exception {
        final int port = Program.freePort();
        final String left = address("left", port);
        final Program listening = chat("left", port);
        listening.err().await(line -> line.contains("UDP port"));
        final Program calling = chat("right", 0, "--connect", left).say("before");
        calling.say(new byte[] {'a', (byte) 0xff, '\n'});
        calling.say("x".repeat(65_536), "y".repeat(65_537), "", "a\tb \u001b[1m \u202e", "after");
        assertEquals(Main.FAILED, calling.endInput().exitCode(), calling::toString);
        calling.err().await(line -> line.contains("line 2 is not UTF-8"));
        calling.err().await(line -> line.contains("line 4 is too long"));
        listening.out().await("right: after"::equals);
        assertEquals(
                List.of(
                        "right: before",
                        "right: " + "x".repeat(65_536),
                        "right: ",
                        "right: a\tb \u001b[1m \u202e",
                        "right: after"),
                listening.out().all());
    }

    @Test
    void aWrongPassphraseIsSaidAndTheRightOneOpens() throws Exception {
        final Path right = Files.writeString(folder.resolve("right.txt"), "correct horse\n");
        final Path wrong = Files.writeString(folder.resolve("wrong.txt"), "battery staple\n");
        final String home = folder.resolve("home").toString();
        final Program first = start("id", "--home", home, "--passphrase-file", right.toString());
        assertEquals(0, first.exitCode(), first::toString);
        final Program refused = start("id", "--home", home, "--passphrase-file", wrong.toString());
        assertEquals(Main.FAILED, refused.exitCode(), refused::toString);
        refused.err().await(line -> line.contains("passphrase"));
        assertTrue(refused.out().all().isEmpty(), refused::toString);
        final Program again = start("id", "--home", home, "--passphrase-file", right.toString());
        assertEquals(0, again.exitCode(), again::toString);
        assertEquals(first.out().all(), again.out().all());
    }

    @Test
    void theDemoCarriesAFileBothWays() throws Exception {
        final Path file =
                Files.write(folder.resolve("lines.txt"), List.of("one", "", "drei\t€"), StandardCharsets.UTF_8);
        final Program demo = start("demo", "--messages", file.toString());
        assertEquals(0, demo.exitCode(), demo::toString);
        for (String line : List.of(
                " left -> right  one", "right -> left   one", " left -> right  drei\t€", "right -> left   drei\t€")) {
            demo.out().await(line::equals);
        }
        demo.out().await(line -> line.startsWith("delivered 6 of 6, round trip p50 "));
        assertEquals(
                2,
                demo.out().all().stream()
                        .filter(line -> line.matches("(left|right) +[a-z2-7 ]+"))
                        .count(),
                demo::toString);
    }
}
