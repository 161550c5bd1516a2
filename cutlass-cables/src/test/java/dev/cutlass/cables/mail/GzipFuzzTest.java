package dev.cutlass.cables.mail;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any bytes: refused, or not more than was allowed; what was compressed comes back. Runs its saved inputs in the normal tests and fuzzes with JAZZER_FUZZ=1. */
class GzipFuzzTest {
    private static final int MAX = 10_000;

    @Tag("fuzz")
    @FuzzTest(maxDuration = "60s")
    void anyBytesAreRefusedOrBounded(byte[] input) {
        check(input);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void damagedStreamsAreRefusedOrBounded(long seed) {
        final Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            final byte[] stream = Gzip.compress(new byte[random.nextInt(3 * MAX)]);
            stream[random.nextInt(stream.length)] ^= (byte) (1 << random.nextInt(8));
            check(stream);
        }
    }

    private static void check(byte[] input) {
        final byte[] plain = Gzip.decompress(input, MAX);
        assertTrue(plain == null || plain.length <= MAX);
        assertArrayEquals(input, Gzip.decompress(Gzip.compress(input), input.length));
    }
}
