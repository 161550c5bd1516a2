package dev.cutlass.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.bc.Ed25519;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
    private static final byte[] DATA = {1, 2, 3};

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aSignatureHoldsForItsSignerKindAndDataOnly(long seed) {
        try (Identity signer = Identity.generate(Seeds.secure(seed))) {
            byte[] signature = signer.sign("grant", DATA);
            assertTrue(Identity.verify(signer.id(), "grant", DATA, signature));
            assertFalse(Identity.verify(Seeds.peer(seed + 100), "grant", DATA, signature));
            assertFalse(Identity.verify(signer.id(), "grants", DATA, signature));
            assertFalse(Identity.verify(signer.id(), "grant", new byte[] {1, 2}, signature));
            assertFalse(Identity.verify(signer.id(), "grant", DATA, Arrays.copyOf(signature, 63)));
            for (int bit = 0; bit < signature.length * Byte.SIZE; bit++) {
                byte[] flipped = signature.clone();
                flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
                assertFalse(Identity.verify(signer.id(), "grant", DATA, flipped), "bit " + bit);
            }
        }
    }

    @Test
    void aSignatureCoversTheLabelAndAZeroByte() {
        try (Identity signer = Identity.generate(Seeds.secure(4))) {
            byte[] signed = "cutlass2/grant\0data".getBytes(StandardCharsets.US_ASCII);
            byte[] signature = signer.sign("grant", "data".getBytes(StandardCharsets.US_ASCII));
            assertTrue(Ed25519.verify(signer.id().bytes(), signature, signed));
        }
    }

    @Test
    void aKindIsShortAndPrintable() {
        try (Identity signer = Identity.generate(Seeds.secure(5))) {
            assertNotNull(signer.sign("k".repeat(64), DATA));
            for (String kind : List.of("", "k".repeat(65), "a\0b", "ä", "a\n")) {
                assertThrows(IllegalArgumentException.class, () -> signer.sign(kind, DATA));
                assertThrows(IllegalArgumentException.class, () -> signer.deriveKey(kind));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theDeviceOfAFreshIdentityIsTheRootKeysOtherForm(long seed) {
        try (Identity one = Identity.generate(Seeds.secure(seed));
                Identity other = Identity.generate(Seeds.secure(seed + 100))) {
            assertNull(one.device().record());
            assertArrayEquals(one.id().x25519Form(), one.device().publicKey());
            assertTrue(one.id().vouchesFor(one.device().publicKey(), null, 0));
            assertFalse(one.id().vouchesFor(other.device().publicKey(), null, 0));
            assertArrayEquals(
                    one.device().agree(other.device().publicKey()),
                    other.device().agree(one.device().publicKey()));
        }
    }

    @Test
    void anotherDeviceHasAnotherKeyAndARecordForIt() {
        try (Identity root = Identity.generate(Seeds.secure(1));
                Identity device = root.withNewDevice(Seeds.secure(2), 7, 1_000, 2_000, List.of(1))) {
            assertEquals(root.id(), device.id());
            byte[] key = device.device().publicKey();
            DeviceRecord record = device.device().record();
            assertFalse(Arrays.equals(root.device().publicKey(), key));
            assertTrue(root.id().vouchesFor(key, record, 1_500));
            assertFalse(root.id().vouchesFor(key, null, 1_500), "without its record nothing proves it");
            assertFalse(root.id().vouchesFor(root.device().publicKey(), record, 1_500));
            assertFalse(root.id().vouchesFor(key, record, 2_001));
            assertFalse(Seeds.peer(9).vouchesFor(key, record, 1_500));
        }
    }

    @Test
    void aClosedIdentityDoesNothingMore() {
        Identity identity = Identity.generate(Seeds.secure(1));
        Identity device = identity.withNewDevice(Seeds.secure(2), 0, 0, 1, List.of(1));
        PeerId id = identity.id();
        identity.close();
        identity.close();
        assertEquals(id, identity.id());
        assertThrows(IllegalStateException.class, () -> identity.sign("grant", DATA));
        assertThrows(IllegalStateException.class, () -> identity.deriveKey("purpose"));
        assertThrows(IllegalStateException.class, () -> identity.device().agree(new byte[32]));
        assertArrayEquals(new byte[32], identity.device().copyOfPrivateKey());
        assertTrue(device.sign("grant", DATA).length > 0, "its sibling has keys of its own");
        device.close();
    }

    @Test
    void aSmallOrderKeyGivesNoSecret() {
        try (Identity identity = Identity.generate(Seeds.secure(1))) {
            assertNull(identity.device().agree(new byte[32]));
        }
    }

    @Test
    void derivedKeysDifferByPurposeAndIdentity() {
        try (Identity one = Identity.generate(Seeds.secure(1));
                Identity other = Identity.generate(Seeds.secure(2))) {
            assertArrayEquals(one.deriveKey("a"), one.deriveKey("a"));
            assertFalse(Arrays.equals(one.deriveKey("a"), one.deriveKey("b")));
            assertFalse(Arrays.equals(one.deriveKey("a"), other.deriveKey("a")));
        }
    }

    @Test
    void noStringFormShowsAKey() {
        try (Identity identity =
                Identity.generate(Seeds.secure(1)).withNewDevice(Seeds.secure(2), 0, 0, 1, List.of(1))) {
            String shown =
                    identity + " " + identity.device() + " " + identity.device().record();
            assertNotEquals(-1, shown.indexOf('…'));
            assertFalse(shown.contains(identity.id().text()));
            assertFalse(
                    shown.contains(HexFormat.of().formatHex(identity.device().publicKey())));
        }
    }
}
