package dev.cutlass.cables.pki;

import java.util.Arrays;
import java.util.Objects;
import java.util.Random;

/** Genuine objects with some bytes changed: random bytes alone never get past the first tag of a parser. */
final class Edited {
    private Edited() {}

    /**
     * A PEM text, from an input of a fuzzer. If the input's first byte is even, the rest is the text; else each three bytes of it say where
     * in the genuine object's DER, and what is XORed there.
     *
     * @param der what the genuine text holds
     */
    static byte[] pem(String label, byte[] der, byte[] input) {
        if (input.length > 0 && input[0] % 2 == 0) {
            return rest(input);
        }
        return Pem.encode(label, edited(der, input));
    }

    /** Likewise, without PEM around it. */
    static byte[] der(byte[] der, byte[] input) {
        return input.length > 0 && input[0] % 2 == 0 ? rest(input) : edited(der, input);
    }

    static byte[] derOf(byte[] pem) {
        final byte[] certificate = Pem.certificate(pem);
        return certificate != null
                ? certificate
                : Objects.requireNonNullElseGet(Pem.cms(pem), () -> Objects.requireNonNull(Pem.privateKey(pem)));
    }

    private static byte[] rest(byte[] input) {
        return Arrays.copyOfRange(input, 1, input.length);
    }

    private static byte[] edited(byte[] der, byte[] input) {
        final byte[] edited = der.clone();
        for (int i = 1; i + 2 < input.length; i += 3) {
            edited[((input[i] & 0xff) << 8 | input[i + 1] & 0xff) % edited.length] ^= input[i + 2];
        }
        return edited;
    }

    /** An input that edits: few changes, mostly near the start, where the structure is. */
    static byte[] input(Random random) {
        final byte[] input = new byte[1 + 3 * (1 + random.nextInt(4))];
        random.nextBytes(input);
        input[0] |= 1;
        if (random.nextBoolean()) {
            for (int i = 1; i < input.length; i += 3) {
                input[i] = 0;
            }
        }
        return input;
    }
}
