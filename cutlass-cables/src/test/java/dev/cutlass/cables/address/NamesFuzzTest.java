package dev.cutlass.cables.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any text: a name that is written as it was read and could be a file's, or none. Runs its saved inputs in the normal tests and fuzzes with JAZZER_FUZZ=1. */
class NamesFuzzTest {
    @Tag("fuzz")
    @FuzzTest(maxDuration = "60s")
    void anyTextIsANameOrNone(byte[] text) {
        check(new String(text, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void damagedNamesAreNamesOrNone(long seed) {
        final Random random = new Random(seed);
        final String[] genuine = {
            "a".repeat(32),
            "b".repeat(16) + ".onion",
            "c".repeat(52) + ".b32.i2p",
            "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion",
            "0".repeat(40),
            "f".repeat(128),
            "a".repeat(32) + "@" + "b".repeat(16) + ".onion"
        };
        for (int round = 0; round < 2_000; round++) {
            final StringBuilder text = new StringBuilder(genuine[random.nextInt(genuine.length)]);
            for (int i = random.nextInt(3); i > 0; i--) {
                text.setCharAt(random.nextInt(text.length()), "/.%\\\0A2z8 \n@".charAt(random.nextInt(12)));
            }
            check(text.toString());
        }
    }

    private static void check(String text) {
        final UserName user = UserName.parse(text);
        final HostName host = HostName.parse(text);
        final MessageId id = MessageId.parse(text);
        final Mac mac = Mac.parse(text);
        if (user != null || host != null || id != null || mac != null) {
            assertTrue(text.matches("[a-z0-9.]+"), text);
        }
        if (mac != null) {
            assertEquals(text, mac.text());
        }
        final CablesAddress address = CablesAddress.parse(text);
        if (address != null) {
            assertEquals(address, CablesAddress.parse(address.toString()));
        }
    }
}
