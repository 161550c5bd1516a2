package dev.cutlass.testkit;

import dev.cutlass.Cutlass;
import dev.cutlass.CutlassBuilder;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.CutlassListener;
import dev.cutlass.event.Message;
import dev.cutlass.fixtures.SimHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One peer of a {@link TestNetwork}: an engine, its identity, and all that it was told. What it was told survives {@link #restart}. In a simulation
 * one thread; over loopback any.
 */
public final class TestPeer {
    private final TestNetwork network;
    private final Place place;
    private final Identity identity;
    private final Consumer<CutlassBuilder> settings;
    private final List<CutlassEvent> events = new ArrayList<>();
    private @Nullable Cutlass cutlass;

    /** Where an engine runs: on a simulated host, or on this machine. */
    interface Place {
        /** Sets what the engine needs to run there. */
        void prepare(CutlassBuilder builder);

        /** The host of the simulation. */
        SimHost host();

        /** Takes the engine's port and its turns away, as a power failure does. */
        void crash();

        /** The engine was closed in order. */
        void closed();

        /** How many connections its engine has. */
        int connections();

        /** Where others dial it. */
        PeerAddress.Place address(Cutlass cutlass);
    }

    TestPeer(TestNetwork network, Place place, Identity identity, Consumer<CutlassBuilder> settings) {
        this.network = network;
        this.place = place;
        this.identity = identity;
        this.settings = settings;
    }

    TestPeer start() {
        final CutlassBuilder builder = Cutlass.builder().identity(identity).listener(new CutlassListener() {
            @Override
            public void onEvent(CutlassEvent event) {
                told(event);
            }
        });
        place.prepare(builder);
        settings.accept(builder);
        try {
            cutlass = builder.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return this;
    }

    private void told(CutlassEvent event) {
        synchronized (events) {
            events.add(event);
        }
        network.somethingHappened();
    }

    /**
     * The running engine.
     *
     * @throws IllegalStateException after {@link #stop} or {@link #crash}
     */
    public Cutlass cutlass() {
        final Cutlass running = cutlass;
        if (running == null) {
            throw new IllegalStateException("this peer is stopped");
        }
        return running;
    }

    public PeerId id() {
        return identity.id();
    }

    public Identity identity() {
        return identity;
    }

    /** The simulated host, whose links, clock and address a test may change. Not over loopback. */
    public SimHost host() {
        return place.host();
    }

    /** What others dial. */
    public PeerAddress address() {
        return PeerAddress.of(id(), place.address(cutlass()));
    }

    /** Dials another peer and waits until both have admitted each other. */
    public Peer connect(TestPeer other) {
        return network.await(cutlass().connect(other.address()));
    }

    /** The other peer as this one knows it. */
    public Peer peer(TestPeer other) {
        return cutlass().peer(other.id()).orElseThrow(() -> new IllegalStateException("these two have not met"));
    }

    /** All that happened, in order for each peer. */
    public List<CutlassEvent> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    /** What happened of one kind. */
    public <E extends CutlassEvent> List<E> events(Class<E> kind) {
        return events().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The messages of one peer, in the order of their arrival. */
    public List<Message> received(TestPeer from) {
        return events(CutlassEvent.MessageReceived.class).stream()
                .filter(event -> event.peer().equals(from.id()))
                .map(CutlassEvent.MessageReceived::message)
                .toList();
    }

    /** The texts of one peer, in the order of their arrival. */
    public List<String> texts(TestPeer from) {
        return received(from).stream().map(Message::text).toList();
    }

    /** Ends the engine in order: its peers are told. */
    public void stop() {
        final Cutlass running = cutlass;
        cutlass = null;
        if (running != null) {
            running.close();
            place.closed();
        }
    }

    /** Ends the engine as a power failure does: nobody is told. In a simulation only. */
    public void crash() {
        place.crash();
        cutlass = null;
    }

    /** Starts a new engine with the same identity, home and place; it gets another boot id. */
    public TestPeer restart() {
        stop();
        return start();
    }

    /** How many connections its engine has; one that was closed may answer stragglers for a moment. In a simulation only. */
    public int connections() {
        return place.connections();
    }

    boolean isRunning() {
        return cutlass != null;
    }

    @Override
    public String toString() {
        return "TestPeer " + identity.id();
    }
}
