package dev.cutlass.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cutlass.crypto.PeerId;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerLineTest {
    private static final PeerId PEER = Peers.peer(1);
    private static final String KEY = PEER.text();

    @Test
    void theFormIsAsDocumented() {
        KnownPeer peer = new KnownPeer(
                PEER,
                true,
                LocalDate.of(2026, 1, 31),
                List.of("host.example:8365?stealth", "[2001:db8::1]:1"),
                "Zo\u00eb \"Z\"\\");
        PeerLine line = PeerLine.of(peer, "");
        assertEquals(
                KEY + "  verified  2026-01-31  host.example:8365?stealth,[2001:db8::1]:1  \"Zo\u00eb \\\"Z\\\"\\\\\"",
                new String(line.bytes().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
        assertEquals(
                KEY + "  known     2026-01-31  -  \"\"",
                PeerLine.of(new KnownPeer(PEER, false, LocalDate.of(2026, 1, 31), List.of(), ""), "")
                        .bytes());
    }

    @Test
    void anOfflineAddressFollowsTheNickAndIsATailToVersionsBeforeIt() {
        KnownPeer peer = new KnownPeer(
                PEER, KnownPeer.Standing.KNOWN, LocalDate.of(2026, 1, 31), List.of(), "Ann", "user@host.onion");
        PeerLine line = PeerLine.of(peer, "  # mine");
        assertEquals(KEY + "  known     2026-01-31  -  \"Ann\"  offline=user@host.onion  # mine", line.bytes());
        PeerLine read = PeerLine.parse(line.bytes());
        assertEquals(peer, read.peer());
        assertEquals("  # mine", read.tail());
        assertEquals(line.bytes(), PeerLine.of(read.peer(), read.tail()).bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  more offline=x", "  # offline=x", "  offlin", " offline"})
    void aLineWithoutOneHasNoOfflineAddressAndKeepsItsTail(String tail) {
        PeerLine read = PeerLine.parse(KEY + "  known     2026-01-31  -  \"Ann\"" + tail);
        assertNull(read.damage());
        assertEquals("", read.peer().offlineAddress());
        assertEquals(tail, read.tail());
        assertNotNull(PeerLine.parse(KEY + "  known  2026-01-31  -  \"\" offline="
                        + "x".repeat(KnownPeer.MAX_OFFLINE_ADDRESS_LENGTH + 1))
                .damage());
        assertNotNull(PeerLine.parse(KEY + "  known  2026-01-31  -  \"\" offline=\u00e9")
                .damage());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatIsWrittenIsReadAgain(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            StringBuilder nick = new StringBuilder();
            for (int length = random.nextInt(40); length > 0; length--) {
                int limit = new int[] {0x80, 0x800, 0x10000, 0x110000}[random.nextInt(4)];
                nick.appendCodePoint(random.nextInt(limit)); // controls, half surrogates and all
            }
            List<String> places = new ArrayList<>();
            for (int count = random.nextInt(9); count > 0; count--) {
                places.add("h" + random.nextInt(1_000) + ":" + (1 + random.nextInt(65_535))
                        + (random.nextBoolean() ? "" : "?stealth"));
            }
            LocalDate day = LocalDate.ofEpochDay(random.nextInt(40_000));
            KnownPeer.Standing standing = random.nextBoolean() ? KnownPeer.Standing.KNOWN : KnownPeer.Standing.VERIFIED;
            String offline = "offline=a".substring(random.nextInt(10));
            KnownPeer peer = new KnownPeer(PEER, standing, day, places, nick.toString(), offline);
            PeerLine line = PeerLine.of(peer, "  some more");
            assertTrue(line.bytes().length() <= PeerLine.MAX_LENGTH);
            assertTrue(line.bytes().chars().allMatch(c -> c >= ' ' && c != 0x7f), "one line, nothing hidden");
            PeerLine read = PeerLine.parse(line.bytes());
            assertNull(read.damage(), () -> "seed " + seed + ": " + read.damage());
            assertEquals(peer, read.peer(), "seed " + seed);
            assertEquals("  some more", read.tail());
        }
    }

    @Test
    void theLongestPeerIsReadAgain() {
        List<String> places = new ArrayList<>();
        for (int i = 0; i < KnownPeer.MAX_PLACES; i++) {
            places.add("h".repeat(KnownPeer.MAX_PLACE_LENGTH - 6) + ":" + (65_000 + i) + Places.STEALTH);
        }
        KnownPeer peer = new KnownPeer(
                PEER,
                KnownPeer.Standing.VERIFIED,
                LocalDate.EPOCH,
                places,
                "\uffff".repeat(KnownPeer.MAX_NICK_LENGTH),
                "~".repeat(KnownPeer.MAX_OFFLINE_ADDRESS_LENGTH));
        PeerLine line = PeerLine.of(peer, " " + "x".repeat(PeerLine.MAX_TAIL_LENGTH - 1));
        assertEquals(peer, PeerLine.parse(line.bytes()).peer());
        assertNotNull(PeerLine.parse(line.bytes() + "x").damage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "# a comment", "\t#cutlass:", "\r"})
    void commentsAndEmptyLinesAreNoDamage(String text) {
        PeerLine line = PeerLine.parse(text);
        assertNull(line.damage());
        assertNull(line.peer());
        assertEquals(text, line.bytes());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "cutlass:abc known 2026-01-31 - \"a\"|letters",
                "KEY|second field",
                "KEY Known 2026-01-31 - \"a\"|second field",
                "KEY known|third field",
                "KEY known 2026-02-30 - \"a\"|third field",
                "KEY known 1969-12-31 - \"a\"|year 1969",
                "KEY known 2026-01-31|fourth field",
                "KEY known 2026-01-31 -|fifth field",
                "KEY known 2026-01-31 host \"a\"|host:port",
                "KEY known 2026-01-31 host:0 \"a\"|host:port",
                "KEY known 2026-01-31 host:65536 \"a\"|host:port",
                "KEY known 2026-01-31 host:1, \"a\"|host:port",
                "KEY known 2026-01-31 host:1?Stealth \"a\"|host:port",
                "KEY known 2026-01-31 a:1,a:1,a:1,a:1,a:1,a:1,a:1,a:1,a:1 \"a\"|at most 8",
                "KEY known 2026-01-31 - a|fifth field",
                "KEY known 2026-01-31 - \"a|not closed",
                "KEY known 2026-01-31 - \"a\\\"|not closed",
                "KEY known 2026-01-31 - \"a\"b|no space",
                "KEY known 2026-01-31 - \"\\n\"|backslash",
                "KEY known 2026-01-31 - \"\\u\"|backslash",
                "KEY known 2026-01-31 - \"\\u{}\"|no number",
                "KEY known 2026-01-31 - \"\\u{-1}\"|no number",
                "KEY known 2026-01-31 - \"\\u{110000}\"|no character",
            })
    void aDamagedLineIsExplainedAndKept(String pattern, String why) {
        String text = pattern.replace("KEY", KEY);
        PeerLine line = PeerLine.parse(text);
        assertNull(line.peer());
        assertTrue(line.damage() != null && line.damage().contains(why), line.damage());
        assertEquals(text, line.bytes());
    }

    @Test
    void invalidUtf8AndEndlessLinesAreDamage() {
        String invalid = new String(new byte[] {(byte) 0xc3, 0x28}, StandardCharsets.ISO_8859_1);
        assertEquals("it is not valid UTF-8", PeerLine.parse(invalid).damage());
        assertEquals(invalid, PeerLine.parse(invalid).bytes());
        String endless = " ".repeat(PeerLine.MAX_LENGTH + 1);
        assertNotNull(PeerLine.parse(endless).damage());
        assertNull(PeerLine.parse(endless.substring(1)).damage());
    }

    @FuzzTest(maxDuration = "60s")
    void anyLineIsAPeerOrKept(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (String candidate : List.of(text, KEY + " known 2026-01-31 - " + text, KEY + " " + text)) {
            PeerLine line = PeerLine.parse(candidate);
            assertEquals(candidate, line.bytes());
            KnownPeer peer = line.peer();
            if (peer != null) {
                assertEquals(
                        peer,
                        PeerLine.parse(PeerLine.of(peer, line.tail()).bytes()).peer());
            }
        }
    }
}
