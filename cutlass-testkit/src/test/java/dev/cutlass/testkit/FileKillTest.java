package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes, either of which is killed again and again while a file goes from one to the other: it arrives, and hardly anything is sent twice: the holder's datagrams are hardly more bytes than without a kill. {@code -Dcutlass.file.kills} and
 * {@code -Dcutlass.file.length} make it longer, {@code -Dcutlass.seed} repeats the moments, {@code -Dcutlass.file.victims} (both, fetcher, holder) tells what each side costs.
 */
final class FileKillTest {
    private static final int KILLS = Integer.getInteger("cutlass.file.kills", 5);
    private static final int LENGTH = Integer.getInteger("cutlass.file.length", 20_000_000);
    private static final long SEED = Long.getLong("cutlass.seed", System.nanoTime());

    /** Who is killed: both (in turn), fetcher or holder. */
    private static final String VICTIMS = System.getProperty("cutlass.file.victims", "both");

    /** From so many kills on it is a run on a quiet machine, and 2 % of all is the limit. */
    private static final int MANY = 50;

    /**
     * Bytes that a kill may cost in a short run: a quarter of the largest window of one holder (docs/files.md section 7.5). How much of it is used depends on how long a process waits for a processor, which is long where others build.
     */
    private static final long MAX_BYTES_A_KILL = 1 << 20;

    @TempDir
    Path temp;

    /** One side, in its present life. */
    private static final class Side {
        private final String role;
        private final Path folder;
        private final Path path;
        private final int port = freePort();
        private final PeerId id;
        private final FileKillProgram.Counter counter;
        private int kills;
        private Process process;
        private BufferedReader lines;

        Side(String role, Path folder, Path path) throws IOException {
            this.role = role;
            this.folder = Files.createDirectories(folder.resolve(role));
            this.path = path;
            this.counter = new FileKillProgram.Counter(counter());
            try (Identity identity = Identity.loadOrCreateUnencrypted(home())) {
                this.id = identity.id();
            }
        }

        private Path home() {
            return folder.resolve("home");
        }

        private Path counter() {
            return folder.resolve("counter");
        }

        PeerAddress address() {
            return PeerAddress.of(id, new PeerAddress.Place("127.0.0.1", port));
        }

        void start(Side other) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            FileKillProgram.class.getName(),
                            role,
                            home().toString(),
                            String.valueOf(port),
                            other.address().text(),
                            path.toString(),
                            counter().toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            lines = process.inputReader();
        }

        void kill() throws InterruptedException {
            kills++;
            end();
        }

        void end() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        void assertEnds() throws InterruptedException {
            assertTrue(process.waitFor(1, TimeUnit.MINUTES));
            assertEquals(0, process.exitValue());
        }

        /** The next line; null at the end. */
        String line() throws IOException {
            return lines.readLine();
        }
    }

    private static int freePort() {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** When the holder has read so much of the file, somebody is killed. */
    private record Kill(long when, boolean fetcher) {}

    private static List<Kill> kills() {
        final Random random = new Random(SEED);
        final List<Boolean> sides = new ArrayList<>();
        for (int i = 0; i < KILLS; i++) {
            sides.add(VICTIMS.equals("both") ? i % 2 == 0 : VICTIMS.equals("fetcher"));
        }
        Collections.shuffle(sides, random);
        final long[] when = random.longs(KILLS, 0, LENGTH - 1).sorted().toArray();
        final List<Kill> kills = new ArrayList<>();
        for (int i = 0; i < KILLS; i++) {
            kills.add(new Kill(when[i], sides.get(i)));
        }
        return kills;
    }

    /** Both sides of a transfer that is over. */
    private record Ended(Side fetcher, Side holder) {}

    private Ended transfer(String name, Path file, List<Kill> kills) throws Exception {
        final Path in = temp.resolve(name).resolve("in");
        final Side fetcher = new Side("fetch", temp.resolve(name), in);
        final Side holder = new Side("hold", temp.resolve(name), file);
        try {
            fetcher.start(holder);
            holder.start(fetcher);
            for (Kill kill : kills) {
                while (holder.counter.read() < kill.when) {
                    final String line = holder.line();
                    assertTrue(line != null && line.startsWith("read "), () -> line + " instead of " + kill);
                }
                final Side victim = kill.fetcher ? fetcher : holder;
                victim.kill();
                victim.start(kill.fetcher ? holder : fetcher);
            }
            String line = holder.line();
            while (line != null && line.startsWith("read ")) {
                line = holder.line();
            }
            assertEquals("sent", line);
            holder.assertEnds();
            fetcher.process.getOutputStream().close();
            fetcher.assertEnds();
        } finally {
            fetcher.end();
            holder.end();
        }
        assertEquals(-1, Files.mismatch(file, in.resolve("a")));
        try (Stream<Path> there = Files.list(in)) {
            assertEquals(List.of(in.resolve("a")), there.toList(), "nothing else");
        }
        return new Ended(fetcher, holder);
    }

    @Test
    void whoeverIsKilledTheFileArrivesAndHardlyAnythingIsSentTwice() throws Exception {
        System.err.println("moments of -Dcutlass.seed=" + SEED);
        final byte[] content = new byte[LENGTH];
        new Random(7).nextBytes(content);
        final Path file = Files.write(temp.resolve("a"), content);
        final Ended whole = transfer("whole", file, List.of());
        assertEquals(LENGTH, whole.holder.counter.read());
        final Ended killed = transfer("killed", file, kills());
        final long repeated = killed.holder.counter.sent() - whole.holder.counter.sent();
        final long read = killed.holder.counter.read() - LENGTH;
        System.err.printf(
                "%d kills of the fetcher, %d of the holder, %,d bytes: %.2f %% sent twice, %,d bytes a kill; %.2f %% read twice; %.2f %% are not data%n",
                killed.fetcher.kills,
                killed.holder.kills,
                LENGTH,
                repeated * 100.0 / LENGTH,
                repeated / KILLS,
                read * 100.0 / LENGTH,
                (whole.holder.counter.sent() - LENGTH) * 100.0 / LENGTH);
        assertTrue(
                repeated <= (KILLS < MANY ? MAX_BYTES_A_KILL * KILLS : LENGTH / 50), () -> repeated + " bytes twice");
    }
}
