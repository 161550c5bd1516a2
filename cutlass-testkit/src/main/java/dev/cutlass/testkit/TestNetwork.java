package dev.cutlass.testkit;

import dev.cutlass.CutlassBuilder;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.fixtures.SimHost;
import dev.cutlass.fixtures.SimNetwork;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Peers in this JVM, and what is between them.
 *
 * <pre>{@code
 * try (TestNetwork network = TestNetwork.simulated(seed)) {
 *     network.conditions().loss(0.1).delayMillis(10, 50);
 *     TestPeer left = network.peer("left");
 *     TestPeer right = network.peer("right");
 *     left.connect(right).send("hello");
 *     network.runUntil(() -> right.texts(left).equals(List.of("hello")), Duration.ofMinutes(1));
 * }
 * }</pre>
 *
 * {@link CutlassPeers} does the same around each test of JUnit.
 */
public final class TestNetwork implements AutoCloseable {
    /** How long {@link #await} waits: in virtual time nothing, on a busy machine over loopback enough. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Over loopback a condition is looked at after every event, and so often besides, as it may depend on something else. */
    private static final long LOOK_AGAIN_MILLIS = 5;

    private final @Nullable SimNetwork simulation;
    private final SecureRandom random;
    private final Map<String, SimHost> names = new HashMap<>();
    private final List<TestPeer> peers = new ArrayList<>();
    private final Object happening = new Object();

    private TestNetwork(@Nullable SimNetwork simulation, SecureRandom random) {
        this.simulation = simulation;
        this.random = random;
    }

    /** A simulated network in virtual time. All that happens follows from the seed. */
    public static TestNetwork simulated(long seed) {
        return new TestNetwork(SimNetwork.seeded(seed), new SeededSecureRandom(seed));
    }

    /** Real sockets on the loopback address of this machine, real threads, real time. */
    public static TestNetwork loopback() {
        return new TestNetwork(null, new SecureRandom());
    }

    /**
     * The simulated network: loss, delay, rate, partitions, NATs.
     *
     * @throws IllegalStateException over loopback
     */
    public SimNetwork conditions() {
        if (simulation == null) {
            throw new IllegalStateException("over loopback there is no simulated network");
        }
        return simulation;
    }

    /** Starts a peer with a fresh identity. Its nick is also the name of its host in the simulation. */
    public TestPeer peer(String nick) {
        return peer(nick, settings -> {});
    }

    /** Likewise, with settings of its own. */
    public TestPeer peer(String nick, Consumer<CutlassBuilder> settings) {
        return peer(nick, Identity.generate(random), settings);
    }

    /** Likewise, with a given identity, which the network closes at its end. */
    public TestPeer peer(String nick, Identity identity, Consumer<CutlassBuilder> settings) {
        return peer(nick, simulation == null ? null : simulation.host(nick), identity, settings);
    }

    /** Likewise, on a given host of the simulation, e.g. one behind a NAT. */
    public TestPeer peer(String nick, @Nullable SimHost host, Identity identity, Consumer<CutlassBuilder> settings) {
        final TestPeer.Place place;
        if (simulation == null) {
            place = new LoopbackPlace();
        } else if (host == null) {
            throw new IllegalArgumentException("host: null; in a simulation a peer needs one");
        } else {
            names.put(nick, host);
            place = new SimPlace(simulation, host, names, new SeededSecureRandom(random.nextLong()));
        }
        final TestPeer peer = new TestPeer(this, place, identity, builder -> {
            builder.nick(nick);
            settings.accept(builder);
        });
        peers.add(peer);
        return peer.start();
    }

    /** All peers, in the order in which they were made. */
    public List<TestPeer> peers() {
        return List.copyOf(peers);
    }

    /**
     * Lets time go on until the condition holds.
     *
     * @param limit virtual time in a simulation, real time over loopback
     * @return false if it did not hold within the limit
     */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        if (simulation != null) {
            return simulation.runUntil(condition, limit);
        }
        final long deadline = System.nanoTime() + limit.toNanos();
        synchronized (happening) {
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() - deadline >= 0) {
                    return false;
                }
                try {
                    TimeUnit.MILLISECONDS.timedWait(happening, LOOK_AGAIN_MILLIS);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        }
        return true;
    }

    /** Lets virtual time go on for so long. */
    public void runFor(Duration time) {
        conditions().runFor(time);
    }

    /**
     * Lets time go on until the future is complete, and gives its result, or throws as its {@code join} does.
     *
     * @throws AssertionError if it is not complete after two minutes, virtual ones in a simulation
     */
    public <T> T await(CompletableFuture<T> future) {
        if (!runUntil(future::isDone, PATIENCE)) {
            throw new AssertionError("not complete after " + PATIENCE + (simulation == null ? "" : " of virtual time")
                    + (simulation == null ? "" : "; seed " + simulation.seed()));
        }
        return future.join();
    }

    void somethingHappened() {
        if (simulation == null) {
            synchronized (happening) {
                happening.notifyAll();
            }
        }
    }

    /** Stops all peers and wipes their identities. */
    @Override
    public void close() {
        for (TestPeer peer : peers) {
            peer.stop();
            peer.identity().close();
        }
    }

    /** An address of a peer by the name of its host, which the simulation's name service knows. */
    public PeerAddress addressByName(TestPeer peer, String name) {
        return PeerAddress.of(
                peer.id(), new PeerAddress.Place(name, peer.cutlass().localPort()));
    }
}
