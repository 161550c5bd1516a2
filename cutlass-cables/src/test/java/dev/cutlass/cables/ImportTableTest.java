package dev.cutlass.cables;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cutlass.fixtures.source.ImportTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which package of this module may use what. docs/cables-design.md section 2. */
final class ImportTableTest {
    private static final String BASE = "dev.cutlass.cables";
    private static final String CRYPTO = "dev.cutlass.crypto";
    private static final String PKI = BASE + ".pki";
    private static final String QUEUE = BASE + ".queue";
    private static final String MAILBOX = BASE + ".mailbox";
    private static final String HTTP = BASE + ".http";
    private static final String SETUP = BASE + ".setup";
    private static final String SMTP = BASE + ".smtp";
    private static final String ONION = BASE + ".onion";
    private static final String NODE = BASE + ".node";

    /** Each uses itself and those above it; the first ones are those of the crypto module that this one may see. */
    private static final List<String> LAYERS = List.of(
            CRYPTO + ".file",
            CRYPTO + ".primitive",
            BASE + ".address",
            PKI,
            BASE + ".mail",
            QUEUE,
            MAILBOX,
            BASE + ".exchange",
            HTTP,
            SETUP,
            SMTP,
            ONION,
            NODE,
            BASE);

    @Test
    void everyPackageUsesOnlyWhatTheTableAllows() throws IOException {
        final ImportTable table = ImportTable.ofLayers("dev.cutlass", LAYERS)
                .onlyFor("org.bouncycastle", "one package knows Bouncy Castle", PKI)
                .onlyFor("java.security.Security", "no provider is registered in the embedder's JVM")
                .onlyFor("org.eclipse.jetty", "one package knows Jetty", HTTP)
                .onlyFor(
                        "java.net",
                        "sockets belong to http and smtp; settings name addresses",
                        HTTP,
                        SETUP,
                        SMTP,
                        ONION,
                        NODE,
                        BASE)
                .onlyFor(
                        "java.nio.file",
                        "the disk belongs to these; Tor says in a file who may command it",
                        QUEUE,
                        MAILBOX,
                        SETUP,
                        ONION,
                        NODE,
                        BASE)
                .onlyFor(
                        "java.nio.channels",
                        "the disk belongs to these; http looks at what is read from a connection",
                        QUEUE,
                        MAILBOX,
                        HTTP,
                        SETUP,
                        NODE)
                .onlyCodeOf("\\bSystem\\.(out|err)\\b|\\bprintStackTrace\\b", "a library prints nothing")
                .onlyCodeOf(
                        "\\bSystem\\.(currentTimeMillis|nanoTime)\\b|\\bInstant\\.now\\b|\\bClock\\.system",
                        "time is a parameter; the mailbox of an application waits for mail",
                        MAILBOX + ".MemoryMailbox",
                        HTTP,
                        SMTP,
                        NODE,
                        BASE)
                .onlyCodeOf(
                        "\\bnew (Secure|Splittable)?Random\\(|\\bSecureRandom\\.getInstance|\\bThreadLocalRandom\\b"
                                + "|\\bMath\\.random\\b|\\bRandomGenerator\\.(of|getDefault)\\b",
                        "randomness is passed in",
                        NODE,
                        SETUP,
                        BASE)
                .onlyCodeOf("\\bnew Thread\\(|\\bExecutors\\.", "threads belong to these", HTTP, SMTP, ONION, NODE);

        assertEquals(List.of(), table.violations(Path.of("src/main/java")));
    }
}
