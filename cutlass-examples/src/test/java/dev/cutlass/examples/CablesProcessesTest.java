package dev.cutlass.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./cutlass cables} as real processes, as scripts and mail programs use it. */
final class CablesProcessesTest {
    private static final String ALICES = "6n53eglnjalo775k.onion";
    private static final String BOBS = "ixasm4dju7k2zgwm.onion";

    /** What processes do at SIGTERM: 128 and its number. */
    private static final int TERMINATED = 143;

    @TempDir
    private Path folder;

    private final List<Program> programs = new ArrayList<>();
    private NamedHostsProxy proxy;

    @BeforeEach
    void startProxy() throws IOException {
        proxy = new NamedHostsProxy();
    }

    @AfterEach
    void endAll() throws IOException {
        programs.forEach(Program::close);
        proxy.close();
    }

    private Program cables(String... arguments) throws IOException {
        final List<String> all = new ArrayList<>(List.of("cables"));
        all.addAll(List.of(arguments));
        final Program program = Program.start(all.toArray(String[]::new));
        programs.add(program);
        return program;
    }

    private String home(String name) {
        return folder.resolve(name).toString();
    }

    /** Makes a home; its address. */
    private String init(String name, String host) throws Exception {
        final Program program = cables("init", "--home", home(name), "--host", host, "--rsa", "2048");
        assertEquals(0, program.exitCode(), program.toString());
        final List<String> said = program.out().all();
        assertTrue(said.get(0).matches("[a-z2-7]{32}"), program.toString());
        assertEquals(said.get(0) + "@" + host, said.get(1));
        assertTrue(program.err().all().stream().anyMatch(line -> line.contains("warning")), program.toString());
        assertTrue(program.err().all().stream().anyMatch(line -> line.contains("RSA key")), program.toString());
        return said.get(1);
    }

    private Program run(String name, String host) throws Exception {
        final int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        final Program node = cables(
                "run",
                "--home",
                home(name),
                "--listen",
                "127.0.0.1:" + port,
                "--http-proxy",
                proxy.url(),
                "--retry",
                "1s");
        node.err().await(line -> line.contains("listens on 127.0.0.1:" + port));
        proxy.map(host, port);
        return node;
    }

    private int send(String name, String mail) throws Exception {
        final Program program = cables("send", "--home", home(name));
        program.say(mail.getBytes(StandardCharsets.UTF_8));
        program.endInput();
        return program.exitCode();
    }

    private static String mail(String from, String to, String text) {
        return "From: Me <" + from + ">\nTo: <" + to + ">\nSubject: " + text + "\n\n" + text + "\n";
    }

    private List<String> inbox(String name) throws IOException {
        final List<String> mails = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(home(name), "Maildir", "new"))) {
            for (Path file : files.toList()) {
                mails.add(Files.readString(file));
            }
        }
        return mails;
    }

    private static long with(List<String> mails, String text) {
        return mails.stream().filter(mail -> mail.contains(text)).count();
    }

    @Test
    void twoNodesExchangeMailBothWaysThoughOneIsKilledInBetween() throws Exception {
        final String alice = init("alice", ALICES);
        final String bob = init("bob", BOBS);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(home("alice")))));
        assertEquals(0, send("alice", mail(alice, bob, "before anybody runs")));
        final Program status = cables("status", "--home", home("alice"));
        status.out().await(line -> line.contains(" to " + bob) && line.endsWith("waiting for the recipient's key"));
        final Program first = run("alice", ALICES);
        final Program bobs = run("bob", BOBS);
        bobs.err().await(line -> line.startsWith("cutlass: arrived "));
        first.err().await(line -> line.startsWith("cutlass: confirmed "));

        assertEquals(0, send("bob", mail(bob, alice, "while she is killed")));
        assertEquals(0, send("alice", mail(alice, bob, "just before she is killed")));
        first.close(); // kill -9
        assertEquals(0, send("alice", mail(alice, bob, "while she is dead")));
        final Program second = run("alice", ALICES);
        final List<String> seen = new ArrayList<>();
        bobs.err().await(line -> line.startsWith("cutlass: arrived ") && seen.add(line) && seen.size() == 3);
        bobs.err().await(line -> line.startsWith("cutlass: confirmed "));
        await(
                () -> with(inbox("alice"), "Verified message delivery") == 3,
                () -> inbox("alice").toString());

        final List<String> bobGot = inbox("bob");
        assertEquals(4, bobGot.size(), bobGot.toString());
        for (String text : List.of("before anybody runs", "just before she is killed", "while she is dead")) {
            assertEquals(1, with(bobGot, "\n\n" + text + "\n"), text);
        }
        assertEquals(1, with(inbox("alice"), "\n\nwhile she is killed\n"));
        assertEquals(4, inbox("alice").size());

        final Program again = cables("run", "--home", home("bob"), "--http-proxy", proxy.url());
        assertEquals(75, again.exitCode());
        assertTrue(again.err().all().stream().anyMatch(line -> line.contains("stop it first")), again.toString());
        final Program ping = cables("ping", alice, "--http-proxy", proxy.url());
        assertEquals(0, ping.exitCode(), ping.toString());
        assertEquals(List.of("LIBERTE CABLE 3.0"), ping.out().all());
        assertEquals(
                69,
                cables("ping", bob.replaceAll("@.*", "@" + ALICES), "--http-proxy", proxy.url())
                        .exitCode());

        second.terminate();
        assertEquals(TERMINATED, second.exitCode());
        assertTrue(second.err().all().contains("cutlass: stopped"), second.toString());
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private interface Text {
        String text() throws Exception;
    }

    /** Waits for what is seen in files alone. */
    private static void await(Condition condition, Text otherwise) throws Exception {
        final long end = System.nanoTime() + Program.PATIENCE_SECONDS * 1_000_000_000L;
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < end, otherwise.text());
            new java.util.concurrent.CountDownLatch(1).await(100, java.util.concurrent.TimeUnit.MILLISECONDS);
        }
    }

    @Test
    void exitCodesAreThoseOfSendmail() throws Exception {
        final String alice = init("alice", ALICES);
        assertEquals(65, send("alice", mail("somebody@example.org", alice, "x")));
        assertEquals(65, send("alice", mail(alice.replace(ALICES, BOBS), alice, "x")));
        assertEquals(67, send("alice", mail(alice, "somebody@example.org", "x")));
        assertEquals(65, send("alice", ""));
        assertEquals(78, send("nobody", mail(alice, alice, "x")));
        assertEquals(64, cables("send", "--hom", home("alice")).exitCode());
        assertEquals(64, cables("run").exitCode());
        assertEquals(64, cables("ping", "x@y", "--socks5", "127.0.0.1:9050").exitCode());
        assertEquals(
                64,
                cables("init", "--home", home("bob"), "--host", "example.org").exitCode());
        assertEquals(64, cables("init", "--home", home("bob")).exitCode());
        final Program noKey = cables("run", "--home", home("alice"), "--tor-control", "127.0.0.1:9");
        assertEquals(78, noKey.exitCode());
        assertTrue(noKey.err().all().stream().anyMatch(line -> line.contains("init --onion")), noKey.toString());
        assertEquals(
                78,
                cables("init", "--home", home("alice"), "--host", ALICES, "--rsa", "2048")
                        .exitCode());
        final Path settings = Path.of(home("alice"), "cables.properties");
        Files.writeString(settings, Files.readString(settings) + "colour = blue\n");
        final Program wrong = cables("run", "--home", home("alice"));
        assertEquals(78, wrong.exitCode());
        assertTrue(
                wrong.err().all().stream()
                        .anyMatch(line -> line.contains("cables.properties, line") && line.contains("colour")),
                wrong.toString());
        final Program id = cables("id", "--home", home("bob"));
        assertEquals(78, id.exitCode());
    }
}
