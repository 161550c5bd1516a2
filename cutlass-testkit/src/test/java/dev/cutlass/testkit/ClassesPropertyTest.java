package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.Peer;
import dev.cutlass.event.ChannelClass;
import dev.cutlass.event.ConnectFailedException;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.fixtures.Partition;
import dev.cutlass.fixtures.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both classes at once over a random network, with loss, disorder and connections that come and go: each message is heard once and in the order of its channel. */
final class ClassesPropertyTest {
    private static final String SERVICE = "org.example.mixed";
    private static final List<ChannelClass> CHANNELS =
            List.of(ChannelClass.MESSAGES, ChannelClass.BULK, ChannelClass.BULK);
    private static final int STEPS = 25;

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void everyMessageIsHeardOnceAndInTheOrderOfItsChannel(long seed) {
        Seeds.run(seed, s -> new Mixture(s).run());
    }

    /** One run. */
    private static final class Mixture {
        private final SplittableRandom random;
        private final TestNetwork network;
        private final List<TestPeer> peers = new ArrayList<>();

        /** How many were said, and which were heard, by speaker and channel. */
        private final int[][] said = new int[2][CHANNELS.size()];

        private final List<List<List<Integer>>> heard = new ArrayList<>();

        Mixture(long seed) {
            random = new SplittableRandom(seed);
            network = TestNetwork.simulated(seed);
            int least = random.nextInt(1, 60);
            network.conditions()
                    .loss(random.nextInt(3) == 0 ? 0 : random.nextDouble(0.25))
                    .duplicate(random.nextDouble(0.1))
                    .reorder(random.nextDouble(0.1), Duration.ofMillis(random.nextInt(1, 100)))
                    .delayMillis(least, least + random.nextInt(30));
            for (int speaker = 0; speaker < 2; speaker++) {
                heard.add(CHANNELS.stream()
                        .map(channel -> (List<Integer>) new ArrayList<Integer>())
                        .toList());
            }
            for (int i = 0; i < 2; i++) {
                final List<List<Integer>> ears = heard.get(1 - i);
                peers.add(network.peer("peer" + i, settings -> {
                    settings.quiet(Duration.ofSeconds(2))
                            .pingInterval(Duration.ofSeconds(1))
                            .idle(Duration.ofSeconds(8));
                    for (int c = 0; c < CHANNELS.size(); c++) {
                        final List<Integer> ear = ears.get(c);
                        settings.service(SERVICE, c, (channel, message) -> ear.add(numberOf(message.text())));
                    }
                }));
            }
        }

        private static int numberOf(String text) {
            return Integer.parseInt(text.substring(0, text.indexOf('#')));
        }

        void run() {
            try (network) {
                final Peer[] others = {connected(peers.get(0), peers.get(1)), connected(peers.get(1), peers.get(0))};
                final List<Partition> partitions = new ArrayList<>();
                for (int step = 0; step < STEPS; step++) {
                    final int speaker = random.nextInt(2);
                    switch (random.nextInt(12)) {
                        case 0 ->
                            partitions.add(network.conditions()
                                    .isolate(peers.get(speaker).host()));
                        case 1, 2 -> partitions.forEach(Partition::heal);
                        case 3 -> peers.get(speaker).host().move();
                        default -> say(others[speaker], speaker, random.nextInt(CHANNELS.size()));
                    }
                    network.runFor(Duration.ofMillis((long) Math.pow(10, random.nextDouble(0, 4))));
                }
                partitions.forEach(Partition::heal);
                for (int i = 0; i < 40 && !isAllHeard(); i++) {
                    peers.get(0).cutlass().connect(peers.get(1).address());
                    network.runUntil(this::isAllHeard, Duration.ofSeconds(15));
                }
                for (int speaker = 0; speaker < 2; speaker++) {
                    for (int c = 0; c < CHANNELS.size(); c++) {
                        assertEquals(
                                IntStream.range(0, said[speaker][c]).boxed().toList(),
                                heard.get(speaker).get(c),
                                "channel " + c + " of " + speaker);
                    }
                    assertTrue(
                            peers.get(speaker).events(CutlassEvent.Failed.class).isEmpty());
                    assertEquals(0, others[speaker].info().heldBytes());
                }
            }
        }

        /** A dial gives up after 15 s, and at a loss of a quarter one in some thousands does. */
        private static Peer connected(TestPeer from, TestPeer to) {
            for (int i = 0; ; i++) {
                try {
                    return from.connect(to);
                } catch (CompletionException e) {
                    if (i == 5 || !(e.getCause() instanceof ConnectFailedException)) {
                        throw e;
                    }
                }
            }
        }

        private void say(Peer to, int speaker, int channel) {
            for (int i = random.nextInt(1, 20); i > 0; i--) {
                final int length = random.nextInt(8) == 0 ? random.nextInt(60_000) : random.nextInt(1_500);
                to.channel(SERVICE, channel, CHANNELS.get(channel), (any, message) -> {})
                        .send(said[speaker][channel]++ + "#" + "x".repeat(length));
            }
        }

        private boolean isAllHeard() {
            for (int speaker = 0; speaker < 2; speaker++) {
                for (int c = 0; c < CHANNELS.size(); c++) {
                    if (heard.get(speaker).get(c).size() < said[speaker][c]) {
                        return false;
                    }
                }
            }
            return true;
        }
    }
}
