package dev.cutlass.file.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.fixtures.Seeds;
import dev.cutlass.secondimpl.FileTree;
import dev.cutlass.wire.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/files.md section 3. */
final class HashTreeTest {
    private static final int BLOCK = TreeShape.BLOCK;
    private static final long CHAPTER_BYTES = (long) TreeShape.CHAPTER * BLOCK;

    /** A file of zeros but for a few bytes, so that thousands of blocks take milliseconds. */
    private record Sample(TreeShape shape, Root root, HashTree tree, List<byte[]> leaves) {
        static Sample of(long length, long seed) {
            final SplittableRandom random = new SplittableRandom(seed);
            final TreeShape shape = new TreeShape(length);
            final HashStore store = new HeapHashStore(shape);
            final TreeBuilder builder = new TreeBuilder(shape, store);
            final List<byte[]> leaves = new ArrayList<>();
            final byte[] zeros = new byte[BLOCK];
            final byte[] zeroLeaf = FileTree.leaf(zeros);
            try {
                for (long i = 0; i < shape.blocks(); i++) {
                    final boolean zero = shape.blockLength(i) == BLOCK && random.nextInt(200) > 0;
                    final byte[] block = zero ? zeros : new byte[shape.blockLength(i)];
                    if (!zero) {
                        random.nextBytes(block);
                    }
                    leaves.add(zero ? zeroLeaf : FileTree.leaf(block));
                    builder.addBlock(block, 0, block.length);
                }
                return new Sample(shape, builder.finish(), new HashTree(shape, store), leaves);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static LongStream seeds() {
        return Seeds.oneIn(4);
    }

    /** The reference tree of Certificate Transparency implementations (their leaves are no blocks, their hashes are the same). */
    @Test
    void leavesAndNodesAreThoseOfRfc6962() {
        final List<String> leaves = List.of(
                "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");
        final List<String> roots = List.of(
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
        final TreeHasher hasher = new TreeHasher();
        final byte[] layer = new byte[leaves.size() * 32];
        for (int i = 0; i < leaves.size(); i++) {
            final byte[] leaf = HexFormat.of().parseHex(leaves.get(i));
            System.arraycopy(hasher.leaf(leaf, 0, leaf.length), 0, layer, i * 32, 32);

            assertEquals(roots.get(i), HexFormat.of().formatHex(hasher.top(layer.clone(), i + 1)));
        }
        assertEquals(
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                HexFormat.of().formatHex(TreeHasher.emptyTree()));
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                BLOCK - 1,
                BLOCK,
                BLOCK + 1,
                2 * BLOCK,
                3 * BLOCK,
                CHAPTER_BYTES - 1,
                CHAPTER_BYTES,
                CHAPTER_BYTES + 1,
                2 * CHAPTER_BYTES,
                2 * CHAPTER_BYTES + BLOCK,
                5 * CHAPTER_BYTES + 3 * BLOCK + 7
            })
    void everyChapterProvesItselfAroundEveryBoundary(long length) throws IOException {
        check(Sample.of(length, length));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyChapterOfAnyFileProvesItself(long seed) {
        Seeds.run(seed, s -> {
            final SplittableRandom random = new SplittableRandom(s);
            check(Sample.of(random.nextLong(random.nextInt(8) * CHAPTER_BYTES / 4 + 1), s));
        });
    }

    private static void check(Sample sample) throws IOException {
        final TreeShape shape = sample.shape();
        assertEquals(Root.of(FileTree.root(shape.length(), sample.leaves()), 0), sample.root());
        long blocks = 0;
        for (long chapter = 0; chapter < shape.chapters(); chapter++) {
            final ChapterHashes hashes = sample.tree().chapter(chapter);
            assertTrue(hashes.verifies(shape, sample.root()), shape + " chapter " + chapter);
            for (int i = 0; i < hashes.blocks(); i++) {
                assertArrayEquals(sample.leaves().get((int) blocks), hashes.leaf(blocks));
                blocks++;
            }
        }
        assertEquals(shape.blocks(), blocks);
        if (blocks > 0) {
            assertArrayEquals(
                    sample.leaves().get((int) blocks - 1), sample.tree().leaf(blocks - 1));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingElseProvesItself(long seed) {
        Seeds.run(seed, s -> {
            final SplittableRandom random = new SplittableRandom(s);
            final Sample sample = Sample.of(CHAPTER_BYTES + 1 + random.nextLong(4 * CHAPTER_BYTES), s);
            final TreeShape shape = sample.shape();
            final long chapter = random.nextLong(shape.chapters());
            final ChapterHashes good = sample.tree().chapter(chapter);
            final Bytes flipped = flip(good.leaves(), random);

            assertFalse(new ChapterHashes(chapter, good.proof(), flipped).verifies(shape, sample.root()));
            assertFalse(new ChapterHashes((chapter + 1) % shape.chapters(), good.proof(), good.leaves())
                    .verifies(shape, sample.root()));
            assertFalse(
                    new ChapterHashes(shape.chapters(), good.proof(), good.leaves()).verifies(shape, sample.root()));
            assertFalse(good.verifies(new TreeShape(shape.length() - 1), sample.root()));
            assertFalse(good.verifies(
                    shape,
                    Root.of(flip(Bytes.of(sample.root().toArray()), random).toArray(), 0)));
            assertFalse(new ChapterHashes(
                            chapter,
                            good.proof(),
                            good.leaves().slice(32, good.leaves().length() - 32))
                    .verifies(shape, sample.root()));
            if (!good.proof().isEmpty()) {
                assertFalse(new ChapterHashes(chapter, flip(good.proof(), random), good.leaves())
                        .verifies(shape, sample.root()));
                assertFalse(new ChapterHashes(
                                chapter, good.proof().slice(32, good.proof().length() - 32), good.leaves())
                        .verifies(shape, sample.root()));
            }
        });
    }

    private static Bytes flip(Bytes bytes, SplittableRandom random) {
        final byte[] flipped = bytes.toArray();
        flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        return Bytes.of(flipped);
    }

    @Test
    void theRootOfAFileOfOneBlockNeedsNoTree() {
        final byte[] block = {1, 2, 3};
        final Sample empty = Sample.of(0, 0);

        assertEquals(
                Root.of(FileTree.root(3, List.of(FileTree.leaf(block))), 0), new TreeHasher().rootOfBlock(block, 0, 3));
        assertEquals(empty.root(), new TreeHasher().rootOfBlock(block, 0, 0));
    }

    @Test
    void onlyAWholeBlockOfZerosIsAHole() {
        final TreeHasher hasher = new TreeHasher();
        final byte[] zeros = new byte[BLOCK];
        final byte[] almost = new byte[BLOCK];
        almost[BLOCK - 1] = 1;

        assertTrue(TreeHasher.isZeroLeaf(hasher.leaf(zeros, 0, BLOCK), 0));
        assertArrayEquals(FileTree.leaf(zeros), hasher.leaf(zeros, 0, BLOCK));
        assertFalse(TreeHasher.isZeroLeaf(hasher.leaf(zeros, 0, BLOCK - 1), 0));
        assertArrayEquals(FileTree.leaf(new byte[5]), hasher.leaf(zeros, 7, 5));
        assertFalse(TreeHasher.isZeroLeaf(hasher.leaf(almost, 0, BLOCK), 0));
        assertFalse(TreeHasher.isZero(almost, 0, BLOCK));
        assertTrue(TreeHasher.isZero(almost, 0, BLOCK - 1));
    }

    @Test
    void theLargestFileHasAProofOfTwentyHashesAndOneMoreByteIsTooMuch() {
        final TreeShape largest = new TreeShape(TreeShape.MAX_FILE_LENGTH);

        assertEquals(1L << 30, largest.blocks());
        assertEquals(TreeShape.MAX_PROOF, largest.proofLength(largest.chapters() - 1));
        assertThrows(IllegalArgumentException.class, () -> new TreeShape(TreeShape.MAX_FILE_LENGTH + 1));
        assertThrows(IllegalArgumentException.class, () -> new TreeShape(-1));
        assertThrows(IllegalArgumentException.class, () -> new TreeShape(BLOCK).blockLength(1));
        assertThrows(IllegalArgumentException.class, () -> new TreeShape(0).chapterBlocks(0));
    }

    @Test
    void aBuilderTakesJustTheBlocksOfItsFile() throws IOException {
        final TreeShape shape = new TreeShape(BLOCK + 1);
        final TreeBuilder builder = new TreeBuilder(shape, new HeapHashStore(shape));
        final byte[] block = new byte[BLOCK];
        Arrays.fill(block, (byte) 7);

        assertThrows(IllegalStateException.class, () -> builder.addBlock(block, 0, 1));
        builder.addBlock(block, 0, BLOCK);
        assertThrows(IllegalStateException.class, builder::finish);
        assertThrows(IllegalStateException.class, () -> builder.addBlock(block, 0, 2));
        builder.addBlock(block, 0, 1);
        assertThrows(IllegalStateException.class, () -> builder.addBlock(block, 0, 1));
        assertNotEquals(Sample.of(BLOCK + 1, 0).root(), builder.finish());
    }
}
