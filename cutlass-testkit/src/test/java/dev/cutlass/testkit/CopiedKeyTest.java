package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.Identity;
import dev.cutlass.event.CutlassEvent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two engines with one key: docs/protocol.md section 3.7. */
final class CopiedKeyTest {
    @Test
    void whoTalksWithBothOfTwoEnginesWithOneKeyIsTold() {
        try (TestNetwork network = TestNetwork.simulated(1)) {
            final TestPeer friend = network.peer("friend");
            final Identity identity = Identity.generate();
            final TestPeer owner = network.peer("owner", identity, settings -> {});
            final TestPeer thief = network.peer("thief", identity, settings -> {});
            for (int i = 0; i < 30 && !isTold(friend); i++) { // each takes the other's place
                (i % 2 == 0 ? owner : thief).cutlass().connect(friend.address());
                network.runFor(Duration.ofSeconds(3));
            }
            assertTrue(isTold(friend));
        }
    }

    private static boolean isTold(TestPeer friend) {
        return !friend.events(CutlassEvent.CloneSuspected.class).isEmpty();
    }

    @Test
    void manyRestartsInARowAreNoCopy() {
        try (TestNetwork network = TestNetwork.simulated(1)) {
            final TestPeer friend = network.peer("friend");
            final TestPeer owner = network.peer("owner");
            for (int i = 0; i < 12; i++) {
                owner.connect(friend);
                network.runFor(Duration.ofSeconds(i % 3 == 0 ? 1 : 25));
                owner.crash();
                owner.restart();
            }
            assertEquals(List.of(), friend.events(CutlassEvent.CloneSuspected.class));
            assertEquals(11, friend.events(CutlassEvent.PeerRestarted.class).size());
        }
    }
}
