package dev.cutlass.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.store.RecentPeers.RecentPeer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecentPeersTest {
    private static final Instant NOW = Instant.parse("2026-01-31T23:59:59.5Z");
    private static final PeerId ANN = Peers.peer(1);
    private static final PeerId BEN = Peers.peer(2);

    private final Identity identity = Peers.identity(99);

    @TempDir
    private Path home;

    @AfterEach
    void close() {
        identity.close();
    }

    @Test
    void theLatestPeerAndItsLatestPlaceComeFirst() throws IOException {
        RecentPeers peers = open(false);
        peers.touch(ANN, "a:1", NOW);
        peers.touch(BEN, "[::1]:2", NOW.plusSeconds(1));
        peers.touch(ANN, "c:3", NOW.plusSeconds(2));
        peers.touch(ANN, "a:1", NOW.plusSeconds(3));
        List<RecentPeer> expected = List.of(
                new RecentPeer(ANN, NOW.plusSeconds(3), List.of("a:1", "c:3")),
                new RecentPeer(BEN, NOW.plusSeconds(1), List.of("[::1]:2")));
        assertEquals(expected, peers.all());
        peers.save();
        assertFalse(peers.isUnsaved());
        assertEquals(expected, open(false).all());
        assertEquals(
                ANN.text() + "  2026-02-01T00:00:02Z  a:1,c:3",
                Files.readAllLines(home.resolve("recent_peers")).get(0));
    }

    @Test
    void aPlaceOfStealthModeKeepsItsMarkAndStandsOnce() throws IOException {
        RecentPeers peers = open(false);
        peers.touch(ANN, "a:1", NOW);
        peers.touch(ANN, "[::1]:2?stealth", NOW);
        peers.touch(ANN, "[::1]:2", NOW);
        peers.touch(ANN, "a:1?stealth", NOW);
        assertEquals(
                List.of("a:1?stealth", "[::1]:2?stealth"), peers.all().get(0).places());
        peers.save();
        assertEquals(peers.all(), open(false).all());
    }

    @Test
    void onlyTheLatestAreKept() throws IOException {
        RecentPeers peers = open(false);
        for (int i = 0; i < RecentPeers.MAX_PEERS + 5; i++) {
            peers.touch(PeerId.parse(KeySeries.text(i)), "h:1", NOW.plusSeconds(i));
        }
        assertEquals(RecentPeers.MAX_PEERS, peers.all().size());
        assertEquals(
                KeySeries.text(RecentPeers.MAX_PEERS + 4),
                peers.all().get(0).id().text());
        for (int i = 1; i <= 20; i++) {
            peers.touch(ANN, "h:" + i, NOW);
        }
        assertEquals(KnownPeer.MAX_PLACES, peers.all().get(0).places().size());
        assertEquals("h:20", peers.all().get(0).places().get(0));
    }

    @Test
    void aForgottenPeerStaysForgotten() throws IOException {
        RecentPeers peers = open(true);
        peers.touch(ANN, "a:1", NOW);
        peers.save();
        assertEquals(1, open(true).all().size());
        assertFalse(Files.exists(home.resolve("recent_peers")));
        peers.forget(BEN);
        assertFalse(peers.isUnsaved());
        peers.forget(ANN);
        assertTrue(peers.isUnsaved());
        peers.save();
        assertEquals(List.of(), open(true).all());
    }

    @Test
    void linesThatAreNotUnderstoodAreDropped() {
        String good = ANN.text() + "  2026-01-31T00:00:00Z  a:1\r\n";
        String text = "# x\n\ncutlass:oops 2026-01-31T00:00:00Z a:1\n" + BEN.text() + " yesterday a:1\n" + BEN.text()
                + " 2026-01-31T00:00:00Z a\n" + good + good + BEN.text() + " 2026-01-31T00:00:00Z -\n\u00ff\n";
        List<RecentPeer> peers = RecentPeers.parse(text.getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(List.of(new RecentPeer(ANN, Instant.parse("2026-01-31T00:00:00Z"), List.of("a:1"))), peers);
    }

    @Test
    void aWrongPlaceIsRefused() {
        RecentPeers peers = RecentPeers.inMemory();
        for (String place : List.of(
                "",
                "host",
                "host:",
                ":1",
                "a b:1",
                "a,b:1",
                "host:99999",
                "h:1?stealt",
                "h?stealth:1",
                "h:1?stealth?stealth",
                "?stealth",
                "h\n:1",
                "\u00e4:1")) {
            assertThrows(IllegalArgumentException.class, () -> peers.touch(ANN, place, NOW), place);
        }
        assertFalse(peers.isUnsaved());
    }

    @FuzzTest(maxDuration = "60s")
    void anyBytesAreAListOfPeers(byte[] bytes) {
        assertTrue(RecentPeers.parse(bytes).size() <= RecentPeers.MAX_PEERS);
    }

    private RecentPeers open(boolean sealed) throws IOException {
        return RecentPeers.open(home, identity, sealed);
    }
}
