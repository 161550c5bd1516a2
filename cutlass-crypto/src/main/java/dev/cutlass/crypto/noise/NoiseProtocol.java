package dev.cutlass.crypto.noise;

import dev.cutlass.crypto.bc.Blake2s;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.crypto.primitive.Hash;
import java.util.List;

/**
 * A concrete Noise protocol: pattern, DH, cipher and hash (revision 34 section 8). DH is always X25519, the KEM of hybrid patterns
 * ML-KEM-768. A value; any thread.
 */
public final class NoiseProtocol {
    /** Cutlass's normal mode. */
    public static final NoiseProtocol NORMAL = of("Noise_XXhfs+psk3_25519+MLKEM768_ChaChaPoly_SHA256");

    /** Cutlass's stealth mode. */
    public static final NoiseProtocol STEALTH = of("Noise_XKhfs+psk3_25519+MLKEM768_ChaChaPoly_SHA256");

    private static final int PARTS = 5;

    private final String name;
    private final HandshakePattern pattern;
    private final AeadAlgorithm cipher;
    private final Hash hash;

    private NoiseProtocol(String name) {
        List<String> parts = List.of(name.split("_", -1));
        if (parts.size() != PARTS || !parts.get(0).equals("Noise")) {
            throw new IllegalArgumentException("not a protocol name: " + name);
        }
        this.name = name;
        this.pattern = HandshakePattern.of(parts.get(1));
        String expectedDh = pattern.isHybrid() ? "25519+MLKEM768" : "25519";
        if (!parts.get(2).equals(expectedDh)) {
            throw new IllegalArgumentException(name + ": " + parts.get(2) + " is not " + expectedDh);
        }
        this.cipher = switch (parts.get(3)) {
            case "AESGCM" -> AeadAlgorithm.AES_256_GCM;
            case "ChaChaPoly" -> AeadAlgorithm.CHACHA20_POLY1305;
            default -> throw new IllegalArgumentException(name + ": unknown cipher");
        };
        this.hash = switch (parts.get(4)) {
            case "SHA256" -> Hash.SHA_256;
            case "BLAKE2s" -> Blake2s.HASH;
            default -> throw new IllegalArgumentException(name + ": unknown hash");
        };
    }

    /**
     * The protocol of a name.
     *
     * @throws IllegalArgumentException if we do not know a part of it
     */
    public static NoiseProtocol of(String name) {
        return new NoiseProtocol(name);
    }

    /** The full name, with which the transcript begins. */
    public String name() {
        return name;
    }

    /** What each message carries. */
    public HandshakePattern pattern() {
        return pattern;
    }

    /** The cipher inside the handshake. */
    AeadAlgorithm cipher() {
        return cipher;
    }

    /** The hash of the transcript and of the derivations. */
    Hash hash() {
        return hash;
    }

    @Override
    public String toString() {
        return name;
    }
}
