package dev.cutlass.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cutlass.crypto.KeyFileException.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class KeyHomeTest {
    private static final KeyFile.Cost CHEAP = new KeyFile.Cost(8, 1, 1);
    private static final char[] PASSPHRASE = "a passphrase".toCharArray();
    private static final char[] OTHER = "another one".toCharArray();

    @TempDir
    private Path directory;

    @Test
    void anIdentityIsCreatedOnceAndThenLoaded() throws Exception {
        Path home = directory.resolve("a/b");
        KeyHome keys = new KeyHome(home, CHEAP);
        try (Identity created = keys.loadOrCreate(PASSPHRASE);
                Identity loaded = keys.loadOrCreate(PASSPHRASE);
                Identity again = keys.load(PASSPHRASE)) {
            assertEquals(created.id(), loaded.id());
            assertEquals(created.id(), again.id());
        }
        assertReason(Reason.ALREADY_EXISTS, () -> keys.create(PASSPHRASE));
        assertReason(Reason.WRONG_PASSPHRASE, () -> keys.loadOrCreate(OTHER));
    }

    @Test
    void theFileAndItsDirectoryAreTheirOwnersAlone() throws Exception {
        assumePosix();
        Path home = directory.resolve("home");
        new KeyHome(home, CHEAP).create(PASSPHRASE).close();
        assertEquals("rwx------", mode(home));
        try (Stream<Path> files = Files.list(home)) {
            for (Path file : files.toList()) {
                assertEquals("rw-------", mode(file), file.toString());
            }
        }
    }

    @Test
    void aFileThatOthersMayReadIsRefused() throws Exception {
        assumePosix();
        KeyHome keys = new KeyHome(directory, CHEAP);
        keys.create(PASSPHRASE).close();
        for (String open : List.of("rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx")) {
            Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString(open));
            KeyFileException e = assertReason(Reason.PERMISSIONS_TOO_OPEN, () -> keys.load(PASSPHRASE));
            assertTrue(e.getMessage().contains("chmod 600"), e.getMessage());
        }
        for (String closed : List.of("r--------", "rwx------", "rw-------")) {
            Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString(closed));
            keys.load(PASSPHRASE).close();
        }
    }

    @Test
    void aMissingFileIsNamed() {
        KeyFileException e = assertReason(Reason.MISSING, () -> new KeyHome(directory, CHEAP).load(PASSPHRASE));
        assertTrue(e.getMessage().contains(file().toString()), e.getMessage());
    }

    @Test
    void aHomeThatIsNoDirectoryIsUnreadable() throws Exception {
        Path home = Files.writeString(directory.resolve("file"), "x");
        KeyHome keys = new KeyHome(home, CHEAP);
        assertReason(Reason.UNREADABLE, () -> keys.create(PASSPHRASE));
        assertReason(Reason.UNREADABLE, () -> keys.loadOrCreate(PASSPHRASE));
        KeyHome below = new KeyHome(home.resolve("below"), CHEAP);
        assertReason(Reason.UNREADABLE, () -> below.create(PASSPHRASE));
    }

    @Test
    void aKeyFileThatIsADirectoryIsUnreadable() throws Exception {
        assumePosix();
        Files.createDirectory(
                file(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        assertReason(Reason.UNREADABLE, () -> new KeyHome(directory, CHEAP).load(PASSPHRASE));
    }

    @Test
    void aFileThatIsFarTooLongIsNotRead() throws Exception {
        new KeyHome(directory, CHEAP).create(PASSPHRASE).close();
        Files.write(file(), new byte[KeyFile.MAX_LENGTH + 1]);
        assertReason(Reason.UNREADABLE, () -> new KeyHome(directory, CHEAP).load(PASSPHRASE));
    }

    @Test
    void thePassphraseCanBeChangedGivenAndTaken() throws Exception {
        KeyHome keys = new KeyHome(directory, CHEAP);
        PeerId id;
        try (Identity created = keys.create(PASSPHRASE)) {
            id = created.id();
        }
        byte[] before = Files.readAllBytes(file());
        assertReason(Reason.WRONG_PASSPHRASE, () -> keys.changePassphrase(OTHER, PASSPHRASE));
        assertArrayEquals(before, Files.readAllBytes(file()));
        char[][] passphrases = {PASSPHRASE, OTHER, null, PASSPHRASE};
        for (int i = 1; i < passphrases.length; i++) {
            keys.changePassphrase(passphrases[i - 1], passphrases[i]);
            try (Identity loaded = keys.load(passphrases[i])) {
                assertEquals(id, loaded.id());
            }
        }
        assertFalse(Files.exists(directory.resolve("identity.key.new")));
    }

    @Test
    void aNewDeviceKeyReplacesTheFileOfItsOwnRootOnly() throws Exception {
        KeyHome keys = new KeyHome(directory, CHEAP);
        try (Identity created = keys.create(PASSPHRASE);
                Identity device = created.withNewDevice(Seeds.secure(1), 1, 0, 1, List.of(1));
                Identity stranger = Identity.generate()) {
            keys.save(device, PASSPHRASE);
            try (Identity loaded = keys.load(PASSPHRASE)) {
                assertArrayEquals(device.device().publicKey(), loaded.device().publicKey());
            }
            assertReason(Reason.ALREADY_EXISTS, () -> keys.save(stranger, PASSPHRASE));
            assertReason(Reason.WRONG_PASSPHRASE, () -> keys.save(device, OTHER));
            assertReason(Reason.PASSPHRASE_NEEDED, () -> keys.save(device, null));
        }
    }

    @Test
    void whatACrashLeftBehindIsNotInTheWay() throws Exception {
        Files.writeString(directory.resolve("identity.key.new"), "half a file");
        KeyHome keys = new KeyHome(directory, CHEAP);
        keys.create(PASSPHRASE).close();
        keys.load(PASSPHRASE).close();
        assertFalse(Files.exists(directory.resolve("identity.key.new")));
    }

    @Test
    void manyThreadsThatCreateAtOnceGetOneIdentity() throws Exception {
        int threads = 8;
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<PeerId>> tasks = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                tasks.add(() -> {
                    start.await();
                    try (Identity identity = new KeyHome(directory, CHEAP).loadOrCreate(PASSPHRASE)) {
                        return identity.id();
                    }
                });
            }
            Set<PeerId> seen = new HashSet<>();
            for (Future<PeerId> id : executor.invokeAll(tasks)) {
                seen.add(id.get());
            }
            assertEquals(1, seen.size());
        } finally {
            executor.shutdownNow();
        }
    }

    /** The lock of threads is not that of processes, so this starts three JVMs. */
    @Test
    void manyProcessesThatCreateAtOnceGetOneIdentity() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(new ProcessBuilder(
                            java.toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Creator.class.getName(),
                            directory.toString())
                    .redirectErrorStream(true)
                    .start());
        }
        Set<String> seen = new HashSet<>();
        for (Process process : processes) {
            seen.add(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
            assertEquals(0, process.waitFor(), seen.toString());
        }
        assertEquals(1, seen.size(), seen.toString());
    }

    /** Run by the test above in a JVM of its own. */
    static final class Creator {
        public static void main(String[] args) throws Exception {
            try (Identity identity = new KeyHome(Path.of(args[0]), CHEAP).loadOrCreate(PASSPHRASE)) {
                System.out.println(identity.id().text());
            }
        }
    }

    @Test
    void theDefaultCostWorksThroughThePublicMethods() throws Exception {
        try (Identity created = Identity.create(directory, PASSPHRASE);
                Identity loaded = Identity.loadOrCreate(directory, PASSPHRASE)) {
            assertEquals(created.id(), loaded.id());
        }
        assertReason(Reason.PASSPHRASE_NEEDED, () -> Identity.loadOrCreateUnencrypted(directory));
        assertThrows(IllegalArgumentException.class, () -> Identity.load(directory, new char[0]));
    }

    @Test
    void anIdentityWithoutPassphraseIsPrivateToo() throws Exception {
        try (Identity created = Identity.createUnencrypted(directory);
                Identity loaded = Identity.loadUnencrypted(directory);
                Identity again = Identity.loadOrCreateUnencrypted(directory)) {
            assertEquals(created.id(), loaded.id());
            assertEquals(created.id(), again.id());
        }
        assertReason(Reason.NOT_ENCRYPTED, () -> Identity.load(directory, PASSPHRASE));
        assumePosix();
        assertEquals("rw-------", mode(file()));
    }

    private Path file() {
        return directory.resolve(Identity.KEY_FILE);
    }

    private void assumePosix() throws Exception {
        FileStore store = Files.getFileStore(directory);
        assumeTrue(store.supportsFileAttributeView(PosixFileAttributeView.class), "this file system has no modes");
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static KeyFileException assertReason(Reason expected, Executable action) {
        KeyFileException e = assertThrows(KeyFileException.class, action);
        assertEquals(expected, e.reason(), e.getMessage());
        return e;
    }
}
