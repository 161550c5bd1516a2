package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.FileOffer;
import dev.cutlass.FileRequest;
import dev.cutlass.FileSettings;
import dev.cutlass.Peer;
import dev.cutlass.Transfer;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.FileEntry;
import dev.cutlass.event.FilePolicy;
import dev.cutlass.event.Permission;
import dev.cutlass.event.Permissions;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TransferState;
import dev.cutlass.spi.FileSink;
import dev.cutlass.spi.FileSource;
import dev.cutlass.spi.MemorySink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files between two engines: pushed and pulled, from memory and from disk, to the end. */
final class FileTransferTest {
    @TempDir
    Path temp;

    static byte[] content(int length, long seed) {
        final byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static FileSettings acceptAll(Path folder) {
        return FileSettings.into(folder).policy(FilePolicy.ACCEPT);
    }

    @Test
    void contentInMemoryArrivesAsAFileAndBothSidesHearIt() throws IOException {
        try (TestNetwork network = TestNetwork.simulated(1)) {
            final TestPeer left = network.peer("left");
            final TestPeer right = network.peer("right", builder -> builder.files(acceptAll(temp)));
            left.cutlass().files();
            final byte[] content = content(300_000, 1);
            final Transfer sent = left.cutlass().files().send(left.connect(right), "a.bin", FileSource.of(content));
            assertTrue(network.runUntil(() -> sent.state().isOver(), Duration.ofMinutes(1)), sent.toString());
            assertEquals(TransferState.COMPLETE, sent.state());
            assertArrayEquals(content, Files.readAllBytes(temp.resolve("a.bin")));
            assertEquals(1, left.events(CutlassEvent.FileSent.class).size());
            assertEquals(1, right.events(CutlassEvent.FileReceived.class).size());
            assertFalse(Files.exists(temp.resolve(".cutlass")));
        }
    }

    static void complete(TestNetwork network, Transfer transfer) {
        network.runUntil(() -> transfer.state().isOver(), Duration.ofMinutes(20));
        assertEquals(TransferState.COMPLETE, transfer.state(), () -> transfer + " " + transfer.failure());
    }

    private Path file(String name, byte[] content) throws IOException {
        final Path file = temp.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    static void noneLeft(Path folder) {
        assertFalse(Files.exists(folder.resolve(".cutlass")), () -> "something is left in " + folder);
    }

    @Test
    void aFileOfTheDiskIsAskedForByItsNameAndComes() throws IOException {
        final Path in = temp.resolve("in");
        final byte[] content = content(5_000_001, 2);
        file("shared/docs/b.bin", content);
        try (TestNetwork network = TestNetwork.simulated(2)) {
            network.conditions().loss(0.02).delayMillis(5, 15);
            final TestPeer left = network.peer("left", builder -> builder.files(FileSettings.outgoing()));
            final TestPeer right = network.peer("right");
            left.cutlass().files().share("stuff", temp.resolve("shared"));
            final Peer other = right.connect(left);
            assertEquals(
                    List.of("stuff"),
                    network.await(right.cutlass().files().list(other, "")).stream()
                            .map(FileEntry::name)
                            .toList());
            assertEquals(
                    List.of("stuff/docs/b.bin"),
                    network.await(right.cutlass().files().list(other, "stuff/docs")).stream()
                            .map(FileEntry::name)
                            .toList());
            final Transfer got = right.cutlass().files().request(other, "stuff/docs/b.bin", in);
            complete(network, got);
            assertArrayEquals(content, Files.readAllBytes(in.resolve("b.bin")));
            assertEquals(
                    in.toRealPath().resolve("b.bin"),
                    network.await(got.result()).orElseThrow());
            noneLeft(in);
            assertTrue(network.runUntil(
                    () -> left.events(CutlassEvent.FileSent.class).size() == 1, Duration.ofMinutes(1)));
            final Transfer none = right.cutlass().files().request(other, "stuff/../secret", in);
            assertTrue(network.runUntil(() -> none.state().isOver(), Duration.ofMinutes(1)));
            assertEquals(Optional.of(TransferFailure.NOT_FOUND), none.failure());
        }
    }

    @Test
    void aFolderArrivesWithEmptyFilesAndEmptyFoldersAndAllNames() throws IOException {
        final Path in = temp.resolve("in");
        for (int i = 0; i < 30; i++) {
            file("tree/a" + i % 4 + "/f" + i, content(i * 7_001, i));
        }
        file("tree/empty", new byte[0]);
        file("tree/.hidden", content(10, 3));
        file("tree/large", content(900_000, 3));
        Files.createDirectories(temp.resolve("tree/nothing/in/it"));
        try (TestNetwork network = TestNetwork.simulated(3)) {
            network.conditions().delayMillis(5, 15);
            final TestPeer left = network.peer("left");
            final TestPeer right = network.peer("right", builder -> builder.files(acceptAll(in)));
            final Transfer sent = left.cutlass().files().send(left.connect(right), temp.resolve("tree"));
            complete(network, sent);
            assertEquals(contents(temp.resolve("tree")), contents(in.resolve("tree")));
            noneLeft(in);
            final CutlassEvent.FileReceived received =
                    right.events(CutlassEvent.FileReceived.class).get(0);
            assertEquals(Optional.of(in.toRealPath().resolve("tree")), received.path());
        }
    }

    static Map<String, String> contents(Path folder) throws IOException {
        final Map<String, String> all = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.toList()) {
                all.put(
                        folder.relativize(path).toString(),
                        Files.isDirectory(path) ? "/" : Arrays.hashCode(Files.readAllBytes(path)) + "");
            }
        }
        return all;
    }

    @Test
    void anEmptyFileAndAFileOfOneBlockAndTheSameNameTwiceArrive() throws IOException {
        try (TestNetwork network = TestNetwork.simulated(4)) {
            final TestPeer left = network.peer("left");
            network.peer("right", builder -> builder.files(acceptAll(temp)));
            final Peer other = left.connect(network.peers().get(1));
            for (int length : new int[] {0, 1, 65_535, 65_536, 65_537}) {
                complete(network, left.cutlass().files().send(other, "x.y", FileSource.of(content(length, length))));
            }
            assertEquals(0, Files.size(temp.resolve("x.y")));
            assertArrayEquals(content(65_537, 65_537), Files.readAllBytes(temp.resolve("x (5).y")));
            noneLeft(temp);
        }
    }

    @Test
    void whatThePolicyRefusesFailsWithItsReasonOnBothSides() {
        try (TestNetwork network = TestNetwork.simulated(5)) {
            final TestPeer left = network.peer("left");
            final TestPeer right = network.peer(
                    "right", builder -> builder.files(FileSettings.into(temp).policy(FilePolicy.REFUSE)));
            final Peer other = left.connect(right);
            final Transfer sent = left.cutlass().files().send(other, "a", FileSource.of(new byte[9]));
            assertTrue(network.runUntil(() -> sent.state().isOver(), Duration.ofMinutes(1)));
            assertEquals(Optional.of(TransferFailure.DECLINED), sent.failure());
            right.peer(left).permissions(Permissions.all().without(Permission.FILE));
            final Transfer again = left.cutlass().files().send(other, "a", FileSource.of(new byte[9]));
            assertTrue(network.runUntil(() -> again.state().isOver(), Duration.ofMinutes(1)));
            assertEquals(Optional.of(TransferFailure.NOT_PERMITTED), again.failure());
            final TestPeer nobody = network.peer("nobody");
            final Transfer never = left.cutlass().files().send(left.connect(nobody), "a", FileSource.of(new byte[9]));
            assertTrue(network.runUntil(() -> never.state().isOver(), Duration.ofMinutes(1)));
            assertEquals(Optional.of(TransferFailure.NOT_SUPPORTED), never.failure());
        }
    }

    @Test
    void aPersonDecidesAboutOffersAndRequests() throws IOException {
        final List<FileOffer> offers = new ArrayList<>();
        final List<FileRequest> requests = new ArrayList<>();
        file("s/b", content(100, 1));
        try (TestNetwork network = TestNetwork.simulated(6)) {
            final TestPeer left = network.peer("left");
            final TestPeer right = network.peer(
                    "right",
                    builder -> builder.files(FileSettings.outgoing()
                                    .policy(FilePolicy.ASK)
                                    .requestPolicy(FilePolicy.ASK))
                            .onFileOffer(offers::add)
                            .onFileRequest(requests::add));
            final Peer other = left.connect(right);
            final Transfer first = left.cutlass().files().send(other, "a", FileSource.of(content(200_000, 1)));
            final Transfer second = left.cutlass().files().send(other, "b", FileSource.of(content(9, 1)));
            assertTrue(network.runUntil(() -> offers.size() == 2, Duration.ofMinutes(1)));
            assertEquals(TransferState.OFFERED, first.state());
            final MemorySink sink = FileSink.ofMemory(1 << 20);
            offers.get(0).accept(sink);
            offers.get(1).reject();
            complete(network, first);
            assertArrayEquals(content(200_000, 1), sink.content());
            assertTrue(network.runUntil(() -> second.state().isOver(), Duration.ofMinutes(1)));
            assertEquals(Optional.of(TransferFailure.DECLINED), second.failure());
            right.cutlass().files().share("", temp.resolve("s"));
            final Transfer got = left.cutlass().files().request(other, "b", temp.resolve("in"));
            assertTrue(network.runUntil(() -> requests.size() == 1, Duration.ofMinutes(1)));
            assertFalse(got.state().isOver());
            requests.get(0).accept();
            complete(network, got);
        }
    }

    @Test
    void eitherSidePausesAndGoesOn() throws IOException {
        try (TestNetwork network = TestNetwork.simulated(7)) {
            network.conditions().delayMillis(10, 10).rate(16_000_000, 100_000);
            final TestPeer left = network.peer("left");
            final TestPeer right = network.peer("right", builder -> builder.files(acceptAll(temp)));
            final byte[] content = content(20_000_000, 7);
            final Transfer sent = left.cutlass().files().send(left.connect(right), "a", FileSource.of(content));
            assertTrue(network.runUntil(() -> sent.progress().present() > 3_000_000, Duration.ofMinutes(1)));
            final Transfer got = right.cutlass().files().all().get(0);
            for (Transfer who : List.of(sent, got)) {
                who.pause();
                network.runFor(Duration.ofSeconds(3));
                final long before = got.progress().present();
                assertEquals(TransferState.PAUSED, sent.state());
                assertEquals(TransferState.PAUSED, got.state());
                network.runFor(Duration.ofMinutes(2));
                assertEquals(before, got.progress().present());
                who.resume();
                network.runFor(Duration.ofSeconds(2));
                assertEquals(TransferState.RUNNING, sent.state());
                assertEquals(TransferState.RUNNING, got.state());
            }
            complete(network, sent);
            assertArrayEquals(content, Files.readAllBytes(temp.resolve("a")));
            assertTrue(
                    got.progress().repeatedBytes() < 2_000_000,
                    () -> got.progress().toString());
        }
    }

    @Test
    void eitherSideCancelsAndNothingIsLeft() {
        for (boolean holder : new boolean[] {true, false}) {
            try (TestNetwork network = TestNetwork.simulated(8)) {
                network.conditions().delayMillis(10, 10).rate(16_000_000, 100_000);
                final TestPeer left = network.peer("left");
                final TestPeer right = network.peer("right", builder -> builder.files(acceptAll(temp)));
                final Transfer sent =
                        left.cutlass().files().send(left.connect(right), "a", FileSource.of(content(9_000_000, 7)));
                assertTrue(network.runUntil(() -> sent.progress().present() > 1_000_000, Duration.ofMinutes(1)));
                final Transfer got = right.cutlass().files().all().get(0);
                (holder ? sent : got).cancel();
                network.runFor(Duration.ofSeconds(5));
                assertEquals(Optional.of(TransferFailure.CANCELLED), sent.failure());
                assertEquals(Optional.of(TransferFailure.CANCELLED), got.failure());
                noneLeft(temp);
                assertFalse(Files.exists(temp.resolve("a")));
                assertEquals(1, left.events(CutlassEvent.FileAborted.class).size());
                assertEquals(1, right.events(CutlassEvent.FileAborted.class).size());
            }
        }
    }

    @Test
    void aSourceThatChangesIsNoticed() throws IOException {
        final Path source = file("out/a", content(9_000_000, 7));
        try (TestNetwork network = TestNetwork.simulated(9)) {
            network.conditions().delayMillis(10, 10).rate(16_000_000, 100_000);
            final TestPeer left = network.peer("left");
            final TestPeer right = network.peer("right", builder -> builder.files(acceptAll(temp.resolve("in"))));
            final Transfer sent = left.cutlass().files().send(left.connect(right), source);
            assertTrue(network.runUntil(() -> sent.progress().present() > 1_000_000, Duration.ofMinutes(1)));
            Files.write(source, content(9_000_001, 8));
            network.runFor(Duration.ofSeconds(9));
            assertEquals(Optional.of(TransferFailure.CHANGED), sent.failure());
            assertEquals(
                    Optional.of(TransferFailure.CHANGED),
                    right.cutlass().files().all().get(0).failure());
            noneLeft(temp.resolve("in"));
        }
    }

    @Test
    void theLimitOfBytesHolds() throws IOException {
        try (TestNetwork network = TestNetwork.simulated(10)) {
            network.conditions().delayMillis(5, 5);
            final TestPeer left = network.peer("left");
            final TestPeer right = network.peer("right", builder -> builder.files(acceptAll(temp)));
            left.cutlass().files().bandwidth(500_000, 0);
            final long start = network.conditions().nanos();
            final Transfer sent =
                    left.cutlass().files().send(left.connect(right), "a", FileSource.of(content(5_000_000, 7)));
            complete(network, sent);
            final double seconds = (network.conditions().nanos() - start) / 1e9;
            assertTrue(seconds > 9 && seconds < 12, () -> seconds + " s");
            right.cutlass().files().bandwidth(0, 250_000);
            left.cutlass().files().bandwidth(0, 0);
            final long again = network.conditions().nanos();
            complete(network, left.cutlass().files().send(left.peer(right), "b", FileSource.of(content(5_000_000, 8))));
            final double slow = (network.conditions().nanos() - again) / 1e9;
            assertTrue(slow > 18 && slow < 24, () -> slow + " s");
        }
    }

    @Test
    void blocksComeFromAllWhoHaveTheFile() throws IOException {
        final byte[] content = content(20_000_000, 7);
        file("h0/a", content);
        file("h1/a", content);
        final Path in = temp.resolve("in");
        try (TestNetwork network = TestNetwork.simulated(11)) {
            network.conditions().delayMillis(10, 10).rate(8_000_000, 100_000);
            final List<TestPeer> holders = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                final TestPeer holder = network.peer("h" + i, builder -> builder.files(FileSettings.outgoing()));
                holder.cutlass().files().share("a", temp.resolve("h" + i + "/a"));
                holders.add(holder);
            }
            final TestPeer right = network.peer("right");
            final Peer first = right.connect(holders.get(0));
            right.connect(holders.get(1));
            final long start = network.conditions().nanos();
            final Transfer got = right.cutlass().files().request(first, "a", in);
            complete(network, got);
            final double seconds = (network.conditions().nanos() - start) / 1e9;
            assertTrue(seconds < 16, () -> seconds + " s for 20 s of one holder");
            assertArrayEquals(content, Files.readAllBytes(in.resolve("a")));
        }
    }

    @Test
    void afterARestartOfEitherSideItGoesOnByItself() throws IOException {
        final byte[] content = content(12_000_000, 7);
        final Path source = file("out/a", content);
        final Path in = temp.resolve("in");
        try (TestNetwork network = TestNetwork.simulated(12)) {
            network.conditions().delayMillis(10, 10).rate(16_000_000, 100_000);
            final TestPeer left = network.peer(
                    "left", builder -> builder.home(temp.resolve("lh")).files(FileSettings.outgoing()));
            final TestPeer right = network.peer(
                    "right", builder -> builder.home(temp.resolve("rh")).files(acceptAll(in)));
            left.cutlass().files().send(left.connect(right), source);
            for (TestPeer who : List.of(right, left, right)) {
                network.runFor(Duration.ofMillis(1_400));
                if (who == left) {
                    who.restart();
                } else {
                    who.crash();
                    who.start();
                }
                left.connect(right);
            }
            assertTrue(
                    network.runUntil(
                            () -> left.events(CutlassEvent.FileSent.class).size() == 1, Duration.ofMinutes(2)),
                    () -> left.cutlass().files().all() + " "
                            + right.cutlass().files().all());
            assertArrayEquals(content, Files.readAllBytes(in.resolve("a")));
            noneLeft(in);
            assertEquals(1, right.events(CutlassEvent.FileReceived.class).size());
        }
    }
}
