package dev.cutlass.testkit;

import dev.cutlass.CutlassBuilder;
import dev.cutlass.fixtures.SimNetwork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * JUnit 5: fresh peers for each test, all connected to each other if wanted, gone after it. A failure in a simulation says its seed; {@code -Dcutlass.seed=N} repeats it.
 *
 * <pre>{@code
 * @RegisterExtension
 * final CutlassPeers peers = CutlassPeers.simulated("left", "right").connected();
 *
 * @Test
 * void hello() {
 *     peers.get("left").peer(peers.get("right")).send("hello");
 *     peers.network().runUntil(() -> !peers.get("right").events(MessageReceived.class).isEmpty(), Duration.ofSeconds(10));
 * }
 * }</pre>
 *
 * Register it per test (not static). One thread.
 */
public final class CutlassPeers implements BeforeEachCallback, AfterEachCallback, TestExecutionExceptionHandler {
    private final boolean simulated;
    private final List<String> nicks;
    private final Map<String, TestPeer> peers = new LinkedHashMap<>();
    private Consumer<CutlassBuilder> settings = builder -> {};
    private Consumer<SimNetwork> conditions = network -> {};
    private boolean connect;
    private long seed;
    private @Nullable TestNetwork network;

    private CutlassPeers(boolean simulated, String... nicks) {
        this.simulated = simulated;
        this.nicks = List.of(nicks);
    }

    /** Peers over the simulated network, in virtual time. */
    public static CutlassPeers simulated(String... nicks) {
        return new CutlassPeers(true, nicks);
    }

    /** Peers over real sockets on loopback. */
    public static CutlassPeers onLoopback(String... nicks) {
        return new CutlassPeers(false, nicks);
    }

    /** Settings of all peers. */
    public CutlassPeers with(Consumer<CutlassBuilder> newSettings) {
        this.settings = newSettings;
        return this;
    }

    /** What the simulated network does from the start. */
    public CutlassPeers over(Consumer<SimNetwork> newConditions) {
        this.conditions = newConditions;
        return this;
    }

    /** Connects every peer with every other one before the test begins. */
    public CutlassPeers connected() {
        this.connect = true;
        return this;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        // The same test has the same seed in every run, and another test another one.
        seed = Long.getLong("cutlass.seed", context.getUniqueId().hashCode());
        final TestNetwork made = simulated ? TestNetwork.simulated(seed) : TestNetwork.loopback();
        network = made;
        if (simulated) {
            conditions.accept(made.conditions());
        }
        for (String nick : nicks) {
            peers.put(nick, made.peer(nick, settings));
        }
        if (connect) {
            final List<TestPeer> all = made.peers();
            for (int i = 0; i < all.size(); i++) {
                for (int k = i + 1; k < all.size(); k++) {
                    all.get(i).connect(all.get(k));
                }
            }
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (network != null) {
            network.close();
        }
        network = null;
        peers.clear();
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        if (simulated) {
            failure.addSuppressed(new AssertionError("seed " + seed + "; repeat with -Dcutlass.seed=" + seed));
        }
        throw failure;
    }

    /** What is between the peers. */
    public TestNetwork network() {
        if (network == null) {
            throw new IllegalStateException("there are peers within a test only");
        }
        return network;
    }

    /**
     * The peer of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public TestPeer get(String nick) {
        final TestPeer peer = peers.get(nick);
        if (peer == null) {
            throw new IllegalArgumentException(nick + ": there is no such peer; there are " + peers.keySet());
        }
        return peer;
    }
}
