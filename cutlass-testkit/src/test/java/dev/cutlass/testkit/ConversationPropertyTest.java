package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.CutlassBuilder;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.fixtures.Partition;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.fixtures.SimNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random actions of two peers over a random network: each message that was accepted is heard once and in order, as docs/protocol.md section 5.1 has it; with restarts of
 * the listener possibly again in its next run, never in another order. {@link Speaker#check} is the model. Stopping the engines shows that nothing is left of them.
 */
final class ConversationPropertyTest {
    private static final int STEPS = 30;
    private static final int MAX_LENGTH = 65_536;

    /** Far more than the longest silence, back-off and retransmission together need. */
    private static final Duration CALM = Duration.ofMinutes(20);

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void everyAcceptedMessageIsHeardOnceAndInOrder(long seed) {
        Seeds.run(seed, s -> new Talk(s).run());
    }

    /** One run. */
    private static final class Talk {
        private final SplittableRandom random;
        private final TestNetwork network;
        private final SimNetwork conditions;
        private final List<Speaker> speakers = new ArrayList<>();
        private final List<Partition> partitions = new ArrayList<>();

        /** Some runs have no restarts, so that the strict rule is tried as well. */
        private final boolean restarts;

        Talk(long seed) {
            random = new SplittableRandom(seed);
            network = TestNetwork.simulated(seed);
            conditions = network.conditions();
            int least = random.nextInt(1, 60);
            conditions
                    .loss(random.nextInt(4) == 0 ? 0 : random.nextDouble(0.3))
                    .duplicate(random.nextDouble(0.2))
                    .reorder(random.nextDouble(0.2), Duration.ofMillis(random.nextInt(1, 200)))
                    .delayMillis(least, least + random.nextInt(100));
            boolean stealth = random.nextBoolean();
            restarts = random.nextInt(3) != 0;
            String service = random.nextInt(3) == 0 ? "talk" : null;
            for (String nick : List.of("left", "right")) {
                TestPeer peer = network.peer(
                        nick, settings -> hasty(settings).stealth(stealth).service("talk", (channel, message) -> {}));
                speakers.add(new Speaker(peer, stealth, service));
            }
        }

        private static CutlassBuilder hasty(CutlassBuilder settings) {
            return settings.quiet(Duration.ofSeconds(3))
                    .pingInterval(Duration.ofSeconds(1))
                    .idle(Duration.ofSeconds(12))
                    .connectTimeout(Duration.ofSeconds(8));
        }

        void run() {
            try (network) {
                for (int step = 0; step < STEPS; step++) {
                    act(speakers.get(random.nextInt(2)));
                    network.runFor(Duration.ofMillis((long) Math.pow(10, random.nextDouble(0, 3.5))));
                }
                calm();
                for (Speaker speaker : speakers) {
                    speaker.check(other(speaker));
                    assertTrue(speaker.peer.events(CutlassEvent.Failed.class).isEmpty());
                    assertTrue(speaker.peer
                            .events(CutlassEvent.CloneSuspected.class)
                            .isEmpty());
                }
            }
        }

        private Speaker other(Speaker speaker) {
            return speakers.get(1 - speakers.indexOf(speaker));
        }

        private void act(Speaker speaker) {
            if (!speaker.isRunning()) {
                speaker.start();
                return;
            }
            switch (random.nextInt(16)) {
                case 0, 1 -> speaker.dial(other(speaker));
                case 2 -> speakers.stream().filter(Speaker::isRunning).forEach(each -> each.dial(other(each)));
                case 3 -> {
                    if (restarts && random.nextBoolean()) {
                        speaker.stop();
                    } else if (restarts) {
                        speaker.crash();
                    }
                }
                case 4 -> speaker.peer.host().move();
                case 5 ->
                    partitions.add(
                            random.nextBoolean()
                                    ? conditions.isolate(speaker.peer.host())
                                    : conditions.cut(
                                            speaker.peer.host(),
                                            other(speaker).peer.host()));
                case 6, 7, 8 -> partitions.forEach(Partition::heal);
                case 9 -> speaker.peer.host().jumpWallClock(Duration.ofMillis(random.nextInt(-2_000, 2_000)));
                case 10 -> speaker.say(other(speaker), random.nextInt(1, MAX_LENGTH));
                default -> {
                    for (int i = random.nextInt(5); i >= 0; i--) {
                        speaker.say(other(speaker), random.nextInt(1, 2_000));
                    }
                }
            }
        }

        /** Lets both be there and reachable, though over the same links, until all has been said. */
        private void calm() {
            partitions.forEach(Partition::heal);
            speakers.stream().filter(each -> !each.isRunning()).forEach(Speaker::start);
            Duration step = Duration.ofSeconds(15);
            for (Duration waited = Duration.ZERO; waited.compareTo(CALM) < 0; waited = waited.plus(step)) {
                speakers.forEach(each -> each.dial(other(each)));
                if (network.runUntil(() -> speakers.stream().allMatch(Speaker::isHeard), step)) {
                    return;
                }
            }
        }
    }
}
