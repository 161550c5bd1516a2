package dev.cutlass.file;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/** No name leads out of its folder. Runs its saved inputs in the normal tests and fuzzes with JAZZER_FUZZ=1. */
@Tag("fuzz")
class SafeNamesFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void names(FuzzedDataProvider data) {
        SafeNamesTest.assertStaysInside(data.consumeRemainingAsString());
    }
}
