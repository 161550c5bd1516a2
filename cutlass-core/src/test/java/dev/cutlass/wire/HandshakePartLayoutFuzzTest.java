package dev.cutlass.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;

/** Takes every input and answers with a value; what it takes, it writes so that it reads the same again. Runs its empty input in the normal tests and fuzzes with JAZZER_FUZZ=1. */
@Tag("fuzz")
class HandshakePartLayoutFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void parts(byte[] part) {
        if (HandshakePart.decode(part, 0, part.length) instanceof HandshakePart decoded) {
            final byte[] again = HandshakeDatagram.layOut(new byte[HandshakeDatagram.NONCE_LENGTH], decoded);
            if (!Arrays.equals(part, Arrays.copyOfRange(again, HandshakeDatagram.PART_OFFSET, again.length))) {
                throw new AssertionError(decoded);
            }
        }
    }
}
