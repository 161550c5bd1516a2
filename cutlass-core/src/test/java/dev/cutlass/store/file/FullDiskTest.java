package dev.cutlass.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.fixtures.Seeds;
import java.io.IOException;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A disk that is full from some step on, and stays so until somebody makes room. docs/files.md section 7.5. */
final class FullDiskTest {
    static LongStream seeds() {
        return Seeds.oneIn(4);
    }

    /** Null: it was done, there was room enough. */
    private static @Nullable TransferFailure run(DownloadScene scene) throws IOException {
        try {
            scene.run();
            return null;
        } catch (StoreException e) {
            return e.failure();
        } finally {
            scene.checkNames();
        }
    }

    private static Set<Long> present(DownloadScene scene) {
        final PartialFile file = scene.current;
        return file == null ? Set.of() : DownloadScene.present(file);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void itIsSaidNothingIsHalfNamedWhatIsThereStaysAndWithRoomItGoesOn(long seed) {
        Seeds.run(seed, s -> {
            final long steps = DownloadScene.steps(s);
            for (long at = 0; at < steps; at++) {
                final DownloadScene scene = new DownloadScene(s, at);
                scene.disk.fullAfter(at, scene.random.nextInt(3) == 0);
                for (int tries = scene.random.nextInt(1, 4); tries > 0; tries--) {
                    final TransferFailure failure = run(scene);
                    assertTrue(failure == null || failure == TransferFailure.NO_SPACE, failure + " at step " + at);
                    final Set<Long> before = present(scene);
                    scene.disk.restart();
                    if (failure != null) {
                        assertStays(scene, before);
                    }
                }
                scene.disk.emptied();
                assertEquals(null, run(scene));
                scene.disk.restart();
                scene.run(); // what was swept only at the next start
                scene.checkDone();
            }
        });
    }

    private static void assertStays(DownloadScene scene, Set<Long> before) throws IOException {
        final PartialFolder.Scan scan = scene.folder.scan(0);
        for (StoreException failed : scan.failed()) {
            assertEquals(TransferFailure.NO_SPACE, failed.failure());
        }
        for (PartialFile file : scan.found()) {
            assertTrue(file.isNamed() || DownloadScene.present(file).containsAll(before), "what was noted is there");
            file.close();
        }
        assertTrue(before.isEmpty() || scan.found().size() + scan.failed().size() == 1 || scene.received);
        scene.checkNames();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void givingUpNeedsNoRoom(long seed) {
        Seeds.run(seed, s -> {
            final long steps = DownloadScene.steps(s);
            for (long at = 0; at < steps; at++) {
                final DownloadScene scene = new DownloadScene(s, at);
                scene.disk.fullAfter(at, false);
                run(scene);
                scene.disk.restart();
                final PartialFolder.Scan scan = scene.folder.scan(0);
                if (!scan.failed().isEmpty()) {
                    scene.disk.emptied(); // whether this disk has links can be tried out only with room for one
                }
                scan.found().forEach(FullDiskTest::close);
                scene.giveUp();
            }
        });
    }

    private static void close(PartialFile file) {
        try {
            file.close();
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }
}
