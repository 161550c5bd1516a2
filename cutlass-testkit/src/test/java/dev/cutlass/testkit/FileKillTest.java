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
import java.nio.ByteBuffer;
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
 * Two processes, either of which is killed again and again while a file goes from one to the other: it arrives, and hardly anything is sent twice. {@code -Dcutlass.file.kills} and
 * {@code -Dcutlass.file.length} make it longer, {@code -Dcutlass.seed} repeats the moments.
 */
final class FileKillTest {
    private static final int KILLS = Integer.getInteger("cutlass.file.kills", 5);
    private static final int LENGTH = Integer.getInteger("cutlass.file.length", 20_000_000);
    private static final long SEED = Long.getLong("cutlass.seed", System.nanoTime());

    /** From so many kills on it is a run on a quiet machine, and 2 % of all is the limit. */
    private static final int MANY = 50;

    /**
     * Bytes that a kill may cost in a short run: a quarter of the largest window of one holder (docs/files.md section 7.5). How much of it is used depends on how long a process waits for a processor, which is long where others build.
     */
    private static final long MAX_BYTES_A_KILL = 1 << 20;

    @TempDir
    Path temp;

    /** One side, in its present life. */
    private final class Side {
        private final String role;
        private final Path path;
        private final int port = freePort();
        private final Path home;
        private final PeerId id;
        private int kills;
        private Process process;
        private BufferedReader lines;

        Side(String role, Path path) throws IOException {
            this.role = role;
            this.path = path;
            this.home = temp.resolve("home-" + role);
            try (Identity identity = Identity.loadOrCreateUnencrypted(home)) {
                this.id = identity.id();
            }
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
                            home.toString(),
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
            process.destroyForcibly().waitFor();
        }

        /** The next line; null at the end. */
        String line() throws IOException {
            return lines.readLine();
        }
    }

    private Path counter() {
        return temp.resolve("counter");
    }

    /** Bytes that the holder has read to send them. */
    private long read() throws IOException {
        return Files.exists(counter())
                ? ByteBuffer.wrap(Files.readAllBytes(counter())).getLong()
                : 0;
    }

    private static int freePort() {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** When the holder has read so much, somebody is killed. */
    private record Kill(long when, boolean fetcher) {}

    private static List<Kill> kills() {
        final Random random = new Random(SEED);
        final List<Boolean> sides = new ArrayList<>();
        for (int i = 0; i < KILLS; i++) {
            sides.add(i % 2 == 0);
        }
        Collections.shuffle(sides, random);
        final long[] when = random.longs(KILLS, 0, LENGTH - 1).sorted().toArray();
        final List<Kill> kills = new ArrayList<>();
        for (int i = 0; i < KILLS; i++) {
            kills.add(new Kill(when[i], sides.get(i)));
        }
        return kills;
    }

    @Test
    void whoeverIsKilledTheFileArrivesAndHardlyAnythingIsSentTwice() throws Exception {
        System.err.println("moments of -Dcutlass.seed=" + SEED);
        final byte[] content = new byte[LENGTH];
        new Random(7).nextBytes(content);
        final Path file = Files.write(temp.resolve("a"), content);
        final Path in = temp.resolve("in");
        final Side fetcher = new Side("fetch", in);
        final Side holder = new Side("hold", file);
        try {
            fetcher.start(holder);
            holder.start(fetcher);
            for (Kill kill : kills()) {
                long last = read();
                while (last < kill.when) {
                    final String line = holder.line();
                    assertTrue(line != null && line.startsWith("read "), () -> line + " instead of " + kill);
                    last = Long.parseLong(line.substring("read ".length()));
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
            assertTrue(holder.process.waitFor(1, TimeUnit.MINUTES));
            assertEquals(0, holder.process.exitValue());
            fetcher.process.getOutputStream().close();
            assertTrue(fetcher.process.waitFor(1, TimeUnit.MINUTES));
            assertEquals(0, fetcher.process.exitValue());
        } finally {
            fetcher.process.destroyForcibly().waitFor();
            holder.process.destroyForcibly().waitFor();
        }
        assertEquals(-1, Files.mismatch(file, in.resolve("a")));
        try (Stream<Path> there = Files.list(in)) {
            assertEquals(List.of(in.resolve("a")), there.toList(), "nothing else");
        }
        final long repeated = read() - LENGTH;
        System.err.printf(
                "%d kills of the fetcher, %d of the holder, %,d bytes: %.2f %% sent twice, %,d bytes a kill%n",
                fetcher.kills, holder.kills, LENGTH, repeated * 100.0 / LENGTH, repeated / KILLS);
        assertTrue(
                repeated <= (KILLS < MANY ? MAX_BYTES_A_KILL * KILLS : LENGTH / 50), () -> repeated + " bytes twice");
    }
}
