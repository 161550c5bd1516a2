package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.FileSettings;
import dev.cutlass.Peer;
import dev.cutlass.Transfer;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.FileEntry;
import dev.cutlass.event.FilePolicy;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TransferState;
import dev.cutlass.spi.FileSink;
import dev.cutlass.spi.FileSource;
import dev.cutlass.spi.MemorySink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is bounded is so without losing anything, what is stuck ends with a reason, and what an application brings is given back once. */
final class FileLimitsTest {
    @TempDir
    Path temp;

    private static byte[] content(int length, long seed) {
        final byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static FileSettings acceptAll(Path folder) {
        return FileSettings.into(folder).policy(FilePolicy.ACCEPT);
    }

    private Path file(String name, byte[] content) throws IOException {
        final Path file = temp.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    private static void complete(TestNetwork network, Transfer transfer, Duration limit) {
        network.runUntil(() -> transfer.state().isOver(), limit);
        assertEquals(TransferState.COMPLETE, transfer.state(), () -> transfer + " " + transfer.failure());
    }

    private static void failed(TestNetwork network, Transfer transfer, TransferFailure why) {
        network.runUntil(() -> transfer.state().isOver(), Duration.ofMinutes(5));
        assertEquals(Optional.of(why), transfer.failure(), transfer::toString);
    }

    @Test
    void moreFilesThanAPeerTakesAtOnceAllArrive() throws IOException {
        try (TestNetwork network = TestNetwork.simulated(1)) {
            final TestPeer left = network.peer("left");
            network.peer("right", builder -> builder.files(acceptAll(temp)));
            final Peer other = left.connect(network.peers().get(1));
            final List<Transfer> sent = IntStream.range(0, 150)
                    .mapToObj(i -> left.cutlass().files().send(other, "f" + i, FileSource.of(content(1_000, i))))
                    .toList();
            for (Transfer transfer : sent) {
                complete(network, transfer, Duration.ofMinutes(2));
            }
            for (int i = 0; i < 150; i++) {
                assertArrayEquals(content(1_000, i), Files.readAllBytes(temp.resolve("f" + i)));
            }
        }
    }

    @Test
    void aFolderThatItsHolderHeldBackGoesOnAtOnce() throws IOException {
        for (int i = 0; i < 40; i++) {
            file("tree/f" + i, content(300_000, i));
        }
        try (TestNetwork network = TestNetwork.simulated(2)) {
            network.conditions().delayMillis(10, 10).rate(16_000_000, 100_000);
            final TestPeer left = network.peer("left");
            final TestPeer right = network.peer("right", builder -> builder.files(acceptAll(temp.resolve("in"))));
            final Transfer sent = left.cutlass().files().send(left.connect(right), temp.resolve("tree"));
            assertTrue(network.runUntil(() -> sent.progress().present() > 2_000_000, Duration.ofMinutes(1)));
            sent.pause();
            network.runFor(Duration.ofSeconds(20));
            assertEquals(
                    TransferState.PAUSED, right.cutlass().files().all().get(0).state());
            sent.resume();
            complete(network, sent, Duration.ofMinutes(1));
            assertEquals(
                    FileTransferTest.contents(temp.resolve("tree")),
                    FileTransferTest.contents(temp.resolve("in/tree")));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFolderOfManyFilesIsSentWithFewOfThemOpen() throws IOException {
        for (int i = 0; i < 400; i++) {
            file("tree/f" + i, content(70_000, i));
        }
        try (TestNetwork network = TestNetwork.simulated(3)) {
            final TestPeer left = network.peer("left", builder -> builder.home(temp.resolve("home")));
            final TestPeer right = network.peer("right", builder -> builder.files(acceptAll(temp.resolve("in"))));
            final Transfer sent = left.cutlass().files().send(left.connect(right), temp.resolve("tree"));
            network.runUntil(() -> sent.progress().present() > 25_000_000, Duration.ofMinutes(5));
            assertTrue(sent.progress().present() > 25_000_000, sent::toString);
            final long open = openBelow(temp.toRealPath());
            assertTrue(open < 200, () -> open + " files are open");
            complete(network, sent, Duration.ofMinutes(5));
        }
    }

    private static long openBelow(Path folder) throws IOException {
        long open = 0;
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path each : all.toList()) {
                try {
                    open += Files.readSymbolicLink(each).startsWith(folder) ? 1 : 0;
                } catch (IOException e) {
                    continue; // closed meanwhile: it was that of the list
                }
            }
        }
        return open;
    }

    @Test
    void aListingLongerThanAMessageComesWhole() throws IOException {
        Files.createDirectories(temp.resolve("many"));
        for (int i = 0; i < 3_000; i++) {
            Files.createFile(temp.resolve("many/a-name-that-is-not-too-short-" + i));
        }
        try (TestNetwork network = TestNetwork.simulated(4)) {
            final TestPeer left = network.peer("left");
            final TestPeer right = network.peer("right");
            left.cutlass().files().share("", temp);
            left.cutlass().files().share("many", temp.resolve("many"));
            final Peer other = right.connect(left);
            final List<String> names = network.await(right.cutlass().files().list(other, "many")).stream()
                    .map(FileEntry::name)
                    .toList();
            assertEquals(3_000, names.size());
            assertEquals(names.stream().sorted().toList(), names);
            assertEquals(
                    List.of("many"),
                    network.await(right.cutlass().files().list(other, "")).stream()
                            .map(FileEntry::name)
                            .toList());
        }
    }

    /** Where a person decides, offers wait for a day: what strangers offer must not take all the places. */
    @Test
    void strangersWithoutEndDoNotKeepOutWhoIsKnown() {
        try (TestNetwork network = TestNetwork.simulated(8)) {
            final TestPeer right = network.peer(
                    "right", builder -> builder.files(FileSettings.into(temp).policy(FilePolicy.ASK)));
            final List<Transfer> strangers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                final TestPeer stranger = network.peer("stranger" + i);
                final Peer other = stranger.connect(right);
                for (int file = 0; file < 32; file++) {
                    strangers.add(stranger.cutlass()
                            .files()
                            .send(other, "f" + i + "-" + file, FileSource.of(content(1_000, i * 32 + file))));
                }
            }
            network.runFor(Duration.ofSeconds(20));
            final TestPeer friend = network.peer("friend");
            final Peer there = friend.connect(right);
            right.cutlass().files().send(right.peer(friend), "before", FileSource.of(content(10, 1)));
            final Transfer sent = friend.cutlass().files().send(there, "mine", FileSource.of(content(1_000, 999)));
            assertTrue(network.runUntil(
                    () -> right.cutlass().files().all().stream()
                            .anyMatch(one -> one.name().equals("mine") && one.state() == TransferState.DECIDING),
                    Duration.ofSeconds(20)));
            assertEquals(TransferState.OFFERED, sent.state());
            final long undecided = right.cutlass().files().all().stream()
                    .filter(one -> !one.outgoing() && one.state() == TransferState.DECIDING)
                    .count();
            assertEquals(256 + 1, undecided, "of " + strangers.size());
        }
    }

    @Test
    void anOfferThatNobodyDecidesExpiresOnBothSides() {
        try (TestNetwork network = TestNetwork.simulated(5)) {
            final TestPeer left = network.peer("left");
            final TestPeer right = network.peer(
                    "right", builder -> builder.files(FileSettings.into(temp).policy(FilePolicy.ASK)));
            final Transfer sent = left.cutlass().files().send(left.connect(right), "a", FileSource.of(new byte[9]));
            network.runFor(Duration.ofHours(23));
            assertEquals(TransferState.OFFERED, sent.state());
            network.runFor(Duration.ofHours(2));
            assertEquals(Optional.of(TransferFailure.EXPIRED), sent.failure());
            assertEquals(
                    Optional.of(TransferFailure.EXPIRED),
                    right.cutlass().files().all().get(0).failure());
        }
    }

    @Test
    void aRequestThatNobodyDecidesExpiresOnBothSides() throws IOException {
        file("s/a", content(9, 1));
        try (TestNetwork network = TestNetwork.simulated(6)) {
            final TestPeer left = network.peer(
                    "left", builder -> builder.files(FileSettings.outgoing().requestPolicy(FilePolicy.ASK)));
            final TestPeer right = network.peer("right");
            left.cutlass().files().share("", temp.resolve("s"));
            final Transfer got = right.cutlass().files().request(right.connect(left), "a", temp.resolve("in"));
            network.runFor(Duration.ofHours(23));
            assertEquals(
                    TransferState.DECIDING, left.cutlass().files().all().get(0).state());
            assertFalse(got.state().isOver());
            network.runFor(Duration.ofHours(2));
            assertEquals(Optional.of(TransferFailure.EXPIRED), got.failure());
            assertEquals(
                    Optional.of(TransferFailure.EXPIRED),
                    left.cutlass().files().all().get(0).failure());
            assertEquals(1, left.events(CutlassEvent.FileAborted.class).size());
        }
    }

    /** Counts how it ends. */
    private static final class CountingSink implements FileSink {
        private final List<String> calls = new ArrayList<>();

        @Override
        public void write(long position, ByteBuffer block) {
            if (calls.isEmpty()) {
                calls.add("write");
            }
        }

        @Override
        public void complete() {
            calls.add("complete");
        }

        @Override
        public void abort(TransferFailure why) {
            calls.add(why.name());
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }

    @Test
    void aSinkIsGivenBackOnceHoweverItEnds() throws IOException {
        file("s/a", content(9_000_000, 1));
        try (TestNetwork network = TestNetwork.simulated(7)) {
            network.conditions().delayMillis(5, 5).rate(16_000_000, 100_000);
            final TestPeer left = network.peer("left");
            final TestPeer right = network.peer("right");
            left.cutlass().files().share("", temp.resolve("s"));
            final Peer other = right.connect(left);
            final CountingSink none = new CountingSink();
            failed(network, right.cutlass().files().request(other, "b", none), TransferFailure.NOT_FOUND);
            assertEquals(List.of("NOT_FOUND", "close"), none.calls);
            final CountingSink whole = new CountingSink();
            complete(network, right.cutlass().files().request(other, "a", whole), Duration.ofMinutes(1));
            assertEquals(List.of("write", "complete", "close"), whole.calls);
            final CountingSink cancelled = new CountingSink();
            final Transfer some = right.cutlass().files().request(other, "a", cancelled);
            assertTrue(network.runUntil(() -> some.progress().present() > 1_000_000, Duration.ofMinutes(1)));
            some.cancel();
            assertEquals(List.of("write", "CANCELLED", "close"), cancelled.calls);
            left.stop();
            network.runFor(Duration.ofMinutes(2));
            final CountingSink early = new CountingSink();
            right.cutlass().files().request(other, "a", early);
            right.stop();
            assertEquals(List.of("CLOSED", "close"), early.calls);
        }
    }

    @Test
    void aSinkIsFilledAlthoughTheSameFileComesToTheDisk() throws IOException {
        final byte[] content = content(5_000_000, 1);
        file("s/a", content);
        try (TestNetwork network = TestNetwork.simulated(8)) {
            network.conditions().delayMillis(5, 5).rate(16_000_000, 100_000);
            final TestPeer left = network.peer("left");
            final TestPeer right = network.peer("right");
            left.cutlass().files().share("", temp.resolve("s"));
            final Peer other = right.connect(left);
            final Transfer first = right.cutlass().files().request(other, "a", temp.resolve("in"));
            final MemorySink sink = FileSink.ofMemory(1 << 24);
            final Transfer second = right.cutlass().files().request(other, "a", sink);
            complete(network, first, Duration.ofMinutes(1));
            complete(network, second, Duration.ofMinutes(1));
            assertArrayEquals(content, sink.content());
            assertArrayEquals(content, Files.readAllBytes(temp.resolve("in/a")));
        }
    }

    @Test
    void whatIsAskedForTwiceIsOneTransferAndEitherOfTheTwoCancelsIt() throws IOException {
        file("s/a", content(5_000_000, 1));
        try (TestNetwork network = TestNetwork.simulated(9)) {
            network.conditions().delayMillis(5, 5).rate(16_000_000, 100_000);
            final TestPeer left = network.peer("left");
            final TestPeer right = network.peer("right");
            left.cutlass().files().share("", temp.resolve("s"));
            final Peer other = right.connect(left);
            final Transfer first = right.cutlass().files().request(other, "a", temp.resolve("in"));
            assertTrue(network.runUntil(() -> first.progress().present() > 1_000_000, Duration.ofMinutes(1)));
            final Transfer second = right.cutlass().files().request(other, "a", temp.resolve("in"));
            network.runFor(Duration.ofMillis(500));
            assertEquals(TransferState.RUNNING, second.state());
            second.cancel();
            assertEquals(Optional.of(TransferFailure.CANCELLED), first.failure());
            assertEquals(Optional.of(TransferFailure.CANCELLED), second.failure());
        }
    }

    @Test
    void aSourceThatThrowsAnythingHurtsNoOtherTransfer() throws IOException {
        try (TestNetwork network = TestNetwork.simulated(10)) {
            final TestPeer left = network.peer("left");
            final TestPeer right = network.peer("right", builder -> builder.files(acceptAll(temp)));
            final Peer other = left.connect(right);
            final Transfer bad = left.cutlass().files().send(other, "bad", new Broken(200_000));
            failed(network, bad, TransferFailure.READ_FAILED);
            final Transfer good = left.cutlass().files().send(other, "good", FileSource.of(content(200_000, 1)));
            complete(network, good, Duration.ofMinutes(1));
            assertArrayEquals(content(200_000, 1), Files.readAllBytes(temp.resolve("good")));
        }
    }

    /** Can be read once, to be hashed. */
    private static final class Broken implements FileSource {
        private final int length;
        private int read;

        Broken(int length) {
            this.length = length;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public int read(long position, ByteBuffer into) {
            if (read >= length) {
                throw new UnsupportedOperationException("not any more");
            }
            final int count = (int) Math.min(into.remaining(), length - position);
            into.put(new byte[count]);
            read += count;
            if (position + count == length && count > 0) {
                into.put(into.position() - 1, (byte) 1);
            }
            return count;
        }

        @Override
        public Object stamp() {
            return "";
        }
    }

    @Test
    void whatGoesOnAfterARestartIsAnnouncedOnBothSides() throws IOException {
        final Path source = file("out/a", content(12_000_000, 7));
        try (TestNetwork network = TestNetwork.simulated(11)) {
            network.conditions().delayMillis(10, 10).rate(16_000_000, 100_000);
            final TestPeer left = network.peer(
                    "left", builder -> builder.home(temp.resolve("lh")).files(FileSettings.outgoing()));
            final TestPeer right = network.peer(
                    "right", builder -> builder.home(temp.resolve("rh")).files(acceptAll(temp.resolve("in"))));
            left.cutlass().files().send(left.connect(right), source);
            for (TestPeer who : List.of(right, left)) {
                network.runFor(Duration.ofMillis(1_400));
                final int before = who.events(CutlassEvent.FileAccepted.class).size();
                who.restart();
                left.connect(right);
                network.runFor(Duration.ofMillis(700));
                assertEquals(
                        before + 1, who.events(CutlassEvent.FileAccepted.class).size(), who.toString());
            }
        }
    }

    @Test
    void aFileThatVanishedWhileItsHolderWasAwayIsGivenUpOnBothSides() throws IOException {
        final Path source = file("out/a", content(12_000_000, 7));
        try (TestNetwork network = TestNetwork.simulated(12)) {
            network.conditions().delayMillis(10, 10).rate(16_000_000, 100_000);
            final TestPeer left = network.peer(
                    "left", builder -> builder.home(temp.resolve("lh")).files(FileSettings.outgoing()));
            final TestPeer right = network.peer("right", builder -> builder.files(acceptAll(temp.resolve("in"))));
            left.cutlass().files().send(left.connect(right), source);
            network.runFor(Duration.ofMillis(1_400));
            left.crash();
            Files.delete(source);
            left.start();
            left.connect(right);
            final Transfer got = right.cutlass().files().all().get(0);
            assertTrue(network.runUntil(() -> got.state().isOver(), Duration.ofMinutes(1)), got::toString);
            assertFalse(Files.exists(temp.resolve("in/.cutlass")));
        }
    }
}
