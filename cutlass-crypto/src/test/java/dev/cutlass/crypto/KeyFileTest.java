package dev.cutlass.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cutlass.crypto.KeyFileException.Reason;
import dev.cutlass.crypto.primitive.Hash;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {
    private static final KeyFile.Cost CHEAP = new KeyFile.Cost(8, 1, 1);
    private static final String NAME = "home/identity.key";
    private static final char[] PASSPHRASE = "correct horse \u00fc \ud83d\udd11".toCharArray();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatIsWrittenIsReadAgain(long seed) throws Exception {
        try (Identity plain = Identity.generate(Seeds.secure(seed));
                Identity device = plain.withNewDevice(Seeds.secure(seed + 10), seed, 1, 2, List.of(1, 2))) {
            for (Identity identity : List.of(plain, device)) {
                for (char[] passphrase : new char[][] {PASSPHRASE, null}) {
                    byte[] file = KeyFile.encode(identity, passphrase, CHEAP, Seeds.secure(seed + 20));
                    try (Identity read = KeyFile.decode(file, passphrase, NAME)) {
                        assertEquals(identity.id(), read.id());
                        assertArrayEquals(
                                identity.device().publicKey(), read.device().publicKey());
                        assertEquals(identity.device().record(), read.device().record());
                        assertTrue(Identity.verify(read.id(), "k", new byte[1], read.sign("k", new byte[1])));
                    }
                }
            }
        }
    }

    @Test
    void theLayoutIsAsDocumented() {
        byte[] file = sealed();
        assertEquals("4355544c4153534b" + "01" + "01" + "00000008" + "00000001" + "01", hex(file, 0, 19));
        assertEquals(2, file[35]);
        assertEquals(34 + 16, ByteBuffer.wrap(file).getShort(48));
        assertEquals(50 + 50 + 8, file.length);
        assertEquals(hex(Hash.SHA_256.of(Arrays.copyOf(file, 100)), 0, 8), hex(file, 100, 108));
    }

    @Test
    void aFileThatIsNotEncryptedSaysSo() {
        try (Identity identity = Identity.generate(Seeds.secure(1))) {
            byte[] file = KeyFile.encode(identity, null, CHEAP, Seeds.secure(2));
            assertEquals("01" + "00".repeat(39), hex(file, 8, 48));
            assertReason(Reason.NOT_ENCRYPTED, file, PASSPHRASE);
        }
    }

    @Test
    void anEncryptedFileAsksForItsPassphrase() {
        assertReason(Reason.PASSPHRASE_NEEDED, sealed(), null);
    }

    @Test
    void aWrongPassphraseIsToldFromDamage() {
        for (String wrong : List.of("correct horse", "Correct horse \u00fc \ud83d\udd11", "x")) {
            KeyFileException e = assertReason(Reason.WRONG_PASSPHRASE, sealed(), wrong.toCharArray());
            assertFalse(e.getMessage().contains(wrong + "\""));
        }
    }

    @Test
    void everyFlippedBitIsAKeyFileExceptionAndNeverAWrongPassphrase() {
        for (byte[] file : List.of(sealed(), open())) {
            char[] passphrase = file.length == sealed().length ? PASSPHRASE : null;
            for (int bit = 0; bit < file.length * Byte.SIZE; bit++) {
                byte[] flipped = file.clone();
                flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
                Reason expected = bit / Byte.SIZE == 8 ? Reason.UNSUPPORTED_VERSION : Reason.DAMAGED;
                assertReason(expected, flipped, passphrase);
            }
        }
    }

    @Test
    void everyOtherLengthIsDamage() {
        byte[] file = sealed();
        for (int length = 0; length < file.length + 10; length++) {
            if (length != file.length) {
                assertReason(Reason.DAMAGED, Arrays.copyOf(file, length), PASSPHRASE);
            }
        }
    }

    /** The checksum is no protection from a forger; the AEAD is, and what it cannot cover is bounded. */
    @Test
    void everyFlippedBitWithARightChecksumIsAKeyFileException() {
        byte[] file = sealed();
        for (int bit = 0; bit < (file.length - 8) * Byte.SIZE; bit++) {
            int index = bit / Byte.SIZE;
            if (index >= 10 && index < 14 || index >= 14 && index < 18) {
                continue; // costs within the limits are paid; their limits have tests of their own
            }
            byte[] flipped = file.clone();
            flipped[index] ^= (byte) (1 << bit % Byte.SIZE);
            assertThrows(KeyFileException.class, () -> KeyFile.decode(mended(flipped), PASSPHRASE, NAME), "bit " + bit);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1048577, 1, 1",
        "-1, 1, 1",
        "0, 1, 1",
        "7, 1, 1",
        "8, 0, 1",
        "8, 65, 1",
        "8, -1, 1",
        "8, 1, 0",
        "8, 1, 17",
        "15, 1, 2",
        "2147483647, 1, 1",
        "8, 2147483647, 1"
    })
    void aFileThatAsksForTooMuchIsRefused(int memory, int passes, int lanes) {
        byte[] file = sealed();
        ByteBuffer.wrap(file).putInt(10, memory).putInt(14, passes).put(18, (byte) lanes);
        assertReason(Reason.TOO_EXPENSIVE, mended(file), PASSPHRASE);
    }

    @ParameterizedTest
    @CsvSource({"9, 2", "9, 255", "35, 0", "35, 3", "35, 255"})
    void anUnknownAlgorithmIsOfANewerVersion(int offset, int value) {
        byte[] file = sealed();
        file[offset] = (byte) value;
        assertReason(Reason.UNSUPPORTED_VERSION, mended(file), PASSPHRASE);
    }

    @Test
    void aBodyThatIsNoIdentityIsDamage() {
        byte[] file = open();
        for (int offset : new int[] {50, 83}) { // version, device flag
            for (int value = 0; value < 256; value++) {
                byte[] changed = file.clone();
                changed[offset] = (byte) value;
                if (value != file[offset]) {
                    assertReason(Reason.DAMAGED, mended(changed), null);
                }
            }
        }
    }

    @Test
    void aDeviceKeyThatItsRecordDoesNotNameIsDamage() {
        try (Identity plain = Identity.generate(Seeds.secure(1));
                Identity device = plain.withNewDevice(Seeds.secure(2), 1, 1, 2, List.of(1))) {
            byte[] file = KeyFile.encode(device, null, CHEAP, Seeds.secure(3));
            for (int index : new int[] {51, 60, 84, 90, 116, 117, 118, 150, 220}) { // root, device key, length, record
                byte[] changed = file.clone();
                changed[index] ^= 0x10;
                assertReason(Reason.DAMAGED, mended(changed), null);
            }
        }
    }

    @Test
    void halfASurrogatePairIsNoPassphrase() {
        assertThrows(IllegalArgumentException.class, () -> KeyFile.decode(sealed(), new char[] {'a', '\ud83d'}, NAME));
    }

    @Test
    void theCallersPassphraseStaysAsItIs() throws Exception {
        char[] passphrase = PASSPHRASE.clone();
        KeyFile.decode(sealed(), passphrase, NAME).close();
        assertArrayEquals(PASSPHRASE, passphrase);
    }

    @Test
    void twoFilesOfOneIdentityHaveNothingInCommon() {
        try (Identity identity = Identity.generate(Seeds.secure(1))) {
            byte[] one = KeyFile.encode(identity, PASSPHRASE, CHEAP, Seeds.secure(2));
            byte[] other = KeyFile.encode(identity, PASSPHRASE, CHEAP, Seeds.secure(3));
            assertFalse(hex(one, 19, 35).equals(hex(other, 19, 35)), "salt");
            assertFalse(hex(one, 36, 48).equals(hex(other, 36, 48)), "nonce");
            assertFalse(hex(one, 50, 100).equals(hex(other, 50, 100)), "body");
        }
    }

    @FuzzTest(maxDuration = "60s")
    void anyBytesAreAnIdentityOrAKeyFileException(byte[] bytes) {
        byte[] file = bytes.clone();
        if (file.length > 8) {
            file = mended(file); // past the checksum, or the fuzzer would see nothing else
        }
        if (file.length >= 18) {
            ByteBuffer.wrap(file).putInt(10, ByteBuffer.wrap(file).getInt(10) & 0x800000ff); // keep it fast
        }
        try {
            KeyFile.decode(file.length > 8 ? mended(file) : file, null, NAME).close();
        } catch (KeyFileException e) {
            assertTrue(e.getMessage().startsWith(NAME), e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomBodiesAreIdentitiesOrNone(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] body = new byte[random.nextInt(260)];
            random.nextBytes(body);
            if (body.length > 33) {
                body[0] = 1;
                body[33] = (byte) random.nextInt(3);
            }
            Identity identity = KeyFileBody.decode(body);
            assertEquals(identity != null, body.length == 34 && body[33] == 0, "length " + body.length);
        }
    }

    private static byte[] sealed() {
        try (Identity identity = Identity.generate(Seeds.secure(1))) {
            return KeyFile.encode(identity, PASSPHRASE, CHEAP, Seeds.secure(2));
        }
    }

    private static byte[] open() {
        try (Identity identity = Identity.generate(Seeds.secure(1))) {
            return KeyFile.encode(identity, null, CHEAP, Seeds.secure(2));
        }
    }

    /** The same with a right checksum. */
    private static byte[] mended(byte[] file) {
        byte[] mended = file.clone();
        int end = file.length - 8;
        System.arraycopy(Hash.SHA_256.of(Arrays.copyOf(file, end)), 0, mended, end, 8);
        return mended;
    }

    private static KeyFileException assertReason(Reason expected, byte[] file, char[] passphrase) {
        KeyFileException e = assertThrows(KeyFileException.class, () -> KeyFile.decode(file, passphrase, NAME));
        assertEquals(expected, e.reason(), e.getMessage());
        assertTrue(e.getMessage().contains(NAME), e.getMessage());
        return e;
    }

    private static String hex(byte[] bytes, int from, int to) {
        return HexFormat.of().formatHex(bytes, from, to);
    }
}
