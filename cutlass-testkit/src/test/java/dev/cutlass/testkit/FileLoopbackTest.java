package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.cutlass.FileSettings;
import dev.cutlass.Transfer;
import dev.cutlass.event.FilePolicy;
import dev.cutlass.event.TransferState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files between two engines with their threads, over real sockets and disks. */
final class FileLoopbackTest {
    private static final int LENGTH = Integer.getInteger("cutlass.file.length", 30_000_000);

    @TempDir
    Path temp;

    @Test
    void aFileAndAFolderArriveOverRealSockets() throws Exception {
        final Path source = random("out/a.bin", LENGTH);
        for (int i = 0; i < 40; i++) {
            random("out/tree/d" + i % 3 + "/" + i, i * 10_000);
        }
        final Path in = temp.resolve("in");
        try (TestNetwork network = TestNetwork.loopback()) {
            final TestPeer left = network.peer("left");
            final TestPeer right = network.peer(
                    "right", builder -> builder.files(FileSettings.into(in).policy(FilePolicy.ACCEPT)));
            final var other = left.connect(right);
            final long start = System.nanoTime();
            final Transfer sent = left.cutlass().files().send(other, source);
            sent.result().get(2, TimeUnit.MINUTES);
            System.err.printf("%,d bytes in %.2f s%n", LENGTH, (System.nanoTime() - start) / 1e9);
            assertEquals(TransferState.COMPLETE, sent.state());
            assertEquals(-1, Files.mismatch(source, in.resolve("a.bin")));
            left.cutlass()
                    .files()
                    .send(other, temp.resolve("out/tree"))
                    .result()
                    .get(2, TimeUnit.MINUTES);
            assertEquals(
                    FileTransferTest.contents(temp.resolve("out/tree")), FileTransferTest.contents(in.resolve("tree")));
            assertFalse(Files.exists(in.resolve(".cutlass")));
        }
    }

    private Path random(String name, int length) throws IOException {
        final byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        final Path file = temp.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }
}
