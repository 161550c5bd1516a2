package dev.cutlass.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.tree.ChapterHashes;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.spi.FileSource;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/files.md section 7.4. */
final class TreeCacheTest {
    private static final int BLOCKS = TreeShape.CHAPTER + 3;

    @TempDir
    Path folder;

    private static byte[] random(int length, long seed) {
        final byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    /** Zeros, but for a few bytes in each block: 64 MiB that need no memory. */
    private static FileSource large(int blocks, String stamp) {
        return new FileSource() {
            @Override
            public long length() {
                return (long) blocks * TreeShape.BLOCK - 7;
            }

            @Override
            public int read(long position, ByteBuffer into) {
                final int length = into.remaining();
                into.putLong(position);
                into.put(new byte[length - Long.BYTES]);
                return length;
            }

            @Override
            public Object stamp() {
                return stamp;
            }
        };
    }

    private static HeldTree hash(TreeCache cache, FileSource source, String key) throws StoreException {
        try (SourceFile file = SourceFile.of(source)) {
            return cache.hash(file, key, () -> false, bytes -> {});
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aTreeThatWasMadeOnceIsFoundAfterARestartByKeyAndByRoot() throws IOException {
        final Root root;
        final ChapterHashes first;
        final ChapterHashes last;
        try (TreeCache cache = TreeCache.open(folder);
                HeldTree tree = hash(cache, large(BLOCKS, "v1"), "key")) {
            root = tree.root();
            first = tree.chapter(0);
            last = tree.chapter(1);
            assertTrue(last.verifies(tree.shape(), root));
        }
        assertEquals(List.of(root.toString()), names());
        final TreeCache cache = TreeCache.open(folder);
        try (HeldTree tree = cache.find("key", "v1");
                HeldTree same = cache.find(root)) {
            assertEquals(first, tree.chapter(0));
            assertEquals(last, same.chapter(1));
            assertEquals(BLOCKS, tree.shape().blocks());
            assertEquals(32, tree.leaf(5).length);
            assertThrows(IllegalArgumentException.class, () -> tree.chapter(2));
        }
        assertNull(cache.find("key", "v2"));
        assertNull(cache.find("other", "v1"));
        assertNull(cache.find(new Root(1, 2, 3, 4)));
    }

    @Test
    void aFileOfOneChapterIsKeptAndOneOfOneBlockNeedNotBe() throws IOException {
        final Fetched some = new Fetched(random(3 * TreeShape.BLOCK, 1));
        final Fetched small = new Fetched(random(5, 2));
        final TreeCache cache = TreeCache.open(folder);
        try (HeldTree tree = hash(cache, FileSource.of(some.content), "some");
                HeldTree other = hash(cache, FileSource.of(small.content), "small");
                HeldTree empty = hash(cache, FileSource.of(new byte[0]), "empty")) {
            assertEquals(some.root, tree.root());
            assertEquals(some.tree.chapter(0), tree.chapter(0));
            assertEquals(small.root, other.root());
            assertEquals(small.tree.chapter(0), other.chapter(0));
            assertEquals(0, empty.shape().blocks());
        }
        assertEquals(List.of(some.root.toString()), names());
        try (HeldTree tree = TreeCache.open(folder).find("some", "")) {
            assertEquals(some.tree.chapter(0), tree.chapter(0));
        }
    }

    @Test
    void theLeastRecentlyUsedTreesGoAlsoAfterARestart() throws IOException {
        final List<Root> roots = new ArrayList<>();
        final long each;
        try (TreeCache cache = TreeCache.open(folder)) {
            for (int i = 0; i < 4; i++) {
                try (HeldTree tree = hash(cache, FileSource.of(random(2 * TreeShape.BLOCK, i)), "key" + i)) {
                    roots.add(tree.root());
                }
                Files.setLastModifiedTime(folder.resolve(roots.get(i).toString()), FileTime.fromMillis(1_000L * i));
            }
            each = cache.bytes() / 4;
            try (HeldTree used = cache.find("key0", "")) {
                assertNotNull(used);
            }
        }
        final TreeCache smaller = TreeCache.open(folder, 3 * each);
        assertEquals(3 * each, smaller.bytes());
        assertNull(smaller.find(roots.get(1)));
        try (HeldTree oldest = smaller.find(roots.get(2))) {
            assertNotNull(oldest);
        }
        try (HeldTree fresh = hash(smaller, FileSource.of(random(2 * TreeShape.BLOCK, 9)), "fresh")) {
            assertNull(smaller.find(roots.get(3)), "used least recently by now");
            assertEquals(3, names().size());
            assertTrue(names().contains(fresh.root().toString()));
        }
    }

    @Test
    void anotherFileWithTheSameContentTakesTheTreeOver() throws IOException {
        final TreeCache cache = TreeCache.open(folder);
        final byte[] content = random(2 * TreeShape.BLOCK, 1);
        hash(cache, FileSource.of(content), "one").close();
        hash(cache, FileSource.of(content), "two").close();
        assertNull(cache.find("one", ""));
        try (HeldTree tree = cache.find("two", "")) {
            assertNotNull(tree);
        }
        assertEquals(1, names().size());
        assertEquals(Files.size(folder.resolve(names().get(0))), cache.bytes());
    }

    @Test
    void aDamagedTreeIsNoticedBeforeAnybodyHearsOfItAndCanBeDropped() throws IOException {
        final TreeCache cache = TreeCache.open(folder);
        final HeldTree tree = hash(cache, large(BLOCKS, "v1"), "key");
        final Path file = folder.resolve(tree.root().toString());
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(TreeHeader.LENGTH + 40);
            bytes.write(bytes.read() ^ 1);
        }
        assertEquals(
                TransferFailure.READ_FAILED,
                assertThrows(StoreException.class, () -> tree.chapter(0)).failure());
        tree.close();
        cache.drop(tree.root());
        assertEquals(List.of(), names());
        assertNull(cache.find("key", "v1"));
        cache.drop(tree.root());
    }

    @Test
    void whatIsNoTreeIsRemovedAtTheStart() throws IOException {
        try (TreeCache cache = TreeCache.open(folder)) {
            hash(cache, FileSource.of(random(2 * TreeShape.BLOCK, 1)), "one").close();
        }
        final Path file = folder.resolve(names().get(0));
        Files.copy(file, folder.resolve("0".repeat(64)));
        Files.writeString(folder.resolve("7.new"), "half a tree");
        Files.writeString(folder.resolve("x"), "");
        TreeCache.open(folder).close();
        assertEquals(1, names().size());
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.setLength(bytes.length() - 1);
        }
        assertEquals(0, TreeCache.open(folder).bytes());
        assertEquals(List.of(), names());
    }

    @Test
    void hashingTellsHowFarItIsAndEndsWhenItIsCancelledOrTheSourceChanges() throws IOException {
        final TreeCache cache = TreeCache.open(folder);
        final List<Long> told = new ArrayList<>();
        try (SourceFile source = SourceFile.of(large(BLOCKS, "v1"))) {
            assertEquals(
                    TransferFailure.CANCELLED,
                    assertThrows(
                                    StoreException.class,
                                    () -> cache.hash(source, "key", () -> told.size() == 3, told::add))
                            .failure());
        }
        assertEquals(List.of(65_536L, 131_072L, 196_608L), told);
        final Path file = folder.resolve("source");
        Files.write(file, random(3 * TreeShape.BLOCK, 1));
        try (SourceFile source = SourceFile.open(file)) {
            assertEquals(
                    TransferFailure.CHANGED,
                    assertThrows(
                                    StoreException.class,
                                    () -> cache.hash(source, "key", () -> false, bytes -> {
                                        if (bytes > 2 * TreeShape.BLOCK) {
                                            touch(file);
                                        }
                                    }))
                            .failure());
        }
        Files.delete(file);
        assertEquals(List.of(), names(), "nothing half-done is left");
    }

    private static void touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.fromMillis(5));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void temporaryTreesGoWithTheirCache() throws IOException {
        final TreeCache cache = TreeCache.temporary();
        try (HeldTree tree = hash(cache, large(BLOCKS, "v1"), null)) {
            assertEquals(1, tree.chapter(1).chapter());
            assertTrue(cache.bytes() > 0);
            try (HeldTree again = cache.find(tree.root())) {
                assertEquals(tree.chapter(0), again.chapter(0));
            }
        }
        cache.close();
        assertEquals(0, cache.bytes());
        assertFalse(names().contains("trees"));
    }
}
