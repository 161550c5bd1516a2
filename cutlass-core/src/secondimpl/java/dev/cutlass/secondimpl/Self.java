package dev.cutlass.secondimpl;

import dev.cutlass.crypto.bc.Ed25519;
import dev.cutlass.crypto.bc.X25519;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Who a side is, and what it likes.
 *
 * @param staticPrivate the device's X25519 key; null for the root's X25519 form
 * @param deviceRecord present exactly if {@code staticPrivate} is
 * @param psk 32 bytes, zeros for none
 * @param aeads the numbers of the AEADs, preferred first
 */
record Self(
        byte[] rootSeed,
        byte @Nullable [] staticPrivate,
        byte @Nullable [] deviceRecord,
        byte[] bootId,
        String nick,
        byte[] psk,
        byte[] aeads) {
    /** A one-device identity without psk. */
    static Self drawn(Random random, String nick) {
        byte[] aeads = {Primitives.CHACHA20_POLY1305, Primitives.AES_256_GCM};
        return new Self(bytes(random, 32), null, null, bytes(random, 16), nick, new byte[32], aeads);
    }

    /** The same identity on a second device, valid from 1970 to 2106. */
    Self onOtherDevice(Random random) {
        byte[] key = bytes(random, 32);
        DeviceRecord record = new DeviceRecord(1, 0, 0xffff_ffffL, X25519.publicKey(key), List.of(Noise.SUITE));
        return new Self(rootSeed, key, record.signed(rootSeed), bytes(random, 16), nick, psk, aeads);
    }

    Self withPsk(byte[] other) {
        return new Self(rootSeed, staticPrivate, deviceRecord, bootId, nick, other, aeads);
    }

    Self withAeads(int... numbers) {
        byte[] other = new byte[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            other[i] = (byte) numbers[i];
        }
        return new Self(rootSeed, staticPrivate, deviceRecord, bootId, nick, psk, other);
    }

    byte[] rootKey() {
        return Ed25519.publicKey(rootSeed);
    }

    byte[] noisePrivate() {
        byte[] device = staticPrivate;
        return device == null ? Ed25519.toX25519PrivateKey(rootSeed) : device;
    }

    byte[] noisePublic() {
        return X25519.publicKey(noisePrivate());
    }

    static byte[] bytes(Random random, int length) {
        byte[] out = new byte[length];
        random.nextBytes(out);
        return out;
    }
}
