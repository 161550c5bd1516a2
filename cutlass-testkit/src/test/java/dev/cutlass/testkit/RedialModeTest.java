package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.PeerAddress;
import dev.cutlass.event.CutlassEvent.Connected;
import dev.cutlass.event.DropReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A peer that was reached in stealth mode is never dialled in another by itself: it would not answer, and who watches would see a dial. */
final class RedialModeTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final TestNetwork network = TestNetwork.simulated(4);

    @TempDir
    private Path home;

    private TestPeer normal;
    private TestPeer hidden;

    @BeforeEach
    void start() {
        normal = network.peer("normal", settings -> settings.home(home));
        hidden = network.peer("hidden", settings -> settings.stealth(true));
        network.runFor(Duration.ofSeconds(1));
    }

    @AfterEach
    void stopAll() {
        network.close();
    }

    @Test
    void afterARestartAStealthPeerIsDialledInStealthModeAgain() {
        meet();
        normal.restart();

        assertTrue(network.runUntil(() -> normal.events(Connected.class).size() == 2, LIMIT), "it answered");
        assertNothingInNormalMode();
    }

    @Test
    void afterARestartTheKeyAloneFindsAStealthPeerThatHadLeft() {
        meet();
        normal.peer(hidden).disconnect();
        network.runFor(Duration.ofSeconds(5));
        normal.restart();
        network.await(normal.cutlass().connect(PeerAddress.of(hidden.id())));

        assertNothingInNormalMode();
    }

    @Test
    void aStealthPeerThatCameByItselfIsDialledBackInStealthMode() {
        network.await(hidden.cutlass().connect(normal.address().withStealth()));
        network.runFor(Duration.ofSeconds(1));
        normal.restart();

        assertTrue(network.runUntil(() -> normal.events(Connected.class).size() == 2, LIMIT));
        assertNothingInNormalMode();
    }

    @Test
    void theFilesNameTheMode() throws IOException {
        meet();
        normal.stop();
        String place = hidden.address().withStealth().text().split("@", -1)[1];

        assertTrue(Files.readString(home.resolve("known_peers")).contains("  " + place + "  "));
        assertTrue(Files.readString(home.resolve("recent_peers")).endsWith("  " + place + "\n"));
    }

    private void meet() {
        network.await(normal.cutlass().connect(hidden.address().withStealth()));
        network.runFor(Duration.ofSeconds(10));
    }

    private void assertNothingInNormalMode() {
        network.runFor(Duration.ofMinutes(1));
        assertEquals(
                0, hidden.cutlass().counters().get(DropReason.NOT_CUTLASS), "first flights that nobody could open");
    }
}
