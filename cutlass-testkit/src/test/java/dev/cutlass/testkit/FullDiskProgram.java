package dev.cutlass.testkit;

import static dev.cutlass.testkit.FileTransferTest.acceptAll;
import static dev.cutlass.testkit.FileTransferTest.complete;
import static dev.cutlass.testkit.FileTransferTest.content;
import static dev.cutlass.testkit.FileTransferTest.noneLeft;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.Transfer;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.spi.FileSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Fills a disk of 8 MB with a file that comes: a process of its own, which has such a disk. Exit code 0 if all is as {@code docs/files.md} says. Argument: where the disk is. */
final class FullDiskProgram {
    private static final int LENGTH = 6_000_000;
    private static final int WRONG = 9;

    private FullDiskProgram() {}

    public static void main(String[] args) {
        try {
            run(Path.of(args[0]));
        } catch (Throwable failure) { // the edge of a process: 1 would say that there is no disk
            failure.printStackTrace();
            Runtime.getRuntime().halt(WRONG);
        }
    }

    private static void run(Path disk) throws IOException {
        final Path in = disk.resolve("in");
        final Path ballast = Files.write(disk.resolve("ballast"), new byte[4_000_000]);
        final byte[] content = content(LENGTH, 1);
        try (TestNetwork network = TestNetwork.simulated(1)) {
            network.conditions().delayMillis(10, 10).rate(16_000_000, 100_000);
            final TestPeer left = network.peer("left");
            final TestPeer right = network.peer(
                    "right", builder -> builder.home(disk.resolve("home")).files(acceptAll(in)));
            final Transfer sent = left.cutlass().files().send(left.connect(right), "a", FileSource.of(content));
            assertTrue(network.runUntil(() -> sent.state().isOver(), Duration.ofMinutes(10)));
            network.runFor(Duration.ofSeconds(5));
            assertEquals(Optional.of(TransferFailure.NO_SPACE), sent.failure());
            final CutlassEvent.FileAborted event =
                    right.events(CutlassEvent.FileAborted.class).get(0);
            assertEquals(TransferFailure.NO_SPACE, event.failure());
            assertFalse(Files.exists(in.resolve("a")));
            Files.delete(ballast);
            final Transfer again = left.cutlass().files().send(left.peer(right), "a", FileSource.of(content));
            network.runFor(Duration.ofMillis(500));
            final List<Transfer> got = right.cutlass().files().all();
            assertTrue(got.get(1).progress().present() > 2_000_000, () -> got + " goes on where it was");
            complete(network, again);
            assertArrayEquals(content, Files.readAllBytes(in.resolve("a")));
            noneLeft(in);
        }
    }
}
