package dev.cutlass.cables.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any bytes on a connection: as many forms as may be remembered, in the order of the requests. Fuzzes with JAZZER_FUZZ=1. */
class TargetFormsFuzzTest {
    private static final String[] REST = {
        " HTTP/1.1\r\nHost: h\r\n\r\n", " HTTP/1.0\n\n", " HTTP/1.1\r\nX: /\r\nY:GET http://h/ \r\n\r\n\r\n"
    };

    @Tag("fuzz")
    @FuzzTest(maxDuration = "60s")
    void anyBytesAreBounded(byte[] bytes) {
        final TargetForms forms = new TargetForms();
        for (byte octet : bytes) {
            forms.see(octet);
        }
        assertTrue(forms.pending() <= TargetForms.MAX_PENDING);
        while (forms.pending() > 0) {
            forms.take();
        }
        assertFalse(forms.take());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void eachRequestHasItsForm(long seed) {
        final Random random = new Random(seed);
        final TargetForms forms = new TargetForms();
        final List<Boolean> expected = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            final boolean slash = random.nextBoolean();
            expected.add(slash);
            final String request = (random.nextBoolean() ? "GET " : "HEAD ")
                    + (slash ? "/" : "http://h/")
                    + "a/".repeat(random.nextInt(5))
                    + REST[random.nextInt(REST.length)];
            for (byte octet : request.getBytes(StandardCharsets.US_ASCII)) {
                forms.see(octet);
            }
        }
        final List<Boolean> seen = new ArrayList<>();
        while (forms.pending() > 0) {
            seen.add(forms.take());
        }
        assertEquals(expected, seen);
    }

    @Test
    void moreThanFitIsForgotten() {
        final TargetForms forms = new TargetForms();
        for (int i = 0; i < 10_000; i++) {
            for (byte octet : "a b\n\n".getBytes(StandardCharsets.US_ASCII)) {
                forms.see(octet);
            }
        }
        assertEquals(TargetForms.MAX_PENDING, forms.pending());
    }
}
