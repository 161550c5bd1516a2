package dev.cutlass.cables.pki;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cutlass.cables.address.HostName;
import dev.cutlass.crypto.primitive.Base32;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** The key of an onion service is what others take it for; over a real Tor in the profile {@code tor}. */
final class OnionKeyTest {
    /** RFC 8410 section 10.3, the first private key. */
    private static final String PRIVATE = "-----BEGIN PRIVATE KEY-----\n"
            + "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n" + "-----END PRIVATE KEY-----\n";

    /** RFC 8410 section 10.1, the last 32 bytes. */
    private static final byte[] PUBLIC = Base64.getDecoder().decode("Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=");

    /** RFC 8410 section 10.3: the seed, after two bytes of DER. */
    private static final byte[] SEED = Arrays.copyOfRange(
            Base64.getDecoder().decode("MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC"), 16, 48);

    private static OnionKey read(String pem) {
        return OnionKey.read(pem.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aKeyFileIsPkcs8AndNamesTheService() {
        final OnionKey key = read(PRIVATE);
        final String host = key.host().text();
        assertArrayEquals(PUBLIC, Arrays.copyOf(Base32.decode(host.substring(0, host.indexOf('.'))), PUBLIC.length));
        assertEquals(PRIVATE, new String(key.pem(), StandardCharsets.US_ASCII));
    }

    @Test
    void aNameOfTheNetworkIsMadeOfItsKey() {
        final HostName known = HostName.of("2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion");
        final byte[] bytes =
                Base32.decode(known.text().substring(0, known.text().indexOf('.')));
        assertEquals(known, HostName.ofOnionKey(Arrays.copyOf(bytes, 32)));
        assertThrows(IllegalArgumentException.class, () -> HostName.ofOnionKey(bytes));
    }

    @Test
    void torGetsTheHashOfTheSeedWithTheBitsOfRfc8032() throws Exception {
        final byte[] hash = MessageDigest.getInstance("SHA-512").digest(SEED);
        final byte[] expanded = read(PRIVATE).expanded();
        assertEquals(0, expanded[0] & 0x07);
        assertEquals(0x40, expanded[31] & 0xc0);
        hash[0] = expanded[0] = (byte) (hash[0] & 0xf8);
        hash[31] = expanded[31] = (byte) (hash[31] & 0x3f | 0x40);
        assertArrayEquals(hash, expanded);
    }

    @Test
    void whatIsNoKeyIsRefusedWithoutAByteOfIt() {
        final OnionKey key = OnionKey.draw(new SecureRandom());
        assertNotEquals(key.host(), OnionKey.draw(new SecureRandom()).host());
        final String pem = new String(key.pem(), StandardCharsets.US_ASCII);
        assertEquals(key.host(), read(pem).host());
        final String body = pem.lines().skip(1).findFirst().orElseThrow();
        for (String bad : new String[] {
            "",
            pem.replace("PRIVATE", "PUBLIC"),
            pem.replace(body, body.substring(4)),
            pem.replace("MC4C", "MC4D"),
            pem.replace("K2Vw", "K2Vu"), // X25519
        }) {
            final IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> read(bad));
            assertFalse(String.valueOf(refused.getMessage()).contains(body.substring(24)), refused::getMessage);
        }
    }
}
