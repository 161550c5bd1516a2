package dev.cutlass.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Stops a download at each of its steps, and again while it recovers. docs/files.md sections 7.3 and 7.5. */
final class CrashTest {
    static LongStream seeds() {
        return Seeds.oneIn(4);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whereverItIsKilledOrLosesPowerItGoesOnToTheWholeFileAndLeavesNothingElse(long seed) {
        Seeds.run(seed, s -> {
            final long steps = DownloadScene.steps(s) + 3; // runs differ a little
            for (long cut = 0; cut < steps; cut++) {
                final DownloadScene scene = new DownloadScene(s, cut);
                long next = cut;
                for (int crashes = 0; ; crashes++) {
                    scene.disk.crashAfter(crashes == 3 ? CrashDisk.NEVER : next);
                    try {
                        scene.run();
                        break;
                    } catch (CrashDisk.Crash e) {
                        scene.checkNames();
                        if (scene.random.nextBoolean()) {
                            scene.disk.restart();
                        } else {
                            scene.disk.restartMachine();
                        }
                        scene.checkNames();
                        next = scene.random.nextLong(steps);
                    }
                }
                scene.disk.restart();
                scene.run(); // what was swept only at the next start
                scene.checkDone();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatWasNotedBeforeAKillIsNotAskedForAgain(long seed) {
        Seeds.run(seed, s -> {
            final long steps = DownloadScene.steps(s);
            for (long cut = 0; cut < steps; cut++) {
                final DownloadScene scene = new DownloadScene(s, cut);
                scene.folder.scan(0);
                final PartialFile file;
                scene.disk.crashAfter(cut);
                try {
                    file = scene.folder.create(new Id128(1, cut), scene.wanted.head(scene.name, scene.replaces));
                } catch (CrashDisk.Crash e) {
                    continue;
                }
                try {
                    scene.wanted.bring(file, scene.random);
                    break;
                } catch (CrashDisk.Crash e) {
                    final Set<Long> before = DownloadScene.present(file);
                    scene.disk.restart();
                    assertTrue(
                            DownloadScene.present(scene.folder.scan(0).found().get(0))
                                    .containsAll(before));
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatWasSyncedSurvivesALossOfPower(long seed) {
        Seeds.run(seed, s -> {
            final DownloadScene scene = new DownloadScene(s, 0);
            final PartialFile file =
                    scene.folder.create(new Id128(1, 1), scene.wanted.head(scene.name, scene.replaces));
            final long blocks = scene.wanted.shape.blocks();
            if (blocks > 1) {
                file.noteChapter(scene.wanted.tree.chapter(0));
            }
            final Set<Long> synced = new HashSet<>();
            for (long i = 0; i < blocks; i++) {
                file.write(i, scene.wanted.block(i));
                file.noteBlocks(i, i + 1);
                if (scene.random.nextInt(3) == 0) {
                    file.sync();
                    assertEquals(0, file.unsynced());
                    synced.addAll(DownloadScene.present(file));
                }
            }
            if (synced.isEmpty()) {
                file.sync();
                synced.addAll(DownloadScene.present(file));
            }
            scene.disk.restartMachine();
            assertTrue(
                    DownloadScene.present(scene.folder.scan(0).found().get(0)).containsAll(synced));
        });
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whereverOneStepFailsItCanBeTriedAgainOrGivenUpWithoutATrace(long seed) {
        Seeds.run(seed, s -> {
            final long steps = DownloadScene.steps(s);
            for (long at = 0; at < steps; at++) {
                final DownloadScene scene = new DownloadScene(s, at);
                scene.disk.failAfter(at, new IOException("No space left on device"));
                try {
                    scene.run();
                } catch (StoreException e) {
                    assertEquals(TransferFailure.NO_SPACE, e.failure());
                    scene.checkNames();
                    scene.disk.restart(); // closes what run() had open
                    if (scene.random.nextBoolean()) {
                        scene.run();
                    } else {
                        scene.giveUp();
                        continue;
                    }
                }
                scene.disk.restart();
                scene.run();
                scene.checkDone();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whereverCancellingIsInterruptedTheNextStartCleansUp(long seed) {
        Seeds.run(seed, s -> {
            for (long cut = 0; cut < 10; cut++) {
                final DownloadScene scene = new DownloadScene(s, cut);
                final PartialFile file = scene.folder.create(new Id128(1, cut), scene.wanted.head(scene.name, false));
                scene.wanted.bring(file, scene.random);
                scene.disk.crashAfter(cut);
                boolean isCancelled = false;
                try {
                    file.discard();
                    isCancelled = true;
                } catch (CrashDisk.Crash e) {
                    final boolean isKilled = scene.random.nextBoolean();
                    if (isKilled) {
                        scene.disk.restart();
                    } else {
                        scene.disk.restartMachine();
                    }
                    for (PartialFile left : scene.folder.scan(0).found()) {
                        assertTrue(!isKilled || left.state().gaps().isComplete(), "as it was, or gone");
                        left.discard();
                    }
                }
                assertEquals(scene.isTaken ? 2 : 1, scene.disk.files().size(), "cancelled: " + isCancelled);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aFailedSyncMakesNothingCountThatWasNotSyncedBefore(long seed) {
        Seeds.run(seed, s -> {
            final DownloadScene scene = new DownloadScene(s, 0);
            final PartialFile file = scene.folder.create(new Id128(1, 1), scene.wanted.head(scene.name, false));
            scene.wanted.bring(file, scene.random);
            final long before = file.state().unsynced().stream()
                    .mapToLong(range -> range[1] - range[0])
                    .sum();
            if (file.unsynced() == 0) {
                return;
            }
            scene.disk.failAfter(0, new IOException("Input/output error"));
            final StoreException failed = assertThrows(StoreException.class, file::sync);
            assertEquals(TransferFailure.WRITE_FAILED, failed.failure());
            assertEquals(before, file.state().gaps().missing());
            scene.wanted.bring(file, scene.random);
            file.finish(scene.name);
            file.forget();
            scene.disk.restart();
            assertEquals(0, scene.folder.scan(0).found().size());
        });
    }
}
