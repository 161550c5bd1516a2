package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.Delivery;
import dev.cutlass.PeerAddress;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.DeliveryFailure;
import dev.cutlass.event.DeliveryState;
import dev.cutlass.event.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One side of a random conversation: a peer that numbers what it says within each of its runs, and the model of what the other side may have heard of it.
 */
final class Speaker {
    /** One run of the engine, from its start to its end. */
    private static final class Run {
        final List<Delivery> said = new ArrayList<>();

        /** How many events the peer had been told when it began. */
        final int firstEvent;

        boolean stopped;

        Run(int firstEvent) {
            this.firstEvent = firstEvent;
        }
    }

    final TestPeer peer;
    private final boolean stealth;

    /** Over which channel it speaks; null: the default one. */
    private final @Nullable String service;

    private final List<Run> runs = new ArrayList<>();

    Speaker(TestPeer peer, boolean stealth, @Nullable String service) {
        this.peer = peer;
        this.stealth = stealth;
        this.service = service;
        runs.add(new Run(0));
    }

    boolean isRunning() {
        return peer.isRunning();
    }

    void stop() {
        runs.get(runs.size() - 1).stopped = true;
        peer.stop();
    }

    void crash() {
        peer.crash();
    }

    void start() {
        runs.add(new Run(peer.events().size()));
        peer.start();
    }

    /** Where its engine is, or will be again. */
    PeerAddress address() {
        PeerAddress address = PeerAddress.of(
                peer.id(), new PeerAddress.Place(peer.host().address().getHostAddress(), PeerAddress.DEFAULT_PORT));
        return stealth ? address.withStealth() : address;
    }

    void dial(Speaker other) {
        peer.cutlass().connect(other.address());
    }

    /** Says something if the other one is known; a text of that many characters that tells its run and number. */
    void say(Speaker other, int length) {
        Run run = runs.get(runs.size() - 1);
        peer.cutlass().peer(other.peer.id()).ifPresent(to -> {
            String mark = (runs.size() - 1) + "#" + run.said.size() + "#";
            String text = mark + "x".repeat(Math.max(0, length - mark.length()));
            run.said.add(
                    service == null
                            ? to.send(text)
                            : to.channel(service, (channel, message) -> {}).send(text));
        });
    }

    /** Whether all that was said in the present run has been accepted. */
    boolean isHeard() {
        return runs.get(runs.size() - 1).said.stream().allMatch(said -> said.state() == DeliveryState.DELIVERED);
    }

    /** The model: compares what was said in each run with what the other side heard in each of its runs. */
    void check(Speaker listener) {
        List<Set<Integer>> heardOf = new ArrayList<>();
        runs.forEach(run -> heardOf.add(new HashSet<>()));
        for (int l = 0; l < listener.runs.size(); l++) {
            int fromRun = 0;
            int next = 0;
            for (int[] heard : listener.heard(l, this)) {
                assertTrue(heard[0] >= fromRun, "an earlier run is heard after a later one");
                if (heard[0] > fromRun) {
                    fromRun = heard[0];
                    next = 0;
                }
                assertTrue(heard[1] >= next, heard[1] + " is heard twice or late in a run of the listener");
                for (; next < heard[1]; next++) {
                    // Who was restarted hears again what the other one has no receipt of, and only that.
                    assertTrue(heardOf.get(fromRun).contains(next), next + " is missing before " + heard[1]);
                }
                next++;
                heardOf.get(fromRun).add(heard[1]);
            }
        }
        for (int r = 0; r < runs.size(); r++) {
            for (int n = 0; n < runs.get(r).said.size(); n++) {
                Delivery said = runs.get(r).said.get(n);
                boolean heard = heardOf.get(r).contains(n);
                assertTrue(said.state() != DeliveryState.DELIVERED || heard, "delivered and not heard: " + r + "#" + n);
                if (r == runs.size() - 1 && !runs.get(r).stopped) {
                    assertEquals(DeliveryState.DELIVERED, said.state(), "never delivered: " + r + "#" + n);
                } else if (runs.get(r).stopped) {
                    assertTrue(
                            said.state() == DeliveryState.DELIVERED
                                    || said.failure().orElseThrow().failure() == DeliveryFailure.CLOSED,
                            "neither delivered nor failed: " + r + "#" + n);
                }
            }
        }
    }

    /** Run and number of each message that it heard in one of its runs. */
    private List<int[]> heard(int run, Speaker from) {
        List<CutlassEvent> events = peer.events();
        int end = run + 1 < runs.size() ? runs.get(run + 1).firstEvent : events.size();
        List<int[]> heard = new ArrayList<>();
        for (CutlassEvent event : events.subList(runs.get(run).firstEvent, end)) {
            if (event instanceof CutlassEvent.MessageReceived received
                    && received.peer().equals(from.peer.id())) {
                heard.add(mark(received.message()));
            } else if (event instanceof CutlassEvent.ChannelMessageReceived received
                    && received.peer().equals(from.peer.id())) {
                heard.add(mark(received.message()));
            }
        }
        return heard;
    }

    private static int[] mark(Message message) {
        String[] mark = message.text().split("#", 3);
        return new int[] {Integer.parseInt(mark[0]), Integer.parseInt(mark[1])};
    }
}
