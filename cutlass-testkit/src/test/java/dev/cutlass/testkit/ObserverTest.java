package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.Identity;
import dev.cutlass.event.CutlassEvent.Connected;
import dev.cutlass.event.TrustState;
import dev.cutlass.fixtures.Fate;
import dev.cutlass.fixtures.Trace;
import dev.cutlass.fixtures.TraceEvent;
import dev.cutlass.testkit.Distinguisher.Sighting;
import dev.cutlass.testkit.Distinguisher.Verdict;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A passive observer cannot tell a first meeting from a later one: lengths, number, order and times of the datagrams of both look alike to {@link Distinguisher}, which
 * does tell small changes of the same traces. What docs/security.md says can be seen, a person who needs a moment to decide, is among them. Links lose nothing here:
 * repetitions would hide more than they show.
 */
final class ObserverTest {
    private static final int MEETINGS = 150;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Bytes of padding that flights have at most: docs/protocol.md section 3.3. */
    private static final int MAX_PADDING = 255;

    /** Turns of a handshake. */
    private static final int FLIGHTS = 3;

    @TempDir
    private static Path folder;

    private static List<List<Sighting>> first;
    private static List<List<Sighting>> later;

    @BeforeAll
    static void meet() throws IOException {
        first = meetings(false, false);
        later = meetings(true, false);
    }

    @Test
    void aFirstMeetingLooksLikeALaterOneInNormalMode() {
        assertLooksTheSame(first, later);
    }

    @Test
    void aFirstMeetingLooksLikeALaterOneInStealthMode() throws IOException {
        assertLooksTheSame(meetings(false, true), meetings(true, true));
    }

    @Test
    void sixtyFourBytesMoreInOneFlightAreSeen() {
        for (int flight = 0; flight < FLIGHTS; flight++) {
            int place = flight;
            assertTold(trace -> longer(trace, startOf(trace, place), 64));
        }
    }

    @Test
    void oneDatagramMoreInAQuarterOfTheMeetingsIsSeen() {
        SplittableRandom chance = new SplittableRandom(1);
        assertTold(trace -> {
            List<Sighting> changed = new ArrayList<>(trace);
            if (chance.nextInt(4) == 0) {
                changed.add(1, trace.get(0));
            }
            return changed;
        });
    }

    @Test
    void anotherRuleForPaddingIsSeen() {
        int[] least = new int[FLIGHTS];
        for (int flight = 0; flight < FLIGHTS; flight++) {
            int place = flight;
            least[flight] = later.stream()
                    .mapToInt(trace -> bytesOf(trace, place))
                    .min()
                    .orElseThrow();
        }
        assertTold(trace -> {
            List<Sighting> changed = trace;
            for (int flight = 0; flight < FLIGHTS; flight++) {
                int padding = bytesOf(trace, flight) - least[flight];
                changed = longer(changed, startOf(trace, flight), padding * 200 / MAX_PADDING - padding);
            }
            return changed;
        });
    }

    @Test
    void aPauseOfTwentyMillisecondsIsSeen() {
        assertTold(trace -> {
            int from = startOf(trace, FLIGHTS);
            List<Sighting> changed = new ArrayList<>(trace.subList(0, from));
            for (Sighting each : trace.subList(from, trace.size())) {
                changed.add(new Sighting(each.nanos() + PAUSE_NANOS, each.byInitiator(), each.length()));
            }
            return changed;
        });
    }

    @Test
    void anotherOrderIsSeen() {
        assertTold(trace -> {
            int second = startOf(trace, 1);
            List<Sighting> changed = new ArrayList<>(trace);
            Sighting before = trace.get(second - 1);
            Sighting after = trace.get(second);
            changed.set(second - 1, new Sighting(before.nanos(), after.byInitiator(), after.length()));
            changed.set(second, new Sighting(after.nanos(), before.byInitiator(), before.length()));
            return changed;
        });
    }

    private static void assertLooksTheSame(List<List<Sighting>> one, List<List<Sighting>> other) {
        Verdict verdict = Distinguisher.compare(one, other);
        assertFalse(verdict.isTold(), verdict.toString());
    }

    private static void assertTold(UnaryOperator<List<Sighting>> change) {
        Verdict verdict =
                Distinguisher.compare(first, later.stream().map(change).toList());
        assertTrue(verdict.isTold(), verdict.toString());
    }

    /** Index of the first datagram after so many changes of direction. */
    private static int startOf(List<Sighting> trace, int turn) {
        int index = 0;
        for (int turns = 0; turns < turn; turns++) {
            boolean side = trace.get(index).byInitiator();
            while (trace.get(index).byInitiator() == side) {
                index++;
            }
        }
        return index;
    }

    private static int bytesOf(List<Sighting> trace, int turn) {
        return trace.subList(startOf(trace, turn), startOf(trace, turn + 1)).stream()
                .mapToInt(Sighting::length)
                .sum();
    }

    private static List<Sighting> longer(List<Sighting> trace, int index, int bytes) {
        List<Sighting> changed = new ArrayList<>(trace);
        Sighting old = trace.get(index);
        changed.set(index, new Sighting(old.nanos(), old.byInitiator(), old.length() + bytes));
        return changed;
    }

    /** Traces of dials, a message there and one back, and the end. Nothing but the parameters is common to them: links and draws are others in each. */
    private static List<List<Sighting>> meetings(boolean known, boolean stealth) throws IOException {
        Path acquainted = Files.createTempDirectory(folder, "acquainted");
        if (known) {
            try (TestNetwork before = TestNetwork.simulated(-1)) {
                talk(before, new SeededSecureRandom(-1), acquainted, stealth, TrustState.NEW);
            }
        }
        List<List<Sighting>> traces = new ArrayList<>();
        for (int i = 0; i < MEETINGS; i++) {
            long seed = 4L * i + (known ? 2 : 0) + (stealth ? 1 : 0);
            Path homes = known ? acquainted : Files.createTempDirectory(folder, "strangers");
            forgetRecent(homes);
            try (TestNetwork network = TestNetwork.simulated(seed)) {
                int least = 10 + new SplittableRandom(seed).nextInt(20);
                network.conditions().delayMillis(least, least + 5);
                Trace trace = network.conditions().trace(0);
                talk(
                        network,
                        new SeededSecureRandom(known ? -1 : seed),
                        homes,
                        stealth,
                        known ? TrustState.KNOWN : TrustState.NEW);
                traces.add(sightings(trace));
            }
        }
        return traces;
    }

    private static List<Sighting> sightings(Trace trace) {
        List<TraceEvent> sent = trace.events(Fate.SENT).stream()
                .sorted(Comparator.comparingLong(TraceEvent::nanos))
                .toList();
        InetSocketAddress initiator = sent.get(0).from();
        return sent.stream()
                .map(event -> new Sighting(event.nanos(), event.from().equals(initiator), event.length()))
                .toList();
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
            TestNetwork network, SeededSecureRandom keys, Path homes, boolean stealth, TrustState expected)
            throws IOException {
        Identity[] identities = {Identity.generate(keys), Identity.generate(keys)};
        TestPeer left = start(network, "left", identities[0], homes, stealth);
        TestPeer right = start(network, "right", identities[1], homes, stealth);
        network.runFor(Duration.ofSeconds(1));
        left.cutlass().connect(stealth ? right.address().withStealth() : right.address());
        assertTrue(network.runUntil(() -> !left.events(Connected.class).isEmpty(), Duration.ofMinutes(1)));
        network.await(left.peer(right).send("hello").toCompletableFuture());
        network.await(right.peer(left).send("hello yourself").toCompletableFuture());
        assertEquals(expected, left.events(Connected.class).get(0).trust(), "not the meeting that was meant");
        left.stop();
        network.runFor(Duration.ofSeconds(10));
    }

    private static TestPeer start(TestNetwork network, String nick, Identity identity, Path homes, boolean stealth)
            throws IOException {
        Path home = Files.createDirectories(homes.resolve(nick));
        return network.peer(nick, identity, builder -> builder.stealth(stealth).home(home));
    }
}
