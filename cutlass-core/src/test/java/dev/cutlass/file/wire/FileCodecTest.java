package dev.cutlass.file.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.event.Message;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/files.md section 2. */
final class FileCodecTest {
    private static final Root ROOT = new Root(1, 2, 3, 4);

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void whatWasWrittenIsRead(long seed) {
        Seeds.run(seed, s -> {
            for (FileMessage message : new RandomFileMessages(s).oneOfEach()) {
                assertEquals(message, FileCodec.decode(message.toMessage()));
                assertEquals(message.type(), message.encode()[0]);
            }
        });
    }

    @Test
    void thereIsOneOfEachKindAndEachHasATypeOfItsOwn() {
        final Set<Object> kinds = new HashSet<>();
        final Set<Integer> types = new HashSet<>();
        for (FileMessage message : new RandomFileMessages(0).oneOfEach()) {
            kinds.add(message.getClass());
            types.add(message.type());
        }
        kinds.add(Unknown.class);

        assertEquals(Set.of(FileMessage.class.getPermittedSubclasses()), kinds);
        assertEquals(kinds.size() - 1, types.size());
    }

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void whateverIsCutOrChangedReadsAsAValue(long seed) {
        Seeds.run(seed, s -> {
            final SplittableRandom random = new SplittableRandom(s);
            for (FileMessage message : new RandomFileMessages(s).oneOfEach()) {
                final byte[] bytes = message.encode();
                for (int i = 0; i < 20; i++) {
                    assertReadsAsValue(Arrays.copyOf(bytes, random.nextInt(bytes.length)));
                    final byte[] flipped = bytes.clone();
                    flipped[random.nextInt(Math.min(bytes.length, 100))] ^= (byte) (1 << random.nextInt(8));
                    assertReadsAsValue(flipped);
                    assertReadsAsValue(Arrays.copyOf(bytes, bytes.length + random.nextInt(1, 40)));
                }
            }
        });
    }

    /** What is taken reads the same again when it is written; the fuzzer comes here, too. */
    static void assertReadsAsValue(byte[] content) {
        final FileMessage read = FileCodec.decode(Bytes.of(content));
        if (read != null && !(read instanceof Unknown)) {
            assertEquals(read, FileCodec.decode(Bytes.of(read.encode())));
        }
    }

    @Test
    void whatIsNoMessageAboutFilesIsNone() {
        assertNull(FileCodec.decode(Bytes.EMPTY));
        assertNull(FileCodec.decode(Message.text("\u0004")));
        assertNull(FileCodec.decode(Message.bytes("image/png", new Done(Id128.ZERO, 0).encode())));
        assertEquals(new Unknown(0xff), FileCodec.decode(Bytes.of(new byte[] {-1, 2, 3})));
        assertThrows(IllegalArgumentException.class, () -> new Unknown(0xff).encode());
    }

    @Test
    void valuesOutOfRangeAreNeitherWrittenNorRead() {
        assertThrows(IllegalArgumentException.class, () -> offer(false, TreeShape.MAX_FILE_LENGTH + 1, 1, 5));
        assertThrows(IllegalArgumentException.class, () -> offer(false, 5, 2, 5));
        assertThrows(IllegalArgumentException.class, () -> offer(false, 5, 1, 6));
        assertThrows(IllegalArgumentException.class, () -> new Get(1, ROOT, true, 0, 2, 0));
        assertThrows(IllegalArgumentException.class, () -> new Get(1, ROOT, true, 0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Get(1, ROOT, false, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Get(1, ROOT, false, 0, Get.MAX_BLOCKS + 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Get(1, ROOT, false, 0, 1, TreeShape.BLOCK));
        assertThrows(IllegalArgumentException.class, () -> new Find(1, List.of()));
        assertThrows(IllegalArgumentException.class, () -> new Held(1, Collections.nCopies(Find.MAX_ROOTS + 1, ROOT)));
        final Bytes most = Bytes.of(new byte[Chunk.MAX_DATA]);
        assertNotNull(new Chunk(1, 1, TreeShape.BLOCK - Chunk.MAX_DATA, most));
        assertThrows(IllegalArgumentException.class, () -> new Chunk(1, 1, TreeShape.BLOCK - Chunk.MAX_DATA + 1, most));
        assertThrows(IllegalArgumentException.class, () -> new Chunk(1, 1, 0, Bytes.of(new byte[Chunk.MAX_DATA + 1])));
        assertThrows(IllegalArgumentException.class, () -> new Chunk(1, 1, 0, Bytes.EMPTY));

        final byte[] get = new Get(1, ROOT, false, 5, Get.MAX_BLOCKS, 0).encode();
        get[get.length - 2]++;
        assertNull(FileCodec.decode(Bytes.of(get)));
        final byte[] file = offer(false, 5, 1, 5).encode();
        file[51]++; // files
        assertNull(FileCodec.decode(Bytes.of(file)));
        final byte[] find = Arrays.copyOf(new Find(1, List.of(ROOT)).encode(), 2);
        assertNull(FileCodec.decode(Bytes.of(find)));
        final byte[] nameless = new Ask(Id128.ZERO, "a").encode();
        nameless[nameless.length - 1] = (byte) 0xff;
        assertNull(FileCodec.decode(Bytes.of(nameless)), "a name that is not UTF-8");
    }

    private static Offer offer(boolean folder, long length, long files, long total) {
        return new Offer(Id128.ZERO, folder, false, ROOT, length, files, total, -1, "a");
    }

    @Test
    void aListingIsCutToWhatAMessageCanCarry() {
        final Listing.Entry entry = new Listing.Entry(false, 5, 5, "\u00e9".repeat(500));
        final Listing cut = Listing.of(1, Collections.nCopies(100, entry), false);
        final Listing whole = Listing.of(1, Collections.nCopies(3, entry), false);

        assertTrue(cut.more());
        assertTrue(cut.entries().size() > 50);
        assertTrue(cut.encode().length <= Listing.MAX_BYTES + 20);
        assertEquals(cut, FileCodec.decode(cut.toMessage()));
        assertEquals(new Listing(1, false, Collections.nCopies(3, entry)), whole);
        assertTrue(Listing.of(1, List.of(entry), true).more());
    }

    @Test
    void theLargestMessagesFit() {
        final Chunk chunk =
                new Chunk((1L << 62) - 1, (1L << 62) - 1, TreeShape.BLOCK / 2, Bytes.of(new byte[Chunk.MAX_DATA]));

        assertEquals(chunk, FileCodec.decode(chunk.toMessage()));
        assertArrayEquals(new byte[] {4}, Arrays.copyOf(new Done(Id128.ZERO, 0).encode(), 1));
    }

    @Test
    void everyFailureHasItsNumber() {
        for (TransferFailure failure : TransferFailure.values()) {
            final boolean local = failure == TransferFailure.NOT_SUPPORTED || failure == TransferFailure.CLOSED;
            assertEquals(local ? TransferFailure.OTHER : failure, TransferFailure.of(failure.code()));
            assertTrue(failure.code() != TransferFailure.NONE);
        }
        assertEquals(TransferFailure.OTHER, TransferFailure.of(12_345));
        assertEquals(TransferFailure.OTHER, TransferFailure.of(-1));
    }
}
