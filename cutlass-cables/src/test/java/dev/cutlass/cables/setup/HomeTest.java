package dev.cutlass.cables.setup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.cables.address.HostName;
import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.pki.Checked;
import dev.cutlass.cables.pki.DhKeyPair;
import dev.cutlass.cables.pki.OwnKeys;
import dev.cutlass.cables.pki.PeerCertificates;
import dev.cutlass.cables.pki.ShortKeys;
import dev.cutlass.cables.pki.SignedKey;
import dev.cutlass.cables.queue.FaultyVolume;
import dev.cutlass.cables.queue.MemoryVolume;
import dev.cutlass.cables.queue.MessageQueue;
import dev.cutlass.cables.queue.Names;
import dev.cutlass.cables.queue.RealVolume;
import dev.cutlass.cables.queue.Volume;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A home is made whole or gone on with, and never taken for what it is not. */
final class HomeTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final List<HostName> HOSTS = List.of(HostName.of("6n53eglnjalo775k.onion"));

    @TempDir
    private Path temp;

    private final List<String> steps = new ArrayList<>();
    private int ticks;
    private int interruptAt = -1;

    private OwnKeys make(Volume volume, Path path) throws IOException {
        return new HomeMaker(volume, new HomeFolder(path), new HomeMaker.Progress() {
                    @Override
                    public void begins(String step) {
                        steps.add(step);
                    }

                    @Override
                    public void goesOn() {
                        if (++ticks == interruptAt) {
                            Thread.currentThread().interrupt();
                        }
                    }
                })
                .make(HOSTS, OwnKeys.MIN_BITS, NOW);
    }

    private Home open(Path path) throws IOException {
        return Home.open(new RealVolume(), new HomeFolder(path), NOW);
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void aHomeIsForItsOwnerAloneAndCanBeOpened() throws IOException {
        final Path path = temp.resolve("home");
        Files.createDirectory(path); // with everybody's rights
        final OwnKeys keys = make(new RealVolume(), path);
        assertEquals("rwx------", mode(path));
        for (String name : HomeFolder.KEY_FILES) {
            assertEquals("rw-------", mode(path.resolve("keys").resolve(name)));
        }
        final Home home = open(path);
        assertEquals(keys.user(), home.keys().user());
        assertEquals(HOSTS, home.settings().hosts());
        assertEquals(keys.user() + "\n", Files.readString(path.resolve("keys/username")));
        assertArrayEquals(keys.caPem(), Files.readAllBytes(path.resolve("certs/ca.pem")));
        assertTrue(ticks > 10, "progress while keys are made: " + ticks);
    }

    private HomeMaker maker(Path path) {
        return new HomeMaker(new RealVolume(), new HomeFolder(path), new HomeMaker.Progress() {
            @Override
            public void begins(String step) {
                steps.add(step);
            }

            @Override
            public void goesOn() {}
        });
    }

    @Test
    void theKeyOfAnOnionServiceIsMadeOnceBeforeOrAfterTheHome() throws IOException {
        final Path path = temp.resolve("home");
        final HostName made = maker(path).makeOnion();
        assertEquals("rw-------", mode(path.resolve("onion.pem")));
        assertEquals("rwx------", mode(path));
        assertEquals(made, maker(path).makeOnion());
        make(new RealVolume(), path);
        assertEquals(made, maker(path).makeOnion());
        assertEquals(1, Collections.frequency(steps, "making the key of an onion service"));

        Files.setPosixFilePermissions(path.resolve("onion.pem"), PosixFilePermissions.fromString("rw-r--r--"));
        assertTrue(
                assertThrows(IllegalArgumentException.class, () -> maker(path).makeOnion())
                        .getMessage()
                        .contains("chmod 600"));
        final Path other = Files.createDirectory(temp.resolve("other"));
        Files.createFile(other.resolve("something"));
        assertThrows(IllegalArgumentException.class, () -> maker(other).makeOnion());
    }

    @Test
    void deathAtAnyChangeLeavesAHomeThatIsGoneOnWith() throws IOException {
        boolean wasCut = true;
        for (int change = 0; wasCut; change++) {
            for (boolean afterIt : new boolean[] {false, true}) {
                final Path path = temp.resolve("home" + change + afterIt);
                final FaultyVolume volume = new FaultyVolume();
                volume.crashAt(change, afterIt);
                wasCut = false;
                String user = null;
                try {
                    make(volume, path);
                } catch (MemoryVolume.Crash e) {
                    wasCut = true;
                    if (Files.exists(path.resolve("keys/username"))) {
                        user = Files.readString(path.resolve("keys/username")).strip();
                    }
                }
                if (wasCut && !Files.exists(path.resolve("cables.properties"))) {
                    assertThrows(IllegalArgumentException.class, () -> open(path));
                    make(new RealVolume(), path);
                }
                final Home home = open(path);
                assertTrue(user == null || user.equals(home.keys().user().text()), "keys that were whole are kept");
                assertFalse(Files.exists(path.resolve("keys.new")), "change " + change);
            }
        }
    }

    @Test
    void anInterruptStopsTheMakingOfKeysAndTheHomeIsGoneOnWith() throws IOException {
        final Path path = temp.resolve("home");
        interruptAt = 5;
        assertThrows(InterruptedIOException.class, () -> make(new RealVolume(), path));
        assertTrue(Thread.interrupted());
        make(new RealVolume(), path);
        assertEquals(HOSTS, open(path).settings().hosts());
    }

    @Test
    void whatIsThereIsNotOverwritten() throws IOException {
        final Path path = temp.resolve("home");
        make(new RealVolume(), path);
        final byte[] before = Files.readAllBytes(path.resolve("keys/root.pem"));
        final String said = assertThrows(IllegalArgumentException.class, () -> make(new RealVolume(), path))
                .getMessage();
        assertTrue(said.contains("already"), said);
        assertArrayEquals(before, Files.readAllBytes(path.resolve("keys/root.pem")));

        final Path other = Files.createDirectory(temp.resolve("other"));
        Files.writeString(other.resolve("letter.txt"), "dear");
        final String refused = assertThrows(IllegalArgumentException.class, () -> make(new RealVolume(), other))
                .getMessage();
        assertTrue(refused.contains("not empty"), refused);
    }

    @Test
    void aSecondOneIsRefusedWhileTheLockIsTakenAndHearsTheProcess() throws IOException {
        final Path path = temp.resolve("home");
        make(new RealVolume(), path);
        final HomeFolder folder = new HomeFolder(path);
        assertNull(HomeLock.holder(folder));
        try (HomeLock lock = HomeLock.take(folder)) {
            final String said =
                    assertThrows(IOException.class, () -> HomeLock.take(folder)).getMessage();
            assertTrue(said.contains(String.valueOf(ProcessHandle.current().pid())), said);
            assertTrue(said.contains("stop it first"), said);
            assertTrue(HomeLock.holder(folder).contains("this process"));
        }
        HomeLock.take(folder).close();
    }

    @Test
    void keysThatOthersMayReadAreRefused() throws IOException {
        final Path path = temp.resolve("home");
        make(new RealVolume(), path);
        Files.setPosixFilePermissions(path.resolve("keys/sign.pem"), PosixFilePermissions.fromString("rw-r--r--"));
        final String said =
                assertThrows(IllegalArgumentException.class, () -> open(path)).getMessage();
        assertTrue(said.contains("sign.pem") && said.contains("chmod 600"), said);
    }

    @Test
    void aMissingKeyIsNamed() throws IOException {
        final Path path = temp.resolve("home");
        make(new RealVolume(), path);
        Files.delete(path.resolve("keys/root.pem"));
        final String said =
                assertThrows(IllegalArgumentException.class, () -> open(path)).getMessage();
        assertTrue(said.contains("root.pem") && said.contains("missing"), said);
    }

    // -- the key that signs

    /** Dies at each change of a renewal; afterwards the home can be read at once, and what is published is signed by what is served. */
    @Test
    void aNewKeyThatSignsKeepsTheUserAndSignsAnewWhateverCutsItOff() throws IOException {
        final Path path = temp.resolve("home");
        final OwnKeys before = make(new RealVolume(), path);
        final DhKeyPair pair = new ShortKeys(new Random(1)).draw();
        final MessageId id = MessageId.draw(new Random(1));
        final MessageQueue queue = Home.incoming(new RealVolume(), path);
        final FaultyVolume volume = new FaultyVolume();
        boolean wasCut = true;
        OwnKeys last = before;
        queue.add(
                id,
                Map.of(
                        Names.USER, before.user().text().getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                        Names.RECIPIENT_KEY, before.sign(pair.publicKey(), new SecureRandom())));
        for (int change = 0; wasCut; change++) {
            volume.crashAt(change, change % 2 == 1);
            wasCut = false;
            try {
                new SignKeyRenewal(volume, new HomeFolder(path), new SecureRandom()).renew(OwnKeys.MIN_BITS, NOW);
            } catch (MemoryVolume.Crash e) {
                wasCut = true;
            }
            volume.crashAt(-1, false);
            final OwnKeys cut = open(path).keys(); // a reader without the lock
            assertEquals(before.user(), cut.user());
            new SignKeyRenewal(volume, new HomeFolder(path), new SecureRandom()).settle(NOW);
            final OwnKeys settled = open(path).keys();
            assertArrayEquals(cut.verifyPem(), settled.verifyPem());
            final Checked<PeerCertificates> certificates =
                    PeerCertificates.check(settled.caPem(), settled.verifyPem(), before.user(), NOW);
            assertTrue(certificates instanceof Checked.Good);
            assertTrue(
                    SignedKey.open(
                                    queue.find(id).bytes(Names.RECIPIENT_KEY, 100_000),
                                    ((Checked.Good<PeerCertificates>) certificates).value(),
                                    NOW)
                            instanceof Checked.Good,
                    "change " + change);
            last = settled;
        }
        assertFalse(java.util.Arrays.equals(before.verifyPem(), last.verifyPem()));
        assertArrayEquals(last.verifyPem(), Files.readAllBytes(path.resolve("certs/verify.pem")));
        assertFalse(Files.exists(path.resolve("keys.next")));
    }

    // -- settings

    private static Settings parse(String text) {
        return SettingsFile.parse(
                Path.of("/home/cables.properties"),
                Path.of("/home"),
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void settingsAreRead() {
        final Settings settings = parse("# ein Bemerkung: ü\r\n hosts = " + HOSTS.get(0) + " , "
                + "ixasm4dju7k2zgwm.onion\nretry=5s\nmax-age = 2h\nmax-mail=5M\nqueues = q\nmaildir=/var/mail/ü\n"
                + "listen = [::1]:9080\nhttp-proxy = http://127.0.0.1:8118/\n\n");
        assertEquals(2, settings.hosts().size());
        assertEquals(5, settings.retry().toSeconds());
        assertEquals(2, settings.limits().maxAge().toHours());
        assertEquals(5 << 20, settings.limits().maxMail());
        assertEquals(Path.of("/home/q"), settings.queues());
        assertEquals(Path.of("/var/mail/ü"), settings.maildir());
        assertEquals("::1", settings.listen().getHostString());
        assertEquals(8118, settings.httpProxy().getPort());
        assertNotEquals(settings, Settings.of(HOSTS));
    }

    @Test
    void aNewHomesSettingsAreTheUsualOnes() {
        assertEquals(
                Settings.of(HOSTS),
                parse(new String(SettingsFile.text(HOSTS), java.nio.charset.StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host = 6n53eglnjalo775k.onion",
                "hosts = example.org",
                "hosts",
                "retry = soon",
                "retry = 0s",
                "max-age = 1s",
                "max-mail = 99999M",
                "listen = 9080",
                "listen = 127.0.0.1:99999",
                "max-incoming = -1",
                "hosts = 6n53eglnjalo775k.onion\nhosts = 6n53eglnjalo775k.onion"
            })
    void aBadLineIsNamedWithWhatToDo(String line) {
        final String said = assertThrows(IllegalArgumentException.class, () -> parse("# first\n" + line + "\n"))
                .getMessage();
        assertTrue(said.startsWith("/home/cables.properties, line " + (line.contains("\n") ? 3 : 2) + ": "), said);
    }

    @Test
    void settingsThatAreNotUtf8NameTheLine() {
        final byte[] bytes = {'#', '\n', '#', (byte) 0xfc, '\n'};
        final String said = assertThrows(
                        IllegalArgumentException.class, () -> SettingsFile.parse(Path.of("/f"), Path.of("/"), bytes))
                .getMessage();
        assertEquals("/f, line 2: not UTF-8; save the file in that encoding", said);
    }
}
