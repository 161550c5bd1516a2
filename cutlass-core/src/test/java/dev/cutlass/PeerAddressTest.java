package dev.cutlass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.PeerId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PeerAddressTest {
    private static final String KEY = "cutlass:ahlvvgabqkyqvn6vjp7nhslea45a5yls6pnkmizfv4bbu2hxa5irvbtm";
    private static final PeerId ID = PeerId.parse(KEY);

    @ParameterizedTest
    @ValueSource(
            strings = {
                KEY,
                KEY + "@host.example:8365",
                KEY + "@192.0.2.1:1,[2001:db8::1]:65535,other.example:99",
                KEY + "@[fe80::1%eth0]:8365?stealth",
                KEY + "?stealth",
                "host.example:8365",
                "[::1]:8365",
                "bücher.example:8365"
            })
    void theTextOfWhatWasReadIsTheSame(String text) {
        PeerAddress address = PeerAddress.parse(text);

        assertEquals(text, address.text());
        assertEquals(address, PeerAddress.parse(address.text()));
    }

    @Test
    void aMissingPortIsThatOfCutlass() {
        PeerAddress address = PeerAddress.parse(KEY + "@host.example,[::1]");

        assertEquals(
                List.of(new PeerAddress.Place("host.example", 8365), new PeerAddress.Place("::1", 8365)),
                address.places());
        assertEquals(Optional.of(ID), address.key());
        assertFalse(address.stealth());
    }

    @Test
    void caseOfTheKeySpacesAroundAndAMissingPrefixDoNotMatter() {
        assertEquals(PeerAddress.parse(KEY), PeerAddress.parse("  " + KEY.toUpperCase(java.util.Locale.ROOT) + " "));
        assertEquals(PeerAddress.parse(KEY), PeerAddress.parse(KEY.substring("cutlass:".length())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|empty",
                "@host:1|no key",
                "host:0|0",
                "host:65536|65536",
                "host:http|not a number",
                "host:|not a number",
                ":8365|host is missing",
                "2001:db8::1|brackets",
                "[2001:db8::1|not closed",
                "[host]:1|not an IPv6",
                "[::1]8365|\"]\"",
                "a b:1|not a host name",
                "host:1,,other:1|a place is missing",
                "host:1?quick|stealth",
                "host:1?stealth|key",
                "a:1,b:1,c:1,d:1,e:1,f:1,g:1,h:1,i:1|more than 8",
                "cutlass:abc@host|too few",
            })
    void whatIsWrongIsSaidAndARightAddressShown(String text, String expected) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> PeerAddress.parse(text));

        assertTrue(e.getMessage().contains(expected), e.getMessage());
        assertTrue(e.getMessage().contains("cutlass:ahlv"), e.getMessage());
    }

    @Test
    void aLogShowsNeitherKeyNorPlaces() {
        String shown = PeerAddress.parse(KEY + "@host.example:1").toString();

        assertFalse(shown.contains("host"), shown);
        assertFalse(shown.contains(KEY), shown);
    }
}
