package dev.cutlass.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cutlass.fixtures.source.ImportTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which package of this module may use what. docs/architecture.md section 1. */
final class ImportTableTest {
    private static final String BASE = "dev.cutlass.crypto";

    /** Each uses itself and those above it. */
    private static final List<String> LAYERS = List.of(
            BASE + ".file",
            BASE + ".primitive",
            BASE + ".bc",
            BASE + ".provider",
            BASE + ".noise",
            BASE + ".packet",
            BASE);

    @Test
    void everyPackageUsesOnlyWhatTheTableAllows() throws IOException {
        ImportTable table = ImportTable.ofLayers("dev.cutlass", LAYERS)
                .onlyFor(
                        "org.bouncycastle",
                        "one package knows Bouncy Castle, so that it can be replaced; the others see our own types",
                        BASE + ".bc")
                .onlyFor("java.security.Security", "no provider is registered in the embedder's JVM")
                .onlyFor("java.nio.file", "the key file is the one file of this module", BASE + ".file", BASE)
                .onlyFor("java.nio.channels", "the key file is the one file of this module", BASE + ".file")
                .onlyFor("java.net", "this module knows no network")
                .onlyFor("org.slf4j", "secrets pass through here; nothing is logged")
                .onlyCodeOf("\\bSystem\\.(out|err)\\b|\\bprintStackTrace\\b", "a library prints nothing")
                .onlyCodeOf(
                        "\\bSystem\\.(currentTimeMillis|nanoTime)\\b|\\bInstant\\.now\\b|\\bClock\\.system",
                        "time is a parameter; only the choice of the faster AEAD measures it",
                        BASE + ".provider.AeadPreference")
                .onlyCodeOf(
                        "\\bnew (Secure|Splittable)?Random\\(|\\bSecureRandom\\.getInstance|\\bThreadLocalRandom\\b"
                                + "|\\bMath\\.random\\b|\\bRandomGenerator\\.(of|getDefault)\\b",
                        "randomness is passed in; only the module's public types may make a SecureRandom for a caller",
                        BASE)
                .onlyCodeOf("\\bThread\\b|\\bsynchronized\\b", "this module has no threads and no locks");

        assertEquals(List.of(), table.violations(Path.of("src/main/java")));
    }
}
