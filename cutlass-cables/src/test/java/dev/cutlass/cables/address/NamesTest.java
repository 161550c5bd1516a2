package dev.cutlass.cables.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NamesTest {
    private static final String USER = "ekca2x5uzxf7ka53fkpexbztgbhjcii3";
    private static final String V2 = "6n53eglnjalo775k.onion";
    private static final String I2P = "eddsyuj7dd6xtupcwkeutjrjuqo3l75laazchp5omiikwlxygh7q.b32.i2p";

    /** The example of Tor's rend-spec-v3. */
    private static final String V3 = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion";

    @Test
    void theThreeKindsOfHostsAreKnown() {
        assertEquals(HostName.Kind.ONION_V2, HostName.of(V2).kind());
        assertEquals(HostName.Kind.ONION_V3, HostName.of(V3).kind());
        assertEquals(HostName.Kind.I2P, HostName.of(I2P).kind());
    }

    @Test
    void aSlipInAV3NameIsNoticed() {
        final String letters = V3.substring(0, 56);
        for (int i = 0; i < letters.length(); i++) {
            final char other = letters.charAt(i) == 'a' ? 'b' : 'a';
            assertNull(
                    HostName.parse(letters.substring(0, i) + other + letters.substring(i + 1) + ".onion"), "at " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".onion",
                "6N53EGLNJALO775K.onion",
                "6n53eglnjalo775k.onion.",
                "6n53eglnjalo775k.onion:80",
                "www.6n53eglnjalo775k.onion",
                "6n53eglnjalo7751.onion",
                "6n53eglnjalo775k.onion\n",
                "127.0.0.1",
                "example.invalid",
                "eddsyuj7dd6xtupcwkeutjrjuqo3l75laazchp5omiikwlxygh7q.i2p"
            })
    void nothingElseIsAHost(String text) {
        assertNull(HostName.parse(text));
        assertThrows(IllegalArgumentException.class, () -> HostName.of(text));
    }

    @Test
    void anAddressIsUserAndHostInAnyCase() {
        final CablesAddress address = CablesAddress.of(USER.toUpperCase(java.util.Locale.ROOT) + "@" + I2P);
        assertEquals(USER + "@" + I2P, address.toString());
        assertNull(CablesAddress.parse(USER));
        assertNull(CablesAddress.parse(USER + "@" + V2 + "@"));
        assertNull(CablesAddress.parse("@" + V2));
        assertNull(CablesAddress.parse(USER + "x@" + V2));
    }

    @Test
    void messageIdsAreFortyDigits() {
        final Random random = new Random(7);
        final MessageId drawn = MessageId.draw(random);
        assertEquals(drawn, MessageId.parse(drawn.text()));
        assertNotEquals(drawn, MessageId.draw(random));
        assertNull(MessageId.parse(drawn.text().substring(1)));
        assertNull(MessageId.parse(drawn.text().substring(1) + "G"));
        assertNull(MessageId.parse(drawn.text().substring(1) + "A"));
    }

    @Test
    void macsAreComparedAndNotPrinted() {
        final Mac mac = Mac.of(new byte[64]);
        assertEquals(mac, Mac.parse("0".repeat(128)));
        assertNotEquals(mac, Mac.parse("0".repeat(127) + "1"));
        assertNotNull(Mac.parse("a".repeat(128)));
        assertNull(Mac.parse("A".repeat(128)));
        assertNull(Mac.parse("0".repeat(127)));
        assertFalse(mac.toString().contains("0"));
        assertTrue(mac.text().contains("0"));
    }
}
