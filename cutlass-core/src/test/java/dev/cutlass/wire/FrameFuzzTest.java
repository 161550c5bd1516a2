package dev.cutlass.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/** Takes every input and answers with a value; what it takes, it writes so that it reads the same again. Runs its empty input in the normal tests and fuzzes with JAZZER_FUZZ=1. */
@Tag("fuzz")
class FrameFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void frames(byte[] packet) {
        FrameCodecTest.assertReadsAsValues(packet, packet.length);
    }
}
