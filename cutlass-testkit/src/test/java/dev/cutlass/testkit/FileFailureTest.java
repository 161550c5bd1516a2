package dev.cutlass.testkit;

import static dev.cutlass.testkit.FileTransferTest.acceptAll;
import static dev.cutlass.testkit.FileTransferTest.complete;
import static dev.cutlass.testkit.FileTransferTest.content;
import static dev.cutlass.testkit.FileTransferTest.contents;
import static dev.cutlass.testkit.FileTransferTest.noneLeft;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cutlass.FileSettings;
import dev.cutlass.Transfer;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TransferState;
import dev.cutlass.spi.FileSink;
import dev.cutlass.spi.FileSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong with a file says why, on both sides, and leaves nothing half-done under a name. */
final class FileFailureTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int LENGTH = 6_000_000;

    /** What {@code unshare} and {@code sh} say if they may not. */
    private static final int NO_DISK = 1;

    @TempDir
    Path temp;

    private Path file(String name, byte[] content) throws IOException {
        final Path file = temp.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    private Path in() {
        return temp.resolve("in");
    }

    private static Transfer only(TestPeer peer) {
        final List<Transfer> all = peer.cutlass().files().all();
        assertEquals(1, all.size(), all::toString);
        return all.get(0);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    /** Two peers on a link that takes 3 s for {@link #LENGTH}. */
    private TestNetwork network(long seed) {
        final TestNetwork network = TestNetwork.simulated(seed);
        network.conditions().delayMillis(10, 10).rate(16_000_000, 100_000);
        network.peer("left", builder -> builder.home(temp.resolve("home-left")).files(FileSettings.outgoing()));
        network.peer(
                "right", builder -> builder.home(temp.resolve("home-right")).files(acceptAll(in())));
        return network;
    }

    /** Sends a file, does something when a third of it is there, and waits until it is over. */
    private static Transfer sendAnd(TestNetwork network, Path source, Consumer<Transfer> inTheMiddle) {
        final TestPeer left = network.peers().get(0);
        final TestPeer right = network.peers().get(1);
        final Transfer sent = left.cutlass().files().send(left.connect(right), source);
        assertTrue(network.runUntil(() -> sent.progress().present() > LENGTH / 3, LONG), sent::toString);
        inTheMiddle.accept(sent);
        assertTrue(network.runUntil(() -> sent.state().isOver(), LONG), sent::toString);
        network.runFor(Duration.ofSeconds(5));
        return sent;
    }

    private static void assertFailed(TestNetwork network, TransferFailure why) {
        for (TestPeer peer : network.peers()) {
            assertEquals(Optional.of(why), only(peer).failure(), peer::toString);
            final List<CutlassEvent.FileAborted> events = peer.events(CutlassEvent.FileAborted.class);
            assertEquals(1, events.size(), events::toString);
            assertEquals(why, events.get(0).failure());
            assertEquals(List.of(), peer.events(CutlassEvent.Failed.class));
        }
        assertEquals(List.of(), network.peers().get(1).events(CutlassEvent.FileReceived.class));
    }

    /** Reads well once, to be hashed; then every block has a wrong byte. */
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
            // the whole block is right: so it finds nothing when it looks at what it is told was wrong
            if (read >= content.length && count > 0 && count < 65_536) {
                into.put(into.position() - 1, (byte) ~into.get(into.position() - 1));
            }
            read += count;
            return count;
        }

        @Override
        public Object stamp() {
            return "";
        }
    }

    @Test
    void ifTheOnlyHolderLiesItFailsAsWrongDataAfterThreeBlocks() throws IOException {
        try (TestNetwork network = network(1)) {
            final TestPeer left = network.peers().get(0);
            final TestPeer right = network.peers().get(1);
            final Transfer sent = left.cutlass().files().send(left.connect(right), "a", new Liar(content(LENGTH, 1)));
            assertTrue(network.runUntil(() -> sent.state().isOver(), LONG));
            network.runFor(Duration.ofSeconds(5));
            assertFailed(network, TransferFailure.WRONG_DATA);
            assertEquals(3, only(right).progress().wrongBlocks());
            assertEquals(List.of(), names(in()));
        }
    }

    /** Others who offered it are away: what a liar does is no reason to give it up. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whenALiarIsTheOnlyOneThereItWaitsForWhoElseOfferedIt(boolean takesItBack) throws IOException {
        final byte[] content = content(LENGTH, 1);
        final Path source = file("out/a", content);
        try (TestNetwork network = TestNetwork.simulated(1)) {
            network.conditions().delayMillis(10, 10).rate(8_000_000, 100_000);
            final TestPeer left = network.peer(
                    "left", builder -> builder.home(temp.resolve("home")).files(FileSettings.outgoing()));
            final TestPeer right = network.peer(
                    "right", builder -> builder.home(temp.resolve("home-right")).files(acceptAll(in())));
            final TestPeer liar = network.peer("liar", builder -> builder.files(FileSettings.outgoing()));
            left.cutlass().files().send(left.connect(right), source);
            assertTrue(network.runUntil(() -> !right.cutlass().files().all().isEmpty(), LONG));
            left.crash();
            right.crash();
            right.start();
            final Transfer lie = liar.cutlass().files().send(liar.connect(right), "a", new Liar(content));
            if (takesItBack) {
                assertTrue(network.runUntil(() -> lie.state() == TransferState.RUNNING, LONG));
                lie.cancel();
            }
            network.runFor(Duration.ofMinutes(1));
            assertEquals(
                    TransferState.AWAY,
                    only(right).state(),
                    () -> right.events().toString());
            left.start();
            left.connect(right);
            complete(network, only(right));
            assertArrayEquals(content, Files.readAllBytes(in().resolve("a")));
            noneLeft(in());
        }
    }

    @Test
    void aFileThatVanishesIsToldAndWhatCameWaitsWithoutAName() throws IOException {
        final Path source = file("out/a", content(LENGTH, 2));
        try (TestNetwork network = network(2)) {
            sendAnd(network, source, sent -> {
                try {
                    Files.delete(source);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertFailed(network, TransferFailure.READ_FAILED);
            assertEquals(List.of(".cutlass"), names(in()), "it may be back");
            Files.write(source, content(LENGTH, 2));
            final TestPeer left = network.peers().get(0);
            final Transfer again =
                    left.cutlass().files().send(left.peer(network.peers().get(1)), source);
            network.runFor(Duration.ofMillis(500));
            final List<Transfer> got = network.peers().get(1).cutlass().files().all();
            assertTrue(got.get(got.size() - 1).progress().present() > LENGTH / 3, () -> got + " goes on where it was");
            complete(network, again);
            assertEquals(List.of("a"), names(in()));
        }
    }

    @Test
    void aFileOfAFolderThatChangesIsToldAndOnlyCompleteOnesHaveNames() throws IOException {
        file("out/tree/a", content(3_000_000, 2));
        final Path later = file("out/tree/b", content(4_000_000, 3));
        try (TestNetwork network = network(3)) {
            sendAnd(network, temp.resolve("out/tree"), sent -> {
                try {
                    Files.write(later, content(4_000_001, 4));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertFailed(network, TransferFailure.CHANGED);
            noneLeft(in());
            for (String name : names(in().resolve("tree"))) {
                assertEquals("a", name);
                assertArrayEquals(content(3_000_000, 2), Files.readAllBytes(in().resolve("tree/a")));
            }
        }
    }

    @Test
    void aChangeThatKeepsLengthAndDateIsFoundByTheFetcher() throws IOException {
        final Path source = file("out/a", content(LENGTH, 2));
        final var date = Files.getLastModifiedTime(source);
        try (TestNetwork network = network(4)) {
            sendAnd(network, source, sent -> {
                try (FileChannel file = FileChannel.open(source, StandardOpenOption.WRITE)) {
                    file.write(ByteBuffer.wrap(content(LENGTH / 2, 9)), LENGTH / 2);
                    Files.setLastModifiedTime(source, date);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertFailed(network, TransferFailure.CHANGED);
            assertEquals(List.of(), names(in()));
        }
    }

    @Test
    void aTargetFolderThatIsNotThereAnyMoreIsToldAndItGoesOnWhenItIsBack() throws IOException {
        final byte[] content = content(LENGTH, 5);
        final Path source = file("out/a", content);
        try (TestNetwork network = network(5)) {
            final TestPeer left = network.peers().get(0);
            final TestPeer right = network.peers().get(1);
            final Path away = temp.resolve("away");
            final Transfer sent = sendAnd(network, source, transfer -> {
                try {
                    Files.move(in(), away);
                    Files.writeString(in(), "a file now");
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertEquals(TransferState.FAILED, sent.state(), () -> sent + " though the folder is gone");
            assertEquals(Optional.of(TransferFailure.WRITE_FAILED), sent.failure());
            assertFalse(Files.exists(away.resolve("a")));
            Files.delete(in());
            Files.move(away, in());
            final Transfer again = left.cutlass().files().send(left.peer(right), source);
            complete(network, again);
            assertArrayEquals(content, Files.readAllBytes(in().resolve("a")));
            assertEquals(List.of("a"), names(in()));
        }
    }

    @Test
    void aFullDiskIsToldAndItGoesOnWhenThereIsRoom() throws Exception {
        final Path unshare = Path.of("/usr/bin/unshare"); // gives a process a disk of its own that may be small
        assumeTrue(Files.isExecutable(unshare), "needs " + unshare);
        final Path disk = Files.createDirectories(temp.resolve("disk"));
        final Process small = new ProcessBuilder(
                        unshare.toString(),
                        "-rm",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o size=8m tmpfs \"$0\" || exit " + NO_DISK + "; exec \"$@\"",
                        disk.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-ea",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FullDiskProgram.class.getName(),
                        disk.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertTrue(small.waitFor(2, TimeUnit.MINUTES));
        assumeTrue(small.exitValue() != NO_DISK, "this system lets nobody mount");
        assertEquals(0, small.exitValue());
    }

    @Test
    void aSinkThatFailsIsToldSoAndAborted() throws IOException {
        final Path source = file("out/a", content(LENGTH, 6));
        final TransferFailure[] heard = new TransferFailure[1];
        final int[] closed = new int[1];
        try (TestNetwork network = network(6)) {
            final TestPeer left = network.peers().get(0);
            final TestPeer right = network.peers().get(1);
            left.cutlass().files().share("a", source);
            final Transfer got = right.cutlass().files().request(right.connect(left), "a", new FileSink() {
                private int written;

                @Override
                public void write(long position, ByteBuffer block) throws IOException {
                    written += block.remaining();
                    if (written > LENGTH / 3) {
                        throw new IOException("enough");
                    }
                }

                @Override
                public void complete() {
                    throw new AssertionError("never complete");
                }

                @Override
                public void abort(TransferFailure why) {
                    heard[0] = why;
                }

                @Override
                public void close() {
                    closed[0]++;
                }
            });
            assertTrue(network.runUntil(() -> got.state().isOver(), LONG));
            network.runFor(Duration.ofSeconds(5));
            assertFailed(network, TransferFailure.WRITE_FAILED);
            assertEquals(TransferFailure.WRITE_FAILED, heard[0]);
            assertEquals(1, closed[0]);
        }
    }

    @Test
    void aNameThatAppearsMeanwhileIsNotReplacedUnlessTheSettingsSaySo() throws IOException {
        final byte[] content = content(LENGTH, 7);
        final Path source = file("out/a.b", content);
        for (boolean replace : new boolean[] {false, true}) {
            final Path target = temp.resolve("in" + replace);
            try (TestNetwork network = TestNetwork.simulated(7)) {
                network.conditions().delayMillis(10, 10).rate(16_000_000, 100_000);
                network.peer("left");
                network.peer("right", builder -> builder.files(acceptAll(target).replace(replace)));
                final Transfer sent = sendAnd(network, source, transfer -> {
                    try {
                        Files.writeString(target.resolve("a.b"), "somebody's");
                        Files.createDirectory(target.resolve("a (2).b"));
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
                assertEquals(
                        TransferState.COMPLETE,
                        sent.state(),
                        () -> sent.failure().toString());
                assertArrayEquals(content, Files.readAllBytes(target.resolve(replace ? "a.b" : "a (3).b")));
                if (!replace) {
                    assertEquals("somebody's", Files.readString(target.resolve("a.b")));
                }
                noneLeft(target);
            }
        }
    }

    @Test
    void aFolderWhoseNameAppearsMeanwhileGetsANumberAsAWhole() throws IOException {
        file("out/tree/x", content(4_000_000, 8));
        file("out/tree/d/y", content(4_000_000, 9));
        try (TestNetwork network = network(8)) {
            final Transfer sent = sendAnd(network, temp.resolve("out/tree"), transfer -> {
                try {
                    Files.createDirectories(in().resolve("tree/d"));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertEquals(
                    TransferState.COMPLETE, sent.state(), () -> sent.failure().toString());
            assertEquals(
                    1,
                    names(in()).stream()
                            .filter(name -> {
                                try {
                                    return contents(in().resolve(name)).equals(contents(temp.resolve("out/tree")));
                                } catch (IOException e) {
                                    throw new AssertionError(e);
                                }
                            })
                            .count(),
                    () -> "all of it in one folder");
            noneLeft(in());
        }
    }

    @Test
    void whatIsDamagedBeforeItHasItsNameIsFoundByVerifyAtEndAndComesAgain() throws IOException {
        final byte[] content = content(LENGTH, 10);
        final Path source = file("out/a", content);
        try (TestNetwork network = TestNetwork.simulated(10)) {
            network.conditions().delayMillis(10, 10).rate(16_000_000, 100_000);
            network.peer("left");
            network.peer("right", builder -> builder.files(acceptAll(in()).verifyAtEnd(true)));
            final Transfer sent = sendAnd(network, source, transfer -> {
                try (Stream<Path> parts = Files.list(in().resolve(".cutlass"))) {
                    final Path part = parts.filter(path -> path.toString().endsWith(".part"))
                            .findFirst()
                            .orElseThrow();
                    try (FileChannel file = FileChannel.open(part, StandardOpenOption.WRITE)) {
                        file.write(ByteBuffer.wrap(new byte[70_000]), 100_000);
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertEquals(
                    TransferState.COMPLETE, sent.state(), () -> sent.failure().toString());
            assertArrayEquals(content, Files.readAllBytes(in().resolve("a")));
            noneLeft(in());
        }
    }
}
