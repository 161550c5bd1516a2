package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.Delivery;
import dev.cutlass.PeerAddress;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.DeliveryState;
import dev.cutlass.fixtures.Partition;
import dev.cutlass.fixtures.Seeds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random actions of two peers that can reach each other at times, and whose mail goes by in any order, twice, unconfirmed, or not at all: whatever was said in a run that lives on, or was mailed and not lost, is heard, and
 * nothing is heard twice. Only after a crash a message may be heard again, in the next run of who heard it.
 */
final class OfflinePropertyTest {
    private static final int STEPS = 60;
    private static final Duration AWAY = Duration.ofSeconds(30);

    @TempDir
    Path temp;

    static LongStream seeds() {
        return Seeds.oneIn(4); // some hours of two engines with a disk
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyMessageIsHeardOnceWhicheverWayItComes(long seed) {
        Seeds.run(seed, s -> new Talk(s, temp.resolve("seed" + s)).run());
    }

    /** One of the two. */
    private static final class Side {
        final TestPeer peer;

        /** What it said in its present run. */
        final Map<String, Delivery> said = new HashMap<>();

        final Set<String> delivered = new HashSet<>();

        /** How many events it had been told when each of its runs began. */
        final List<Integer> starts = new ArrayList<>(List.of(0));

        int count;

        Side(TestPeer peer) {
            this.peer = peer;
        }

        /** The runs in which it heard each text. */
        Map<String, List<Integer>> heard() {
            final Map<String, List<Integer>> heard = new HashMap<>();
            final List<CutlassEvent> events = peer.events();
            for (int i = 0; i < events.size(); i++) {
                if (events.get(i) instanceof CutlassEvent.MessageReceived received) {
                    int run = 0;
                    while (run + 1 < starts.size() && starts.get(run + 1) <= i) {
                        run++;
                    }
                    heard.computeIfAbsent(received.message().text(), any -> new ArrayList<>())
                            .add(run);
                }
            }
            return heard;
        }

        boolean isHeard() {
            return said.values().stream().allMatch(each -> each.state() == DeliveryState.DELIVERED);
        }

        void endRun() {
            note();
            said.clear();
        }

        void note() {
            said.forEach((text, delivery) -> {
                if (delivery.state() == DeliveryState.DELIVERED) {
                    delivered.add(text);
                }
            });
        }
    }

    /** One run of the test. */
    private static final class Talk {
        private final SplittableRandom random;
        private final TestNetwork network;
        private final PostOffice office = new PostOffice();
        private final List<Side> sides = new ArrayList<>();
        private final List<Partition> partitions = new ArrayList<>();
        private final boolean crashes;

        /** Mail that must arrive: what is under way at the end. */
        private final Set<String> mailed = new HashSet<>();

        Talk(long seed, Path home) {
            random = new SplittableRandom(seed);
            network = TestNetwork.simulated(seed);
            crashes = random.nextInt(3) == 0;
            network.conditions().loss(random.nextDouble(0.2)).delayMillis(5, 5 + random.nextInt(100));
            for (String nick : List.of("left", "right")) {
                sides.add(new Side(network.peer(
                        nick,
                        settings -> office.serve(settings, AWAY)
                                .home(home.resolve(nick))
                                .quiet(Duration.ofSeconds(3))
                                .pingInterval(Duration.ofSeconds(1))
                                .idle(Duration.ofSeconds(12))
                                .connectTimeout(Duration.ofSeconds(8)))));
            }
            PostOffice.introduce(sides.get(0).peer, sides.get(1).peer);
        }

        void run() {
            try (network) {
                network.runFor(Duration.ofSeconds(1));
                for (int step = 0; step < STEPS; step++) {
                    act(sides.get(random.nextInt(2)));
                    network.runFor(Duration.ofMillis((long) Math.pow(10, random.nextDouble(1, 5.7))));
                }
                calm();
                check();
            }
        }

        private Side other(Side side) {
            return sides.get(1 - sides.indexOf(side));
        }

        private void act(Side side) {
            if (!side.peer.isRunning()) {
                start(side);
                return;
            }
            switch (random.nextInt(22)) {
                case 0, 1 -> dial(side);
                case 2, 3, 4 -> partitions.add(network.conditions().isolate(side.peer.host()));
                case 5, 6 -> {
                    partitions.forEach(Partition::heal);
                    dial(side);
                }
                case 7 -> {
                    side.endRun();
                    if (crashes && random.nextBoolean()) {
                        side.peer.crash();
                    } else {
                        side.peer.stop();
                    }
                }
                case 8, 9, 10 -> any(office::carry);
                case 11, 12 ->
                    any(office::leave); // and it is still under way: a confirmation that is lost, or a second copy
                case 13 ->
                    any(mail -> {
                        office.confirm(mail); // too late or too early makes no difference to who says it last
                        office.leave(mail);
                    });
                case 14 -> any(office::lose);
                case 15, 16 -> abandon(side);
                default -> {
                    for (int i = random.nextInt(4); i >= 0; i--) {
                        say(side);
                    }
                }
            }
        }

        private void any(Consumer<PostOffice.Mail> what) {
            if (!office.underWay.isEmpty()) {
                what.accept(office.underWay.get(random.nextInt(office.underWay.size())));
            }
        }

        private void start(Side side) {
            side.starts.add(side.peer.events().size());
            side.peer.start();
        }

        private void dial(Side side) {
            side.peer
                    .cutlass()
                    .connect(PeerAddress.of(
                            other(side).peer.id(),
                            new PeerAddress.Place(
                                    other(side).peer.host().address().getHostAddress(), PeerAddress.DEFAULT_PORT)));
        }

        private void say(Side side) {
            side.peer.cutlass().peer(other(side).peer.id()).ifPresent(to -> {
                final String text = sides.indexOf(side) + "/" + side.starts.size() + "#" + side.count++;
                side.said.put(text, to.send(text));
            });
        }

        private void abandon(Side side) {
            side.said.keySet().stream()
                    .sorted()
                    .skip(random.nextInt(10))
                    .findFirst()
                    .ifPresent(text -> {
                        final Delivery delivery = side.said.get(text);
                        delivery.abandon();
                        side.note();
                        side.said.remove(text);
                    });
        }

        private void calm() {
            partitions.forEach(Partition::heal);
            sides.stream().filter(each -> !each.peer.isRunning()).forEach(this::start);
            office.underWay.forEach(mail -> mailed.add(mail.message().message().text()));
            for (int i = 0; i < 60 && !(sides.stream().allMatch(Side::isHeard) && office.underWay.isEmpty()); i++) {
                sides.forEach(this::dial);
                office.carryAll();
                network.runFor(Duration.ofSeconds(20));
            }
            network.runFor(Duration.ofMinutes(15));
        }

        private void check() {
            for (Side side : sides) {
                side.note();
                final Map<String, List<Integer>> heard = other(side).heard();
                side.said.forEach((text, delivery) ->
                        assertEquals(DeliveryState.DELIVERED, delivery.state(), () -> "never delivered: " + text));
                side.delivered.forEach(text -> assertTrue(heard.containsKey(text), () -> "not heard: " + text));
                heard.forEach((text, runs) -> {
                    assertEquals(new HashSet<>(runs).size(), runs.size(), () -> "heard twice in one run: " + text);
                    assertTrue(crashes || runs.size() == 1, () -> "heard again after an orderly end: " + text);
                });
                assertEquals(List.of(), office.box(side.peer).kept);
                assertTrue(side.peer.events(CutlassEvent.Failed.class).isEmpty());
            }
            final Set<String> all = new HashSet<>(sides.get(0).heard().keySet());
            all.addAll(sides.get(1).heard().keySet());
            mailed.forEach(text -> assertTrue(all.contains(text), () -> "mailed and not heard: " + text));
        }
    }
}
