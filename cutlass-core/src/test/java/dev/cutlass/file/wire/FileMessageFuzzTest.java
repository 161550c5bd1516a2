package dev.cutlass.file.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cutlass.wire.Bytes;
import org.junit.jupiter.api.Tag;

/** Whatever a peer says is a value, and what was understood is said the same way. Runs its saved inputs in the normal tests and fuzzes with JAZZER_FUZZ=1. */
@Tag("fuzz")
class FileMessageFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void messages(byte[] content) {
        final FileMessage read = FileCodec.decode(Bytes.of(content));
        if (read != null && !(read instanceof Unknown)) {
            final FileMessage again = FileCodec.decode(Bytes.of(read.encode()));
            if (!read.equals(again)) {
                throw new AssertionError(read + " -> " + again);
            }
        }
    }
}
