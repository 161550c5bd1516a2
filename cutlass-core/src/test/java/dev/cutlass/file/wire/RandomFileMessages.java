package dev.cutlass.file.wire;

import dev.cutlass.file.tree.ChapterHashes;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.Varint;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Valid messages from a seed. */
final class RandomFileMessages {
    private static final String[] NAMES = {"a", "\u00e9/\ud83d\ude00.txt", "x".repeat(1_000), "..", "C:\\\0"};

    private final SplittableRandom random;

    RandomFileMessages(long seed) {
        random = new SplittableRandom(seed);
    }

    List<FileMessage> oneOfEach() {
        final boolean folder = random.nextBoolean();
        final long length = random.nextLong(TreeShape.MAX_FILE_LENGTH + 1);
        final boolean hashes = random.nextBoolean();
        final int dataLength = random.nextInt(1, Chunk.MAX_DATA + 1);
        return List.of(
                new Offer(
                        id(),
                        folder,
                        random.nextBoolean(),
                        root(),
                        length,
                        folder ? number() : 1,
                        folder ? number() : length,
                        number() - 1,
                        name()),
                new Answer(id(), number(), number()),
                new Progress(id(), number(), random.nextBoolean()),
                new Done(id(), number()),
                new Change(id(), number(), number()),
                new Ask(id(), name()),
                new ListNames(number(), random.nextBoolean() ? "" : name(), name()),
                new Listing(number(), random.nextBoolean(), entries()),
                new Find(number(), roots(1)),
                new Held(number(), roots(0)),
                new Get(
                        number(),
                        root(),
                        hashes,
                        number(),
                        hashes ? 1 : random.nextInt(1, Get.MAX_BLOCKS + 1),
                        hashes ? 0 : random.nextInt(TreeShape.BLOCK)),
                new Stop(number(), number()),
                new Refused(number(), number()),
                new Wrong(root(), number()),
                new Hashes(
                        number(),
                        new ChapterHashes(
                                number(),
                                bytes(32 * random.nextInt(TreeShape.MAX_PROOF + 1)),
                                bytes(32 * random.nextInt(1, TreeShape.CHAPTER + 1)))),
                new Chunk(number(), number(), random.nextInt(TreeShape.BLOCK - dataLength + 1), bytes(dataLength)));
    }

    private long number() {
        return random.nextLong(Varint.MAX + 1) >> random.nextInt(62);
    }

    private Id128 id() {
        return new Id128(random.nextLong(), random.nextLong());
    }

    private Root root() {
        return new Root(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    private List<Root> roots(int least) {
        return IntStream.range(0, random.nextInt(least, Find.MAX_ROOTS + 1))
                .mapToObj(i -> root())
                .toList();
    }

    private String name() {
        return NAMES[random.nextInt(NAMES.length)];
    }

    private List<Listing.Entry> entries() {
        final List<Listing.Entry> entries = new ArrayList<>();
        for (int i = random.nextInt(20); i > 0; i--) {
            entries.add(new Listing.Entry(random.nextBoolean(), number(), number() - 1, name()));
        }
        return entries;
    }

    private Bytes bytes(int length) {
        final byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }
}
