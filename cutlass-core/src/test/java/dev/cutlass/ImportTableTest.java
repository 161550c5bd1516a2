package dev.cutlass;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cutlass.fixtures.source.ImportTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which package of this module may use what. docs/architecture.md section 1. */
final class ImportTableTest {
    private static final String BASE = "dev.cutlass";
    private static final String CRYPTO = BASE + ".crypto";
    private static final String EVENT = BASE + ".event";
    private static final String WIRE = BASE + ".wire";
    private static final String FILE = BASE + ".file";
    private static final String PROTO = BASE + ".proto";
    private static final String SPI = BASE + ".spi";
    private static final String NET = BASE + ".net";
    private static final String STORE = BASE + ".store";
    private static final String STORE_FILE = STORE + ".file";
    private static final String ENGINE = BASE + ".engine";
    private static final String ENGINE_FILE = ENGINE + ".file";
    private static final String QLOG = ENGINE + ".qlog";
    private static final String FLIGHT = ENGINE + ".jfr";

    /** Each uses itself and those above it; the first ones are those of the crypto module that this one may see. */
    private static final List<String> LAYERS = List.of(
            CRYPTO + ".file",
            CRYPTO + ".primitive",
            CRYPTO + ".provider",
            CRYPTO + ".noise",
            CRYPTO + ".packet",
            CRYPTO,
            EVENT,
            WIRE,
            FILE + ".tree",
            FILE + ".wire",
            FILE,
            PROTO + ".recovery",
            PROTO + ".message",
            PROTO + ".handshake",
            PROTO,
            SPI,
            NET,
            STORE,
            STORE_FILE,
            FLIGHT,
            QLOG,
            ENGINE,
            ENGINE_FILE,
            BASE);

    @Test
    void everyPackageUsesOnlyWhatTheTableAllows() throws IOException {
        ImportTable table = ImportTable.ofLayers(BASE, LAYERS);
        onlyTheShellTouchesTheWorld(table);
        onlyTheEngineKnowsThreads(table);
        timeAndRandomnessAreParameters(table);

        assertEquals(List.of(), table.violations(Path.of("src/main/java")));
    }

    private static void onlyTheShellTouchesTheWorld(ImportTable table) {
        String sockets = "sockets belong to net; everything else sees a DatagramPort";
        String files = "what survives a restart belongs to store";
        String source = SPI + ".PathSource"; // what an application sends may lie on its disk; that alone is read
        table.onlyFor("org.bouncycastle", "only the crypto module's bc package knows Bouncy Castle")
                .onlyFor("java.nio.channels", sockets, NET, STORE_FILE)
                .onlyFor("java.nio.channels.FileChannel", files, source, STORE, STORE_FILE)
                .onlyFor("java.net.DatagramSocket", sockets)
                .onlyFor("java.net.DatagramPacket", sockets)
                .onlyFor("java.net.Socket", sockets)
                .onlyFor("java.net.ServerSocket", sockets)
                .onlyFor("java.nio.file", files, source, STORE, STORE_FILE)
                .onlyFor(
                        "java.nio.file.Path",
                        "only an application names a place, and store opens it",
                        source,
                        EVENT + ".CutlassEvent",
                        SPI + ".FileSource",
                        STORE,
                        STORE_FILE,
                        ENGINE,
                        ENGINE_FILE,
                        BASE)
                .onlyFor(CRYPTO + ".file", files, STORE, STORE_FILE)
                .onlyFor("java.io.File", files)
                .onlyFor("jdk.jfr", "a JDK may be without it: only what is loaded after a look may name it", FLIGHT)
                .onlyFor("java.io.RandomAccessFile", files)
                .onlyCodeOf("\\bSystem\\.(out|err)\\b|\\bprintStackTrace\\b", "a library logs and prints nothing");
    }

    private static void onlyTheEngineKnowsThreads(ImportTable table) {
        String pure = "protocol and values have no threads, so that a test runs them in virtual time";
        // The listener reads in these two what housekeeping writes; all else of the handshake is confined to
        // housekeeping.
        String gate = PROTO + ".handshake.HandshakeGate";
        String replays = PROTO + ".handshake.StealthReplayGuard";
        table.onlyFor("java.util.concurrent", pure, SPI, NET, STORE, STORE_FILE, ENGINE, ENGINE_FILE, BASE)
                .onlyFor(
                        "java.util.concurrent.ConcurrentHashMap",
                        pure,
                        gate,
                        replays,
                        SPI,
                        NET,
                        STORE,
                        STORE_FILE,
                        ENGINE,
                        ENGINE_FILE,
                        BASE)
                .onlyFor("java.util.concurrent.TimeUnit", "a unit is only a number", LAYERS.toArray(String[]::new))
                .onlyFor("java.util.concurrent.locks", "locks belong to engine, where their order is checked", ENGINE)
                .onlyFor("java.util.Timer", "deadlines live in the engine's timer wheel")
                .onlyCodeOf("\\bThread\\b|\\bExecutors\\b", "threads belong to engine", ENGINE, ENGINE_FILE)
                .onlyCodeOf("\\bsynchronized\\b", "a monitor has no rank: use the engine's RankedLock");
    }

    private static void timeAndRandomnessAreParameters(ImportTable table) {
        String realMachine =
                ENGINE + ".EngineSeams"; // the one place where an engine gets the real clock and randomness
        table.onlyCodeOf(
                        "\\bSystem\\.nanoTime\\b",
                        "the clock is read at the top of a thread's turn, through a Ticker; then time is a parameter",
                        ENGINE + ".SystemTicker")
                .onlyCodeOf(
                        "\\bSystem\\.currentTimeMillis\\b|\\b(Instant|LocalDate|LocalDateTime)\\.now\\b"
                                + "|\\b(Clock|InstantSource)\\.system",
                        "wall-clock time comes from the InstantSource that was passed in",
                        realMachine)
                .onlyCodeOf(
                        "\\bnew (Secure|Splittable)?Random\\(|\\bSecureRandom\\.getInstance|\\bThreadLocalRandom\\b"
                                + "|\\bMath\\.random\\b|\\bRandomGenerator\\.(of|getDefault)\\b",
                        "randomness is passed in, else a seed would not repeat a run; a sealed file's nonce is no part of a run",
                        STORE + ".HomeFile",
                        realMachine);
    }
}
