package dev.cutlass.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cutlass.crypto.primitive.Base32;
import dev.cutlass.crypto.primitive.Hash;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerIdTest {
    // RFC 8032 section 7.1, TEST 1; text and fingerprint were computed by a separate program from docs/protocol.md
    private static final byte[] KEY =
            HexFormat.of().parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    private static final String TEXT = "cutlass:ahlvvgabqkyqvn6vjp7nhslea45a5yls6pnkmizfv4bbu2hxa5irvbtm";
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

    @Test
    void theTextFormIsAsTheProtocolSays() throws Exception {
        assertEquals(TEXT, PeerId.of(KEY).text());
        assertEquals("3kyb d4my ltqg 3wsh ovt6 rlw5", PeerId.of(KEY).fingerprint());
        byte[] bytes = Base32.decode(TEXT.substring("cutlass:".length()));
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        sha256.update("cutlass2/address\0".getBytes(StandardCharsets.US_ASCII));
        byte[] hash = sha256.digest(Arrays.copyOf(bytes, 33));
        assertEquals(1, bytes[0]);
        assertArrayEquals(KEY, Arrays.copyOfRange(bytes, 1, 33));
        assertArrayEquals(Arrays.copyOf(hash, 2), Arrays.copyOfRange(bytes, 33, 35));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatIsWrittenIsReadAgain(long seed) {
        PeerId id = Seeds.peer(seed);
        String text = id.text();
        assertEquals("cutlass:".length() + 56, text.length());
        assertEquals(id, PeerId.parse(text));
        assertEquals(id, PeerId.parse("  " + text.toUpperCase(Locale.ROOT) + "\n"));
        assertEquals(id, PeerId.parse(text.substring("cutlass:".length())));
        assertEquals(id, PeerId.of(id.bytes()));
        assertEquals(id.hashCode(), PeerId.of(id.bytes()).hashCode());
        assertEquals(0, id.compareTo(PeerId.of(id.bytes())));
        assertNotEquals(id, Seeds.peer(seed + 100));
    }

    /** The checksum misses one wrong letter in 65,536, and 15 of 16 of those fail as keys: none is expected among these 17,360. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void everySingleWrongLetterIsNoticed(long seed) {
        String text = Seeds.peer(seed).text();
        for (int i = "cutlass:".length(); i < text.length(); i++) {
            for (char letter : LETTERS.toCharArray()) {
                if (letter != text.charAt(i)) {
                    String typo = text.substring(0, i) + letter + text.substring(i + 1);
                    assertThrows(IllegalArgumentException.class, () -> PeerId.parse(typo), typo);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void everyTwoExchangedNeighboursAreNoticed(long seed) {
        String text = Seeds.peer(seed).text();
        for (int i = "cutlass:".length(); i + 1 < text.length(); i++) {
            if (text.charAt(i) != text.charAt(i + 1)) {
                String typo = text.substring(0, i) + text.charAt(i + 1) + text.charAt(i) + text.substring(i + 2);
                assertThrows(IllegalArgumentException.class, () -> PeerId.parse(typo), typo);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|it is empty",
                "cutlass:|it is empty",
                "cutlass:ahlvvgabqkyqvn6vjp7nhslea45a5yls6pnkmizfv4bbu2hxa5irvbt|55 letters after \"cutlass:\", 1 too few",
                "cutlass:ahlvvgabqkyqvn6vjp7nhslea45a5yls6pnkmizfv4bbu2hxa5irvbtmaa|58 letters after \"cutlass:\", 2 too many",
                "cutlass:ah1vvgabqkyqvn6vjp7nhslea45a5yls6pnkmizfv4bbu2hxa5irvbtm|character 3 after \"cutlass:\" is '1', but only a-z and 2-7 occur (perhaps the letter l or i)",
                "cutlass:ahlvvgabqkyqvn6vjp7nhslea45a5yls6pnkmizfv4bbu2hxa5irvbtm@host:1|character 57 after \"cutlass:\" is '@'",
                "cutlass:ahlvv abqkyqvn6vjp7nhslea45a5yls6pnkmizfv4bbu2hxa5irvbtm|character 6 after \"cutlass:\" is U+0020",
                "cutlass:ählvvgabqkyqvn6vjp7nhslea45a5yls6pnkmizfv4bbu2hxa5irvbtm|character 1 after \"cutlass:\" is U+00E4",
                "cutlass:ahlvvgabqkyqvn6vjp7nhslea45a5yls6pnkmizfv4bbu2hxa5irvbta|typing error",
            })
    void aWrongTextIsExplained(String text, String why) {
        String message = assertThrows(IllegalArgumentException.class, () -> PeerId.parse(text))
                .getMessage();
        assertTrue(message.contains(why), message);
        assertTrue(message.contains(TEXT), "shows a right one");
        assertTrue(TEXT.startsWith(text) || !message.contains(text), "does not repeat what was typed");
    }

    @Test
    void anUnknownVersionIsNamed() {
        byte[] body = new byte[33];
        body[0] = 2;
        byte[] hash = Hash.SHA_256.of(Labels.prefix("address"), body);
        byte[] all = Arrays.copyOf(body, 35);
        System.arraycopy(hash, 0, all, 33, 2);
        String message = assertThrows(IllegalArgumentException.class, () -> PeerId.parse(Base32.encode(all)))
                .getMessage();
        assertTrue(message.contains("version is 2"), message);
    }

    @Test
    void aGoodTextOfABadKeyIsRefused() {
        String text = AddressText.format(new byte[32]); // y = 0 has order 4
        String message = assertThrows(IllegalArgumentException.class, () -> PeerId.parse(text))
                .getMessage();
        assertTrue(message.contains("not an Ed25519 public key"), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0100000000000000000000000000000000000000000000000000000000000000", // the neutral point
                "0100000000000000000000000000000000000000000000000000000000000080", // the same with a sign
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // order 2
                "0000000000000000000000000000000000000000000000000000000000000000", // order 4
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", // order 8
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // y = p + 1: not canonical
                "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // y = p + 3: not canonical
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "0200000000000000000000000000000000000000000000000000000000000000", // not on the curve
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f70751", // too short
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a00", // too long
                ""
            })
    void whatIsNoKeyIsRefused(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertNull(PeerId.parseWire(bytes));
        assertThrows(IllegalArgumentException.class, () -> PeerId.of(bytes));
    }

    /** The first test key plus the point of order two, (x, y) -> (-x, -y): on the curve, and in no group of prime order. */
    @Test
    void aKeyWithATorsionComponentIsRefused() {
        BigInteger p = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
        byte[] bigEndian = KEY.clone();
        bigEndian[31] &= 0x7f;
        reverse(bigEndian);
        byte[] negated = p.subtract(new BigInteger(1, bigEndian)).toByteArray();
        byte[] twisted = new byte[32];
        System.arraycopy(
                negated,
                Math.max(0, negated.length - 32),
                twisted,
                32 - Math.min(32, negated.length),
                Math.min(32, negated.length));
        reverse(twisted);
        assertNull(PeerId.parseWire(twisted));
        twisted[31] |= (byte) 0x80;
        assertNull(PeerId.parseWire(twisted));
    }

    @Test
    void theStringFormNamesNobody() {
        PeerId id = PeerId.of(KEY);
        assertEquals("cutlass:ahlv…", id.toString());
        assertFalse(id.toString().contains(TEXT.substring(12)));
    }

    @Test
    void theBytesAreCopies() {
        byte[] bytes = KEY.clone();
        PeerId id = PeerId.of(bytes);
        bytes[0] = 0;
        id.bytes()[1] = 0;
        assertArrayEquals(KEY, id.bytes());
    }

    @Test
    void keysAreOrderedAsUnsignedNumbers() {
        Random random = new Random(5);
        for (int i = 0; i < 20; i++) {
            PeerId one = Seeds.peer(random.nextInt());
            PeerId other = Seeds.peer(random.nextInt());
            int expected = new BigInteger(1, one.bytes()).compareTo(new BigInteger(1, other.bytes()));
            assertEquals(expected, Integer.signum(one.compareTo(other)));
        }
    }

    @FuzzTest(maxDuration = "60s")
    void anyTextIsAPeerOrAnArgumentThatIsExplained(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        try {
            PeerId id = PeerId.parse(text);
            assertEquals(id, PeerId.parse(id.text()));
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage().contains("not a Cutlass address"), e.getMessage());
        }
    }

    private static void reverse(byte[] bytes) {
        for (int i = 0; i < bytes.length / 2; i++) {
            byte swapped = bytes[i];
            bytes[i] = bytes[bytes.length - 1 - i];
            bytes[bytes.length - 1 - i] = swapped;
        }
    }
}
