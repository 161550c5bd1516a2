package dev.cutlass.store.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Stops a download at each of its steps, and again while it recovers. docs/files.md sections 7.3 and 7.5. */
final class CrashTest {
    private static final Path FOLDER = Path.of("/d");
    private static final byte[] MINE = {1, 2, 3};

    static LongStream seeds() {
        return Seeds.oneIn(4);
    }

    /** A way to have it. */
    private static final class Scene {
        final SplittableRandom random;
        final Fetched wanted;
        final String name;
        final boolean isTaken;
        final boolean replaces;
        final boolean hasLinks;
        final CrashDisk disk;
        final PartialFolder folder;
        /** Stands for the home's book, which is on disk when {@code add} returns. */
        boolean received;

        Scene(long seed, long variant) {
            final SplittableRandom fixed = new SplittableRandom(seed);
            wanted = Fetched.any(fixed);
            name = fixed.nextBoolean() ? "a.bin" : "sub/deep/a.bin";
            isTaken = fixed.nextBoolean();
            replaces = fixed.nextBoolean();
            hasLinks = fixed.nextInt(3) > 0;
            random = new SplittableRandom(seed * 1_000_003 + variant);
            disk = new CrashDisk(random, hasLinks);
            disk.put("d", null);
            disk.put("d/other", MINE);
            if (isTaken) {
                disk.put("d/" + name, MINE);
            }
            folder = new PartialFolder(SafeFolder.of(disk, FOLDER));
        }

        String expectedName() {
            return "d/" + (isTaken && !replaces ? SafeFolder.numbered(name, 2) : name);
        }

        /** Does all that is left to do. */
        void run() throws IOException {
            final PartialFolder.Scan scan = folder.scan(0);
            assertEquals(Set.of(), new HashSet<>(scan.failed()));
            PartialFile file = scan.found().isEmpty() ? null : scan.found().get(0);
            if (file == null) {
                if (received) {
                    return;
                }
                file = folder.create(new Id128(random.nextLong(), random.nextLong()), wanted.head(name, replaces));
            }
            if (!file.isNamed()) {
                wanted.bring(file, random);
            }
            file.finish(name);
            received = true;
            file.forget();
        }

        /** Whatever has a name is whole, or ours to be replaced, or an empty file that keeps the name. */
        void checkNames() {
            disk.files().forEach((path, content) -> {
                final boolean isOurs = path.startsWith("d/.cutlass/") || path.endsWith("/");
                final boolean isOther = path.equals("d/other") || (isTaken && path.equals("d/" + name));
                final boolean keepsName = !hasLinks && path.equals(expectedName()) && content.length == 0;
                if (isOther && !(replaces && path.equals("d/" + name))) {
                    assertArrayEquals(MINE, content);
                } else if (isOther) {
                    assertTrue(wanted.isContent(content) || java.util.Arrays.equals(MINE, content), path);
                } else if (!isOurs && !keepsName) {
                    assertEquals(expectedName(), path);
                    assertTrue(wanted.isContent(content), path);
                }
            });
        }

        void checkDone() {
            final Map<String, byte[]> expected = new TreeMap<>();
            expected.put("d/other", MINE);
            if (isTaken) {
                expected.put("d/" + name, MINE);
            }
            expected.put(expectedName(), wanted.content);
            final Map<String, byte[]> files = disk.files();
            assertEquals(expected.keySet(), files.keySet());
            expected.forEach((path, content) -> assertArrayEquals(content, files.get(path), path));
        }
    }

    private static long steps(long seed) throws IOException {
        final Scene whole = new Scene(seed, -1);
        whole.run();
        whole.checkDone();
        return whole.disk.steps();
    }

    /** What was noted when it was killed. */
    private static Set<Long> present(PartialFile file) {
        final Set<Long> present = new HashSet<>();
        for (long i = 0; i < file.shape().blocks(); i++) {
            if (!file.state().gaps().isMissing(i)) {
                present.add(i);
            }
        }
        return present;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whereverItIsKilledOrLosesPowerItGoesOnToTheWholeFileAndLeavesNothingElse(long seed) {
        Seeds.run(seed, s -> {
            final long steps = steps(s) + 3; // runs differ a little
            for (long cut = 0; cut < steps; cut++) {
                final Scene scene = new Scene(s, cut);
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
            final long steps = steps(s);
            for (long cut = 0; cut < steps; cut++) {
                final Scene scene = new Scene(s, cut);
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
                    final Set<Long> before = present(file);
                    scene.disk.restart();
                    assertTrue(present(scene.folder.scan(0).found().get(0)).containsAll(before));
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatWasSyncedSurvivesALossOfPower(long seed) {
        Seeds.run(seed, s -> {
            final Scene scene = new Scene(s, 0);
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
                    synced.addAll(present(file));
                }
            }
            if (synced.isEmpty()) {
                file.sync();
                synced.addAll(present(file));
            }
            scene.disk.restartMachine();
            assertTrue(present(scene.folder.scan(0).found().get(0)).containsAll(synced));
        });
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whereverOneStepFailsItCanBeTriedAgainOrGivenUpWithoutATrace(long seed) {
        Seeds.run(seed, s -> {
            final long steps = steps(s);
            for (long at = 0; at < steps; at++) {
                final Scene scene = new Scene(s, at);
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
                        giveUp(scene);
                        continue;
                    }
                }
                scene.disk.restart();
                scene.run();
                scene.checkDone();
            }
        });
    }

    private static void giveUp(Scene scene) throws IOException {
        for (PartialFile file : scene.folder.scan(0).found()) {
            if (file.isNamed()) {
                file.forget();
                scene.received = true;
            } else {
                file.discard();
            }
        }
        if (scene.received) {
            scene.checkDone();
        } else {
            scene.checkNames();
            assertFalse(scene.disk.files().keySet().stream().anyMatch(path -> path.contains(SafeFolder.WORK)));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whereverCancellingIsInterruptedTheNextStartCleansUp(long seed) {
        Seeds.run(seed, s -> {
            for (long cut = 0; cut < 10; cut++) {
                final Scene scene = new Scene(s, cut);
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
            final Scene scene = new Scene(s, 0);
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
