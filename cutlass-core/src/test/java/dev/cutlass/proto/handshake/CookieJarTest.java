package dev.cutlass.proto.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.HandshakePart;
import dev.cutlass.wire.Id128;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CookieJarTest {
    private static final InetSocketAddress V4 = Node.address("192.0.2.1", 8_365);
    private static final InetSocketAddress V6 = Node.address("2001:db8::1", 8_365);
    private static final long SLOT = TimeUnit.SECONDS.toNanos(60);

    private final SeededSecureRandom random = new SeededSecureRandom(1);
    private final CookieJar jar = new CookieJar(random);

    @Test
    void aCookieIsValidInItsSlotAndTheNextOneForItsAddressAndPort() {
        for (InetSocketAddress address : new InetSocketAddress[] {V4, V6}) {
            Bytes cookie = Bytes.of(jar.cookieFor(address, 5 * SLOT));
            assertEquals(HandshakePart.COOKIE_LENGTH, cookie.length());
            assertTrue(jar.isValid(cookie, address, 5 * SLOT));
            assertTrue(jar.isValid(cookie, address, 7 * SLOT - 1));
            assertFalse(jar.isValid(cookie, address, 7 * SLOT));
            assertFalse(jar.isValid(cookie, address, 5 * SLOT - 1), "from the future");
            assertFalse(jar.isValid(cookie, new InetSocketAddress(address.getAddress(), 8_366), 5 * SLOT));
            assertFalse(jar.isValid(cookie, address == V4 ? V6 : V4, 5 * SLOT));
        }
    }

    @Test
    void aChangedOrForeignCookieIsNotValid() {
        byte[] cookie = jar.cookieFor(V4, SLOT);
        for (int bit = 0; bit < 8 * cookie.length; bit++) {
            byte[] changed = cookie.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertFalse(jar.isValid(Bytes.of(changed), V4, SLOT), "bit " + bit);
        }
        assertFalse(jar.isValid(Bytes.EMPTY, V4, SLOT));
        assertFalse(new CookieJar(random).isValid(Bytes.of(cookie), V4, SLOT));
    }

    @Test
    void aDemandIsNeverLongerThanWhatItAnswers() {
        for (int length = 1; length <= 1_152; length++) {
            byte[] demand = jar.demandFor(new Id128(1, 2), V4, length, 0, random);
            if (length < 28 + 47 + 32) {
                assertNull(demand);
            } else {
                assertTrue(demand.length <= length);
                HandshakeKeys keys = HandshakeKeys.normal();
                HandshakePart part = (HandshakePart) HandshakeCodec.open(
                        demand, 0, demand.length, keys.masks().toInitiator());
                assertEquals(HandshakePart.COOKIE_DEMAND, part.type());
                assertTrue(jar.isValid(part.cookie(), V4, 0));
            }
        }
    }
}
