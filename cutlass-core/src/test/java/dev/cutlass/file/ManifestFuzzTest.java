package dev.cutlass.file;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.junit.jupiter.api.Tag;

/** Whatever a list of files says: safe names in ascending order, or malformed. Runs its saved inputs in the normal tests and fuzzes with JAZZER_FUZZ=1. */
@Tag("fuzz")
class ManifestFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void manifests(byte[] content) throws IOException {
        final Manifest.Reader reader = ManifestTest.reader(content);
        String last = "";
        for (Manifest.Entry entry; (entry = reader.next()) != null; ) {
            SafeNamesTest.assertStaysInside(entry.name());
            if (Manifest.compare(last, entry.name()) >= 0) {
                throw new AssertionError(last + " before " + entry.name());
            }
            last = entry.name();
        }
    }
}
