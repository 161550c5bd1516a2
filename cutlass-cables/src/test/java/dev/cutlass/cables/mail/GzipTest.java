package dev.cutlass.cables.mail;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

final class GzipTest {
    private static final int ENOUGH = 1 << 20;
    private static final byte[] TEXT =
            "Hello Bob,\nthis is plain ASCII.\n".repeat(100).getBytes(StandardCharsets.US_ASCII);

    @Test
    void theJdkReadsWhatIsWritten() throws IOException {
        assertArrayEquals(TEXT, new GZIPInputStream(new ByteArrayInputStream(Gzip.compress(TEXT))).readAllBytes());
    }

    @Test
    void whatTheJdkWritesIsRead() throws IOException {
        assertArrayEquals(TEXT, Gzip.decompress(jdk(TEXT), ENOUGH));
    }

    @Test
    void theHeaderIsTheOriginals() throws IOException {
        final byte[] recorded = Files.readAllBytes(Path.of("src/test/resources/vectors/exchange-1-short/message.gz"));
        assertArrayEquals(Arrays.copyOf(recorded, 10), Arrays.copyOf(Gzip.compress(TEXT), 10));
    }

    @Test
    void severalMembersAreOneText() throws IOException {
        assertArrayEquals(joined(TEXT, TEXT), Gzip.decompress(joined(Gzip.compress(TEXT), jdk(TEXT)), ENOUGH));
    }

    @Test
    void anEmptyTextIsOne() {
        assertArrayEquals(new byte[0], Gzip.decompress(Gzip.compress(new byte[0]), 0));
    }

    @Test
    void whatFollowsTheLastMemberSpoilsIt() {
        assertNull(Gzip.decompress(joined(Gzip.compress(TEXT), new byte[] {0}), ENOUGH));
        assertNull(Gzip.decompress(joined(Gzip.compress(TEXT), new byte[] {0x1f, (byte) 0x8b}), ENOUGH));
    }

    @Test
    void everyBytePastTheHeaderCounts() {
        final byte[] good = Gzip.compress(TEXT);
        for (int i = 0; i < good.length; i++) {
            assertNull(Gzip.decompress(Arrays.copyOf(good, i), ENOUGH), "cut at " + i);
            if (i >= 10) { // in the header, time and system are free
                final byte[] bad = good.clone();
                bad[i] ^= 0x10;
                final byte[] read = Gzip.decompress(bad, ENOUGH);
                assertTrue(read == null || Arrays.equals(TEXT, read), "flipped at " + i); // bits may be padding
            }
        }
    }

    @Test
    void optionalHeaderFieldsAreSkipped() {
        final byte[] good = Gzip.compress(TEXT);
        final byte[] header = Arrays.copyOf(good, 10);
        header[3] = 2 | 4 | 8 | 16;
        final byte[] fields = joined(header, new byte[] {3, 0, 7, 7, 7, 'n', 0, 'c', 0});
        final CRC32 crc = new CRC32();
        crc.update(fields);
        final byte[] whole = joined(
                joined(fields, new byte[] {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)}),
                Arrays.copyOfRange(good, 10, good.length));
        assertArrayEquals(TEXT, Gzip.decompress(whole, ENOUGH));
        for (int i = 0; i < whole.length; i++) {
            assertNull(Gzip.decompress(Arrays.copyOf(whole, i), ENOUGH), "cut at " + i);
        }
        whole[12]++; // an extra field: only the header's own sum notices
        assertNull(Gzip.decompress(whole, ENOUGH));
    }

    @Test
    void aBombIsNotUnpacked() {
        final byte[] bomb = Gzip.compress(new byte[64 << 20]);
        assertNull(Gzip.decompress(bomb, ENOUGH));
        assertNotNull(Gzip.decompress(Gzip.compress(new byte[ENOUGH]), ENOUGH));
        assertNull(Gzip.decompress(Gzip.compress(new byte[ENOUGH + 1]), ENOUGH));
    }

    @Test
    void rubbishIsRefused() {
        final Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            final byte[] rubbish = new byte[random.nextInt(64)];
            random.nextBytes(rubbish);
            if (rubbish.length > 4 && random.nextBoolean()) {
                rubbish[0] = 0x1f;
                rubbish[1] = (byte) 0x8b;
                rubbish[2] = 8;
            }
            assertNull(Gzip.decompress(rubbish, ENOUGH));
        }
    }

    private static byte[] jdk(byte[] plain) throws IOException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    private static byte[] joined(byte[] left, byte[] right) {
        final byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }
}
