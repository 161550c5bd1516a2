package dev.cutlass.wire;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/** Takes every input and answers with a value; what it takes, it writes so that it reads the same again. Runs its empty input in the normal tests and fuzzes with JAZZER_FUZZ=1. */
@Tag("fuzz")
class HandshakePayloadFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void payloads(FuzzedDataProvider data) {
        final int flight = data.consumeInt(1, 3);
        HandshakePayloadTest.assertReadsAsValue(flight, data.consumeRemainingAsBytes());
    }
}
