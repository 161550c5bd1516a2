package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.FileSettings;
import dev.cutlass.Peer;
import dev.cutlass.Transfer;
import dev.cutlass.event.PeerState;
import dev.cutlass.event.TransferState;
import dev.cutlass.spi.FileSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fetcher is a process that is killed again and again: the file arrives, and hardly anything is sent twice. {@code -Dcutlass.file.kills} and {@code -Dcutlass.file.length} make it longer. */
final class FileKillTest {
    private static final int KILLS = Integer.getInteger("cutlass.file.kills", 4);
    private static final int LENGTH = Integer.getInteger("cutlass.file.length", 16_000_000);

    /** Bytes that a kill may cost: 2 % of 200 MB in 50 kills, half of which hit the other side, where nothing is lost. */
    private static final long MAX_REPEATED = 160_000;

    @TempDir
    Path temp;

    /** Content in memory that counts what is read of it. */
    private static final class Counting implements FileSource {
        private final byte[] content;
        private final AtomicLong read = new AtomicLong();

        Counting(byte[] content) {
            this.content = content;
        }

        @Override
        public long length() {
            return content.length;
        }

        @Override
        public int read(long position, ByteBuffer into) {
            final int count = (int) Math.min(into.remaining(), content.length - position);
            into.put(content, (int) position, count);
            read.addAndGet(count);
            return count;
        }

        @Override
        public Object stamp() {
            return "";
        }
    }

    @Test
    void aFetcherThatIsKilledGoesOnWhereItWas() throws Exception {
        final byte[] content = new byte[LENGTH];
        new Random(7).nextBytes(content);
        final Counting source = new Counting(content);
        final Path in = temp.resolve("in");
        try (TestNetwork network = TestNetwork.loopback()) {
            final TestPeer holder = network.peer("holder", builder -> builder.files(FileSettings.outgoing()));
            Process fetcher = start(holder, in);
            try {
                assertTrue(network.runUntil(
                        () -> !holder.cutlass().peers().isEmpty()
                                && holder.cutlass().peers().get(0).state() == PeerState.CONNECTED,
                        Duration.ofMinutes(1)));
                final Peer peer = holder.cutlass().peers().get(0);
                final Transfer sent = holder.cutlass().files().send(peer, "a", source);
                final long[] at =
                        new Random().longs(KILLS, LENGTH / 50, LENGTH).sorted().toArray();
                for (long when : at) {
                    // once through for the hashes before it is offered
                    assertTrue(
                            network.runUntil(
                                    () -> source.read.get() >= LENGTH + when
                                            || sent.state().isOver(),
                                    Duration.ofMinutes(2)),
                            () -> sent + " " + sent.progress() + " " + source.read);
                    fetcher.destroyForcibly().waitFor();
                    fetcher = start(holder, in);
                }
                sent.result().get(3, TimeUnit.MINUTES);
                assertEquals(TransferState.COMPLETE, sent.state());
            } finally {
                fetcher.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
            assertTrue(Arrays.equals(content, Files.readAllBytes(in.resolve("a"))));
            final double repeated = (source.read.get() - 2.0 * LENGTH) / LENGTH;
            System.err.printf(
                    "%d kills of %,d bytes: %.2f %% read twice, %,d bytes a kill%n",
                    KILLS, LENGTH, repeated * 100, (source.read.get() - 2L * LENGTH) / KILLS);
            assertTrue(repeated * LENGTH <= MAX_REPEATED * KILLS, () -> repeated + " of it twice");
        }
        assertFalse(Files.exists(in.resolve("a (2)")));
    }

    private Process start(TestPeer holder, Path in) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FetcherProgram.class.getName(),
                        temp.resolve("home").toString(),
                        in.toString(),
                        holder.address().text())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
