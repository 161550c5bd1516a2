package dev.cutlass.testkit;

import static dev.cutlass.testkit.FileTransferTest.acceptAll;
import static dev.cutlass.testkit.FileTransferTest.complete;
import static dev.cutlass.testkit.FileTransferTest.content;
import static dev.cutlass.testkit.FileTransferTest.contents;
import static dev.cutlass.testkit.FileTransferTest.noneLeft;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.FileSettings;
import dev.cutlass.Transfer;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.HolderPolicy;
import dev.cutlass.event.TransferFailedException;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TransferState;
import dev.cutlass.spi.FileSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was begun goes on where it was, whoever died, moved, or was closed meanwhile. */
final class FileRestartTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir
    Path temp;

    private Path file(String name, byte[] content) throws IOException {
        final Path file = temp.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    private TestPeer holder(TestNetwork network, String nick) {
        return network.peer(
                nick, builder -> builder.home(temp.resolve("home-" + nick)).files(FileSettings.outgoing()));
    }

    private TestPeer fetcher(TestNetwork network) {
        return network.peer(
                "right",
                builder -> builder.home(temp.resolve("home-right"))
                        .files(acceptAll(temp.resolve("in")).findHolders(HolderPolicy.ALL)));
    }

    private static Transfer only(TestPeer peer) {
        final List<Transfer> all = peer.cutlass().files().all();
        assertEquals(1, all.size(), all::toString);
        return all.get(0);
    }

    /** 0 if it knows of nothing (yet). */
    private static long present(TestPeer peer) {
        return peer.cutlass().files().all().stream()
                .mapToLong(one -> one.progress().present())
                .max()
                .orElse(0);
    }

    private static long repeated(TestPeer peer) {
        return only(peer).progress().repeatedBytes();
    }

    @Test
    void aFolderGoesOnAfterEitherSideCrashed() throws IOException {
        for (int i = 0; i < 40; i++) {
            file("out/tree/d" + i % 3 + "/f" + i, content(i * 20_000, i));
        }
        file("out/tree/large", content(5_000_000, 99));
        Files.createDirectories(temp.resolve("out/tree/nothing"));
        try (TestNetwork network = TestNetwork.simulated(1)) {
            network.conditions().delayMillis(10, 10).rate(16_000_000, 100_000);
            final TestPeer left = holder(network, "left");
            final TestPeer right = fetcher(network);
            left.cutlass().files().send(left.connect(right), temp.resolve("out/tree"));
            long before = 0;
            for (TestPeer who : List.of(right, left, right, left)) {
                final long least = before + 1_500_000;
                assertTrue(network.runUntil(() -> present(right) > least, LONG));
                before = present(right);
                who.crash();
                who.start();
                left.connect(right);
                final long kept = before - 500_000;
                network.runFor(Duration.ofSeconds(1));
                assertTrue(present(right) >= kept, () -> only(right).progress() + " after " + kept);
            }
            assertTrue(
                    network.runUntil(
                            () -> left.events(CutlassEvent.FileSent.class).size() == 1, LONG),
                    () -> left.cutlass().files().all() + " "
                            + right.cutlass().files().all());
            assertEquals(contents(temp.resolve("out/tree")), contents(temp.resolve("in/tree")));
            noneLeft(temp.resolve("in"));
            assertEquals(1, right.events(CutlassEvent.FileReceived.class).size());
        }
    }

    @Test
    void afterARestartAnotherHolderIsFoundWhoWasNeverToldOfIt() throws IOException {
        final byte[] content = content(6_000_000, 2);
        final Path source = file("out/a", content);
        file("other/a", content);
        try (TestNetwork network = TestNetwork.simulated(2)) {
            network.conditions().delayMillis(10, 10).rate(16_000_000, 100_000);
            final TestPeer left = holder(network, "left");
            final TestPeer right = fetcher(network);
            left.cutlass().files().send(left.connect(right), source);
            assertTrue(network.runUntil(() -> present(right) > 2_000_000, LONG));
            right.crash();
            left.crash(); // and never comes back
            right.start();
            network.runFor(Duration.ofMinutes(1));
            assertEquals(TransferState.AWAY, only(right).state());
            final long before = only(right).progress().present();
            assertTrue(before >= 1_500_000, () -> only(right).progress().toString());
            final TestPeer other = holder(network, "other");
            other.cutlass().files().share("a", temp.resolve("other/a"));
            right.connect(other);
            complete(network, only(right));
            assertArrayEquals(content, Files.readAllBytes(temp.resolve("in/a")));
            assertTrue(repeated(right) < 100_000, () -> only(right).progress().toString());
            noneLeft(temp.resolve("in"));
        }
    }

    @Test
    void whoMovesToAnotherAddressGoesOnWithNothingSentTwice() throws IOException {
        final byte[] content = content(12_000_000, 3);
        final Path source = file("out/a", content);
        try (TestNetwork network = TestNetwork.simulated(3)) {
            network.conditions().delayMillis(10, 10).rate(16_000_000, 100_000);
            final TestPeer left = holder(network, "left");
            final TestPeer right = fetcher(network);
            final Transfer sent = left.cutlass().files().send(left.connect(right), source);
            long least = 0;
            for (TestPeer who : List.of(left, right)) {
                least += 3_000_000;
                final long enough = least;
                assertTrue(network.runUntil(() -> sent.progress().present() > enough, LONG));
                who.host().move();
                who.cutlass().networkChanged();
            }
            complete(network, sent);
            assertArrayEquals(content, Files.readAllBytes(temp.resolve("in/a")));
            assertEquals(0, repeated(right), "channels go on: nothing is asked for again");
        }
    }

    @Test
    void whatRunsWhenTheEngineIsClosedFailsAsClosedAndGoesOnWithTheNext() throws IOException {
        final byte[] content = content(8_000_000, 4);
        final Path source = file("out/a", content);
        try (TestNetwork network = TestNetwork.simulated(4)) {
            network.conditions().delayMillis(10, 10).rate(16_000_000, 100_000);
            final TestPeer left = holder(network, "left");
            final TestPeer right = fetcher(network);
            final Transfer sent = left.cutlass().files().send(left.connect(right), source);
            assertTrue(network.runUntil(() -> sent.progress().present() > 2_000_000, LONG));
            final Transfer got = only(right);
            right.stop();
            assertClosed(got);
            right.start();
            left.connect(right);
            assertTrue(network.runUntil(() -> sent.progress().present() > 4_000_000, LONG));
            final long before = only(right).progress().present();
            left.stop();
            assertClosed(sent);
            left.start();
            left.connect(right);
            assertTrue(network.runUntil(
                    () -> left.events(CutlassEvent.FileSent.class).size() == 1, LONG));
            assertTrue(before > 4_000_000 - 70_000);
            assertArrayEquals(content, Files.readAllBytes(temp.resolve("in/a")));
            assertEquals(0, right.events(CutlassEvent.FileAborted.class).size(), "it was not over");
            assertEquals(0, left.events(CutlassEvent.FileAborted.class).size());
            noneLeft(temp.resolve("in"));
        }
    }

    private static void assertClosed(Transfer transfer) {
        assertEquals(Optional.of(TransferFailure.CLOSED), transfer.failure(), transfer::toString);
        final CompletionException thrown =
                assertThrows(CompletionException.class, () -> transfer.result().join());
        assertEquals(
                TransferFailure.CLOSED,
                assertInstanceOf(TransferFailedException.class, thrown.getCause())
                        .failure());
    }

    /** Each start makes another offer, and more of them than a fetcher keeps for one content: the newest is the one that has to hear how it ends. */
    @Test
    void aHolderWithoutAHomeMayStartOverAsOftenAsItLikes() throws IOException {
        final byte[] content = content(3_000_000, 6);
        try (TestNetwork network = TestNetwork.simulated(6)) {
            network.conditions().delayMillis(10, 10).rate(16_000_000, 100_000);
            final TestPeer left = network.peer("left", builder -> builder.files(FileSettings.outgoing()));
            final TestPeer right = fetcher(network);
            Transfer sent = left.cutlass().files().send(left.connect(right), "a", FileSource.of(content));
            for (int starts = 1; starts <= 40; starts++) {
                final long least = starts * 60_000;
                assertTrue(network.runUntil(() -> present(right) > least, LONG));
                left.crash();
                left.start();
                sent = left.cutlass().files().send(left.connect(right), "a", FileSource.of(content));
            }
            complete(network, sent);
            assertArrayEquals(content, Files.readAllBytes(temp.resolve("in/a")));
            noneLeft(temp.resolve("in"));
        }
    }

    @Test
    void aHolderWithoutAHomeOffersItAgainAndItGoesOnWhereItWas() throws IOException {
        final byte[] content = content(6_000_000, 5);
        try (TestNetwork network = TestNetwork.simulated(5)) {
            network.conditions().delayMillis(10, 10).rate(16_000_000, 100_000);
            final TestPeer left = network.peer("left", builder -> builder.files(FileSettings.outgoing()));
            final TestPeer right = fetcher(network);
            final Transfer first = left.cutlass().files().send(left.connect(right), "a", FileSource.of(content));
            assertTrue(network.runUntil(() -> first.progress().present() > 2_000_000, LONG));
            left.crash();
            left.start();
            final Transfer again = left.cutlass().files().send(left.connect(right), "a", FileSource.of(content));
            complete(network, again);
            assertArrayEquals(content, Files.readAllBytes(temp.resolve("in/a")));
            assertFalse(Files.exists(temp.resolve("in/a (2)")));
            assertTrue(repeated(right) < 200_000, () -> only(right).progress().toString());
            noneLeft(temp.resolve("in"));
        }
    }

    @Test
    void aPauseOutlivesARestartOnTheFetchersSide() throws IOException {
        final byte[] content = content(6_000_000, 6);
        final Path source = file("out/a", content);
        try (TestNetwork network = TestNetwork.simulated(6)) {
            network.conditions().delayMillis(10, 10).rate(16_000_000, 100_000);
            final TestPeer left = holder(network, "left");
            final TestPeer right = fetcher(network);
            final Transfer sent = left.cutlass().files().send(left.connect(right), source);
            assertTrue(network.runUntil(() -> sent.progress().present() > 2_000_000, LONG));
            only(right).pause();
            network.runFor(Duration.ofSeconds(1));
            right.crash();
            right.start();
            left.connect(right);
            network.runFor(Duration.ofMinutes(1));
            assertEquals(TransferState.PAUSED, only(right).state());
            final long before = only(right).progress().present();
            network.runFor(Duration.ofMinutes(1));
            assertEquals(before, only(right).progress().present());
            only(right).resume();
            complete(network, sent);
            assertArrayEquals(content, Files.readAllBytes(temp.resolve("in/a")));
        }
    }
}
