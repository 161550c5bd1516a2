package dev.cutlass.proto.handshake;

import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.util.SplittableRandom;

/** Randomness that a seed repeats and that remembers what it gave. */
class RecordedRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient SplittableRandom source;
    private final transient ByteArrayOutputStream given = new ByteArrayOutputStream();

    RecordedRandom(long seed) {
        super(null, null);
        source = new SplittableRandom(seed);
    }

    @Override
    public void nextBytes(byte[] bytes) {
        source.nextBytes(bytes);
        given.writeBytes(bytes);
    }

    /** What it gave since the last call. */
    byte[] drawn() {
        byte[] bytes = given.toByteArray();
        given.reset();
        return bytes;
    }
}
