package dev.cutlass.store.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A download into a folder of a {@link CrashDisk}, the same for the same seed. */
final class DownloadScene {
    private static final Path FOLDER = Path.of("/d");
    private static final byte[] MINE = {1, 2, 3};

    final SplittableRandom random;
    final Fetched wanted;
    final String name;
    final boolean isTaken;
    final boolean replaces;
    final boolean hasLinks;
    final CrashDisk disk;
    final PartialFolder folder;

    /** What {@link #run} worked on. */
    @Nullable
    PartialFile current;

    /** Stands for the home's book, which is on disk when {@code add} returns. */
    boolean received;

    /** @param variant other luck, the same file */
    DownloadScene(long seed, long variant) {
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
        if (!scan.failed().isEmpty()) {
            throw scan.failed().get(0);
        }
        PartialFile file = scan.found().isEmpty() ? null : scan.found().get(0);
        if (file == null) {
            if (received) {
                return;
            }
            file = folder.create(new Id128(random.nextLong(), random.nextLong()), wanted.head(name, replaces));
        }
        current = file;
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
                assertTrue(wanted.isContent(content) || Arrays.equals(MINE, content), path);
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

    /** Steps of the disk until it is done. */
    static long steps(long seed) throws IOException {
        final DownloadScene whole = new DownloadScene(seed, -1);
        whole.run();
        whole.checkDone();
        return whole.disk.steps();
    }

    /** Blocks that are noted. */
    static Set<Long> present(PartialFile file) {
        final Set<Long> present = new HashSet<>();
        for (long i = 0; i < file.shape().blocks(); i++) {
            if (!file.state().gaps().isMissing(i)) {
                present.add(i);
            }
        }
        return present;
    }

    /** Gives up all that is left to do. */
    void giveUp() throws IOException {
        for (PartialFile file : folder.scan(0).found()) {
            if (file.isNamed()) {
                file.forget();
                received = true;
            } else {
                file.discard();
            }
        }
        if (received) {
            checkDone();
        } else {
            checkNames();
            assertFalse(disk.files().keySet().stream().anyMatch(path -> path.contains(SafeFolder.WORK)));
        }
    }
}
