package dev.cutlass.crypto.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cutlass.crypto.primitive.AeadAlgorithm;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class AeadPreferenceTest {
    private static final AeadAlgorithm GCM = AeadAlgorithm.AES_256_GCM;
    private static final AeadAlgorithm CHACHA = AeadAlgorithm.CHACHA20_POLY1305;

    @Test
    void aProcessorThatKnowsAesPrefersGcm() {
        assertEquals(GCM, first("amd64", "model name : AES 3000", "flags\t\t: fpu vme sse4_2 aes xsave"));
        assertEquals(GCM, first("aarch64", "Features\t: fp asimd aes pmull sha1"));
    }

    @Test
    void aProcessorThatDoesNotKnowAesPrefersChaCha() {
        assertEquals(CHACHA, first("amd64", "model name : AES 3000", "flags\t\t: fpu vme vaes sse4_2"));
        assertEquals(CHACHA, first("aarch64", "Features\t: fp asimd evtstrm crc32 cpuid"));
    }

    @Test
    void whereNobodyCanBeAskedTheArchitectureDecides() {
        assertEquals(GCM, first("x86_64"));
        assertEquals(GCM, first("aarch64"));
        assertEquals(CHACHA, first("riscv64"));
        assertEquals(CHACHA, first(""));
    }

    @Test
    void everyAlgorithmIsInTheListOfThisMachine() {
        List<AeadAlgorithm> order = AeadPreference.ofThisMachine();
        assertEquals(EnumSet.allOf(AeadAlgorithm.class), EnumSet.copyOf(order));
        assertEquals(AeadAlgorithm.values().length, order.size());
        for (AeadAlgorithm algorithm : order) {
            assertEquals(algorithm, Aeads.of(algorithm).algorithm());
        }
    }

    private static AeadAlgorithm first(String architecture, String... processorInfo) {
        return AeadPreference.order(architecture, List.of(processorInfo)).get(0);
    }
}
