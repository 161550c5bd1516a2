package dev.cutlass.crypto.provider;

import dev.cutlass.crypto.primitive.AeadAlgorithm;
import java.io.BufferedReader;
import java.io.FileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * In which order this machine would like to use the AEADs: GCM first where the processor has instructions for AES (there it is
 * several times faster than ChaCha20), else last (there it is several times slower). Asked of the processor and not measured: in a
 * JVM that has just started the JIT compiler has not yet put those instructions in, so that for its first second every measurement
 * names the wrong one. Any thread.
 */
public final class AeadPreference {
    private static final List<AeadAlgorithm> GCM_FIRST =
            List.of(AeadAlgorithm.AES_256_GCM, AeadAlgorithm.CHACHA20_POLY1305);
    private static final List<AeadAlgorithm> CHACHA_FIRST =
            List.of(AeadAlgorithm.CHACHA20_POLY1305, AeadAlgorithm.AES_256_GCM);

    // Nearly every processor of these kinds has AES instructions; the known exceptions (Raspberry Pi up to 4) run
    // Linux, which we ask.
    private static final Set<String> ARCHITECTURES_WITH_AES = Set.of("amd64", "x86_64", "aarch64", "arm64");

    private AeadPreference() {}

    /** All algorithms, the fastest here first. */
    public static List<AeadAlgorithm> ofThisMachine() {
        return Probed.ORDER;
    }

    /**
     * The order for a processor.
     *
     * @param architecture the system property {@code os.arch}
     * @param processorInfo lines of Linux's {@code /proc/cpuinfo}; empty if there is no such file
     */
    static List<AeadAlgorithm> order(String architecture, List<String> processorInfo) {
        boolean asked = false;
        for (String line : processorInfo) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("flags") || lower.startsWith("features")) { // x86 says the one, ARM the other
                asked = true;
                if (Arrays.asList(lower.split("[\\s:]+", -1)).contains("aes")) {
                    return GCM_FIRST;
                }
            }
        }
        return !asked && ARCHITECTURES_WITH_AES.contains(architecture) ? GCM_FIRST : CHACHA_FIRST;
    }

    private static final class Probed {
        static final List<AeadAlgorithm> ORDER = order(System.getProperty("os.arch", ""), processorInfo());

        private static List<String> processorInfo() {
            try (BufferedReader lines =
                    new BufferedReader(new FileReader("/proc/cpuinfo", StandardCharsets.ISO_8859_1))) {
                return lines.lines().toList();
            } catch (IOException | UncheckedIOException e) {
                return List.of(); // not Linux, or hidden from us: the architecture decides
            }
        }
    }
}
