package dev.cutlass.crypto.noise;

import java.security.SecureRandom;

/** "Random" bytes that a test chose. Fails when they are used up. */
final class FixedRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] bytes;
    private int position;

    FixedRandom(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    @Override
    public void nextBytes(byte[] out) {
        System.arraycopy(bytes, position, out, 0, out.length);
        position += out.length;
    }
}
