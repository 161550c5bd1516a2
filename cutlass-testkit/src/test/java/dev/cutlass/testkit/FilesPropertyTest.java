package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.FileSettings;
import dev.cutlass.Transfer;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.FilePolicy;
import dev.cutlass.event.HolderPolicy;
import dev.cutlass.fixtures.Partition;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.spi.FileSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One file from one to three holders, one of which may lie, over a network that loses and reorders, while everybody's program dies, is restarted, and is halted: it arrives, and nothing else does. */
final class FilesPropertyTest {
    private static final int STEPS = 14;
    private static final int MAX_LENGTH = 3_000_000;

    @TempDir
    Path temp;

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void whatIsOfferedArrivesWhateverHappens(long seed) {
        Seeds.run(seed, s -> new Run(s, temp.resolve("s" + s)).run());
    }

    /** Its content is another one once it was hashed, and it does not say so. */
    private static final class Liar implements FileSource {
        private final byte[] content;
        private long read;

        Liar(byte[] content) {
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
            if (read >= content.length && count > 0) {
                into.put(into.position() - 1, (byte) ~into.get(into.position() - 1));
            }
            read += count;
            return count;
        }

        @Override
        public Object stamp() {
            return "the same as ever";
        }
    }

    private static final class Run {
        private final SplittableRandom random;
        private final TestNetwork network;
        private final Path folder;
        private final Path in;
        private final byte[] content;
        private final List<TestPeer> holders = new ArrayList<>();
        private final TestPeer fetcher;
        private boolean lies;

        Run(long seed, Path folder) {
            this.random = new SplittableRandom(seed);
            this.network = TestNetwork.simulated(seed);
            this.folder = folder;
            this.in = folder.resolve("in");
            this.content = new byte[random.nextInt(4) == 0 ? random.nextInt(70_000) : random.nextInt(MAX_LENGTH)];
            for (int from = 0; from < content.length; from += 65_536 * 3) {
                if (random.nextInt(3) > 0) {
                    final byte[] part = new byte[Math.min(65_536 * 3, content.length - from)];
                    random.nextBytes(part);
                    System.arraycopy(part, 0, content, from, part.length);
                }
            }
            final int least = random.nextInt(1, 40);
            network.conditions()
                    .loss(random.nextInt(3) == 0 ? 0 : random.nextDouble(0.1))
                    .duplicate(random.nextDouble(0.05))
                    .reorder(random.nextDouble(0.1), Duration.ofMillis(random.nextInt(1, 50)))
                    .delayMillis(least, least + random.nextInt(20))
                    .rate(8_000_000, 200_000);
            final int number = random.nextInt(1, 4);
            for (int i = 0; i < number; i++) {
                write(folder.resolve("h" + i + "/a"));
                final Path home = folder.resolve("home" + i);
                holders.add(network.peer(
                        "holder" + i,
                        builder -> builder.home(home)
                                .quiet(Duration.ofSeconds(2))
                                .pingInterval(Duration.ofSeconds(1))
                                .idle(Duration.ofSeconds(8))
                                .files(FileSettings.outgoing())));
            }
            fetcher = network.peer(
                    "fetcher",
                    builder -> builder.home(folder.resolve("home"))
                            .quiet(Duration.ofSeconds(2))
                            .pingInterval(Duration.ofSeconds(1))
                            .idle(Duration.ofSeconds(8))
                            .files(FileSettings.into(in)
                                    .policy(FilePolicy.ACCEPT)
                                    .findHolders(HolderPolicy.ALL)
                                    .verifyAtEnd(random.nextBoolean())));
        }

        private void write(Path file) {
            try {
                Files.createDirectories(file.getParent());
                Files.write(file, content);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void run() {
            try (network) {
                lies = random.nextInt(3) == 0 && content.length > 0;
                final TestPeer liar = network.peer("liar", builder -> builder.files(FileSettings.outgoing()));
                holders.forEach(this::share);
                if (lies) {
                    liar.cutlass().files().send(liar.connect(fetcher), "a", new Liar(content));
                }
                holders.get(0).cutlass().files().send(holders.get(0).connect(fetcher), folder.resolve("h0/a"));
                final List<Partition> partitions = new ArrayList<>();
                for (int step = 0; step < STEPS; step++) {
                    step(partitions);
                    network.runFor(Duration.ofMillis((long) Math.pow(10, random.nextDouble(0.5, 3.7))));
                }
                partitions.forEach(Partition::heal);
                for (int i = 0; i < 40 && !isDone(); i++) {
                    meetAll();
                    network.runUntil(this::isDone, Duration.ofSeconds(20));
                }
                assertTrue(
                        isDone(),
                        () -> holders.get(0).cutlass().files().all() + " "
                                + fetcher.cutlass().files().all());
                check();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void share(TestPeer holder) {
            holder.cutlass().files().share("a", folder.resolve("h" + holders.indexOf(holder) + "/a"));
        }

        private void meetAll() {
            for (TestPeer holder : holders) {
                holder.cutlass().connect(fetcher.address());
                for (Transfer transfer : holder.cutlass().files().all()) {
                    transfer.resume();
                }
            }
            fetcher.cutlass().files().all().forEach(Transfer::resume);
        }

        private void step(List<Partition> partitions) {
            final TestPeer holder = holders.get(random.nextInt(holders.size()));
            switch (random.nextInt(11)) {
                case 0 -> partitions.add(network.conditions().isolate(holder.host()));
                case 1 -> partitions.forEach(Partition::heal);
                case 2 -> holder.host().move();
                case 3 -> {
                    holder.crash();
                    holder.start();
                    share(holder);
                }
                case 4 -> {
                    holder.restart();
                    share(holder);
                }
                case 5, 6 -> {
                    fetcher.crash();
                    fetcher.start();
                }
                case 7 -> fetcher.restart();
                case 8 -> holder.cutlass().files().all().forEach(Transfer::pause);
                case 9 -> fetcher.cutlass().files().all().forEach(Transfer::pause);
                default -> meetAll();
            }
        }

        private boolean isDone() {
            return received() > 0
                    && holders.get(0).events(CutlassEvent.FileSent.class).size() > 0;
        }

        private int received() {
            return fetcher.events(CutlassEvent.FileReceived.class).size();
        }

        private void check() throws IOException {
            assertArrayEquals(content, Files.readAllBytes(in.resolve("a")));
            if (!lies) { // else both offer it, and who is late offers what is there already: another copy
                assertEquals(1, received());
                assertFalse(Files.exists(in.resolve("a (2)")), "it came twice");
            }
            assertEquals(1, holders.get(0).events(CutlassEvent.FileSent.class).size());
            network.runFor(Duration.ofSeconds(5));
            assertFalse(Files.exists(in.resolve(".cutlass")), "something is left");
            assertTrue(fetcher.events(CutlassEvent.Failed.class).isEmpty());
            assertTrue(holders.get(0).events(CutlassEvent.Failed.class).isEmpty());
        }
    }
}
