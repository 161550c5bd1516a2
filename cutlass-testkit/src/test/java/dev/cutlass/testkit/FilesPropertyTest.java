package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One file from two to five holders, one of which may lie, over a network that loses and reorders, while everybody's program dies, is restarted, and is halted: it arrives, and nothing else does. A
 * liar offers the same content, under the same name or another one; so what it offers arrives, too, if anybody else has it, or does not, but never with a wrong byte.
 */
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

    /** Its content is another one, once it was hashed, with one read of some; and it does not say so. */
    private static final class Liar implements FileSource {
        private final byte[] content;
        private final SplittableRandom random;
        private final double truth;
        private long read;

        Liar(byte[] content, SplittableRandom random) {
            this.content = content;
            this.random = random;
            this.truth = random.nextBoolean() ? 0 : random.nextDouble();
        }

        @Override
        public long length() {
            return content.length;
        }

        @Override
        public int read(long position, ByteBuffer into) {
            final int count = (int) Math.min(into.remaining(), content.length - position);
            into.put(content, (int) position, count);
            if (read >= content.length && count > 0 && random.nextDouble() >= truth) {
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
        private final boolean lies;

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
            lies = random.nextBoolean() && content.length > 0;
            final int number = random.nextInt(2, 6) - (lies ? 1 : 0);
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
                holders.forEach(this::share);
                if (lies) {
                    final TestPeer liar = network.peer("liar", builder -> builder.files(FileSettings.outgoing()));
                    final String name = random.nextBoolean() ? "a" : "b";
                    liar.cutlass().files().send(liar.connect(fetcher), name, new Liar(content, random.split()));
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
                assertTrue(isDone(), () -> "holder: " + told(holders.get(0)) + "\nfetcher: " + told(fetcher));
                check();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String told(TestPeer peer) {
            final StringBuilder told = new StringBuilder();
            peer.cutlass()
                    .files()
                    .all()
                    .forEach(one ->
                            told.append(one).append(' ').append(one.failure()).append("; "));
            return told.append(peer.events()).toString();
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
            return holders.get(0).events(CutlassEvent.FileSent.class).size() > 0
                    && fetcher.cutlass().files().all().stream()
                            .allMatch(transfer -> transfer.state().isOver());
        }

        private void check() throws IOException {
            network.runFor(Duration.ofSeconds(5));
            final Set<String> names = new TreeSet<>();
            try (Stream<Path> files = Files.list(in)) {
                for (Path file : files.toList()) {
                    names.add(file.getFileName().toString());
                    assertTrue(Files.isRegularFile(file), () -> file + " is left");
                    assertArrayEquals(content, Files.readAllBytes(file), file::toString);
                }
            }
            final List<CutlassEvent.FileReceived> received = fetcher.events(CutlassEvent.FileReceived.class);
            final Set<String> told = new TreeSet<>();
            received.forEach(
                    event -> told.add(event.path().orElseThrow().getFileName().toString()));
            assertEquals(names, told, "what is there is what was told");
            assertEquals(names.size(), received.size(), "told once");
            assertTrue(names.contains("a"));
            assertTrue(names.size() == 1 || lies && names.size() == 2, names::toString); // what the liar offered
            assertEquals(1, holders.get(0).events(CutlassEvent.FileSent.class).size());
            assertTrue(fetcher.events(CutlassEvent.Failed.class).isEmpty());
            for (TestPeer holder : holders) {
                assertTrue(holder.events(CutlassEvent.FileAborted.class).isEmpty());
                assertTrue(holder.events(CutlassEvent.Failed.class).isEmpty());
            }
        }
    }
}
