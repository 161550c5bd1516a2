package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.CutlassBuilder;
import dev.cutlass.crypto.Identity;
import dev.cutlass.event.CutlassEvent.Connected;
import dev.cutlass.event.CutlassEvent.ConnectionRequested;
import dev.cutlass.event.TrustPolicy;
import dev.cutlass.event.TrustState;
import dev.cutlass.fixtures.Fate;
import dev.cutlass.fixtures.Trace;
import dev.cutlass.fixtures.TraceEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A passive observer cannot tell a first meeting from a later one: lengths, number, order and times of the datagrams of both look alike to a classifier that was trained on
 * half of them. The same classifier does tell what docs/security.md says can be told, so this test can fail.
 */
final class ObserverTest {
    private static final int PAIRS = 80;

    /** Three standard deviations of the share of right guesses of a fair coin among so many trials; one run in 370 would be beyond it by chance, but the seeds are fixed. */
    private static final double BOUND = 3 * Math.sqrt(0.25 / PAIRS);

    /** Datagrams looked at, from the first one on. */
    private static final int DATAGRAMS = 14;

    @TempDir
    private Path folder;

    private interface Meeting {
        /** What an observer sees of one. */
        List<TraceEvent> of(long seed) throws IOException;
    }

    @Test
    void aFirstMeetingLooksLikeALaterOneInNormalMode() throws IOException {
        double accuracy = accuracy(seed -> meeting(seed, false, false), seed -> meeting(seed, true, false));
        assertTrue(Math.abs(accuracy - 0.5) < BOUND, accuracy + " of the guesses are right");
    }

    @Test
    void aFirstMeetingLooksLikeALaterOneInStealthMode() throws IOException {
        double accuracy = accuracy(seed -> meeting(seed, false, true), seed -> meeting(seed, true, true));
        assertTrue(Math.abs(accuracy - 0.5) < BOUND, accuracy + " of the guesses are right");
    }

    /** A person who is asked about strangers needs a moment: docs/security.md says that this can be seen. */
    @Test
    void theClassifierTellsTheMomentInWhichAPersonDecides() throws IOException {
        double accuracy = accuracy(
                seed -> meeting(seed, Duration.ZERO, false, false),
                seed -> meeting(seed, Duration.ofMillis(300), false, false));
        assertTrue(accuracy > 0.5 + BOUND, accuracy + " of the guesses are right");
    }

    private List<TraceEvent> meeting(long seed, boolean known, boolean stealth) throws IOException {
        return meeting(seed, Duration.ZERO, known, stealth);
    }

    /**
     * A dial, a message there and one back, and the end. What differs between two kinds of meetings is nothing but the parameters.
     *
     * @param pause until the responder, asked about a stranger, decides; zero: it is not asked
     * @param known whether both have met before, and have been restarted since
     */
    private List<TraceEvent> meeting(long seed, Duration pause, boolean known, boolean stealth) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Path homes = Files.createTempDirectory(folder, "meeting");
        if (known) {
            // Both homes learn of each other in another network, so that nothing but the homes is left of it.
            try (TestNetwork before = TestNetwork.simulated(~seed)) {
                talk(before, new SeededSecureRandom(seed), homes, Duration.ZERO, stealth, TrustState.NEW);
            }
            forgetRecent(homes);
        }
        try (TestNetwork network = TestNetwork.simulated(seed)) {
            network.conditions().delayMillis(10, 10 + random.nextInt(20)).loss(random.nextInt(3) * 0.02);
            Trace trace = network.conditions().trace(0);
            talk(
                    network,
                    new SeededSecureRandom(seed),
                    homes,
                    pause,
                    stealth,
                    known ? TrustState.KNOWN : TrustState.NEW);
            return trace.events(Fate.SENT);
        }
    }

    /** Whom it dialled before its end an engine dials at its next start; here the application does, as at the first meeting. */
    private static void forgetRecent(Path homes) throws IOException {
        try (Stream<Path> files = Files.walk(homes)) {
            for (Path file : files.filter(path -> path.getFileName().toString().contains("recent"))
                    .toList()) {
                Files.delete(file);
            }
        }
    }

    private static void talk(
            TestNetwork network,
            SeededSecureRandom keys,
            Path homes,
            Duration pause,
            boolean stealth,
            TrustState expected)
            throws IOException {
        Identity[] identities = {Identity.generate(keys), Identity.generate(keys)};
        TestPeer left = start(network, "left", identities[0], homes, builder -> builder.stealth(stealth));
        TestPeer right = start(
                network,
                "right",
                identities[1],
                homes,
                builder -> builder.stealth(stealth)
                        .trustPolicy(pause.isZero() ? TrustPolicy.ACCEPT_NEW : TrustPolicy.ASK));
        network.runFor(Duration.ofSeconds(1));
        left.cutlass().connect(stealth ? right.address().withStealth() : right.address());
        if (!pause.isZero()) {
            network.runUntil(() -> !right.events(ConnectionRequested.class).isEmpty(), Duration.ofMinutes(1));
            network.runFor(pause);
            right.cutlass().decide(left.id(), true);
        }
        assertTrue(network.runUntil(() -> !left.events(Connected.class).isEmpty(), Duration.ofMinutes(1)));
        network.await(left.peer(right).send("hello").toCompletableFuture());
        network.await(right.peer(left).send("hello yourself").toCompletableFuture());
        assertTrue(left.events(Connected.class).get(0).trust() == expected, "not the meeting that was meant");
        left.stop();
        network.runFor(Duration.ofSeconds(10));
    }

    private static TestPeer start(
            TestNetwork network, String nick, Identity identity, Path homes, Consumer<CutlassBuilder> settings)
            throws IOException {
        Path home = Files.createDirectories(homes.resolve(nick));
        return network.peer(nick, identity, builder -> settings.accept(builder.home(home)));
    }

    /** How often the nearest centroid of the training half is that of the right kind, in the other half. */
    private static double accuracy(Meeting first, Meeting second) throws IOException {
        List<List<double[]>> training = List.of(new ArrayList<>(), new ArrayList<>());
        List<List<double[]>> trial = List.of(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < PAIRS; i++) {
            List<List<double[]>> half = i % 2 == 0 ? training : trial;
            half.get(0).add(features(first.of(2 * i)));
            half.get(1).add(features(second.of(2 * i + 1))); // other keys, links and losses: only the kind is common
        }
        double[] scale = scale(training);
        double[][] centroids = {mean(training.get(0)), mean(training.get(1))};
        int right = 0;
        for (int kind = 0; kind < 2; kind++) {
            for (double[] each : trial.get(kind)) {
                double toOwn = distance(each, centroids[kind], scale);
                right += toOwn < distance(each, centroids[1 - kind], scale) ? 1 : 0;
            }
        }
        return (double) right / PAIRS;
    }

    /** Lengths, directions and distances in time of the first datagrams, then their number, bytes and duration in all. */
    private static double[] features(List<TraceEvent> sent) {
        List<TraceEvent> events = sent.stream()
                .sorted(Comparator.comparingLong(TraceEvent::nanos))
                .toList();
        double[] features = new double[3 * DATAGRAMS + 4];
        for (int i = 0; i < Math.min(DATAGRAMS, events.size()); i++) {
            TraceEvent event = events.get(i);
            features[3 * i] = event.length();
            features[3 * i + 1] = event.from().equals(events.get(0).from()) ? 1 : -1;
            features[3 * i + 2] =
                    i == 0 ? 0 : Math.log1p(event.nanos() - events.get(i - 1).nanos());
        }
        int end = 3 * DATAGRAMS;
        features[end] = events.size();
        features[end + 1] = events.stream().mapToInt(TraceEvent::length).sum();
        features[end + 2] =
                events.get(events.size() - 1).nanos() - events.get(0).nanos();
        features[end + 3] = events.stream().mapToInt(TraceEvent::length).min().orElse(0);
        return features;
    }

    private static double[] mean(List<double[]> all) {
        double[] mean = new double[all.get(0).length];
        for (double[] each : all) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += each[i] / all.size();
            }
        }
        return mean;
    }

    /** Weight of each feature: how far apart the centroids are, by the spread within the kinds. */
    private static double[] scale(List<List<double[]>> kinds) {
        double[][] means = {mean(kinds.get(0)), mean(kinds.get(1))};
        double[] scale = new double[means[0].length];
        for (int i = 0; i < scale.length; i++) {
            double spread = 1e-9;
            for (int kind = 0; kind < 2; kind++) {
                for (double[] each : kinds.get(kind)) {
                    spread += Math.pow(each[i] - means[kind][i], 2)
                            / (2 * kinds.get(kind).size());
                }
            }
            scale[i] = Math.abs(means[0][i] - means[1][i]) / spread;
        }
        return scale;
    }

    private static double distance(double[] a, double[] b, double[] scale) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += scale[i] * scale[i] * Math.pow(a[i] - b[i], 2);
        }
        return sum;
    }
}
