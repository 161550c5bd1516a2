package dev.cutlass.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownPeersTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 1, 31);
    private static final PeerId ANN = Peers.peer(1);
    private static final PeerId BEN = Peers.peer(2);
    private static final PeerId CAT = Peers.peer(3);

    private final Identity identity = Peers.identity(99);

    @TempDir
    private Path home;

    @AfterEach
    void close() {
        identity.close();
    }

    @Test
    void aPeerIsNewThenKnownThenVerifiedThenForgotten() throws IOException {
        KnownPeers peers = open();
        assertNull(peers.find(ANN));
        assertFalse(peers.setVerified(ANN, true), "first it must be known");
        assertTrue(peers.remember(ANN, "ann", List.of("host:1"), TODAY));
        assertEquals(new KnownPeer(ANN, false, TODAY, List.of("host:1"), "ann"), peers.find(ANN));
        assertTrue(peers.setVerified(ANN, true));
        peers.save();
        assertTrue(Objects.requireNonNull(open().find(ANN)).verified());
        peers.setVerified(ANN, false);
        assertFalse(Objects.requireNonNull(peers.find(ANN)).verified());
        peers.forget(ANN);
        peers.save();
        assertNull(open().find(ANN));
        assertEquals(0, open().size());
    }

    @Test
    void seenAgainNewPlacesComeFirstAndTheFirstDayStays() throws IOException {
        KnownPeers peers = open();
        peers.remember(ANN, "ann", List.of("a:1", "b:1"), TODAY);
        peers.setVerified(ANN, true);
        peers.remember(ANN, "", List.of("c:1", "a:1"), TODAY.plusDays(9));
        assertEquals(new KnownPeer(ANN, true, TODAY, List.of("c:1", "a:1", "b:1"), "ann"), peers.find(ANN));
        for (int i = 1; i <= 20; i++) {
            peers.remember(ANN, "anna", List.of("d:" + i), TODAY);
        }
        KnownPeer ann = Objects.requireNonNull(peers.find(ANN));
        assertEquals(KnownPeer.MAX_PLACES, ann.places().size());
        assertEquals("d:20", ann.places().get(0));
        assertEquals("anna", ann.nick());
    }

    @Test
    void anOfflineAddressMakesAContactAndStaysWhateverElseChanges() throws IOException {
        KnownPeers peers = open();
        peers.meet(ANN, "ann", List.of("a:1"), TODAY);
        assertTrue(peers.setOfflineAddress(ANN, "user@host.onion", TODAY));
        assertTrue(peers.setOfflineAddress(BEN, "ben@host.onion", TODAY));
        assertTrue(Objects.requireNonNull(peers.find(ANN)).isContact());
        peers.remember(ANN, "anna", List.of("b:1"), TODAY);
        peers.setVerified(ANN, true);
        peers.save();
        KnownPeer ann = Objects.requireNonNull(open().find(ANN));
        assertEquals("user@host.onion", ann.offlineAddress());
        assertEquals("anna", ann.nick());
        assertTrue(ann.verified());
        assertTrue(peers.setOfflineAddress(ANN, "", TODAY));
        peers.save();
        assertEquals("", Objects.requireNonNull(open().find(ANN)).offlineAddress());
        assertFalse(Files.readString(file()).contains("ann@"));
        assertThrows(IllegalArgumentException.class, () -> peers.setOfflineAddress(ANN, "a b", TODAY));
    }

    @Test
    void peersAreFoundByPlaceAndByANickThatLooksTheSame() {
        KnownPeers peers = KnownPeers.inMemory();
        peers.remember(ANN, "Stra\u00dfe", List.of("Host.example:1"), TODAY);
        peers.remember(BEN, "ben", List.of("host.example:1?stealth", "[::1]:2"), TODAY);
        peers.remember(CAT, "", List.of(), TODAY);
        assertEquals(2, peers.findByPlace("HOST.example:1").size());
        assertEquals(1, peers.findByPlace("[::1]:2").size());
        assertEquals(0, peers.findByPlace("host.example:2").size());
        for (String same : List.of("STRASSE", " stra\u00dfe", "\uff33\uff34\uff32\uff21\uff33\uff33\uff25")) {
            assertEquals(
                    List.of(ANN),
                    peers.findByNick(same).stream().map(KnownPeer::id).toList(),
                    same);
        }
        assertEquals(List.of(), peers.findByNick(""), "no nick clashes with no nick");
    }

    @Test
    void whatIsNotUnderstoodIsReportedAndKept() throws IOException {
        String text = "# mine\n\n"
                + "cutlass:oops known 2026-01-31 - \"x\"\n"
                + ANN.text() + "\tverified 2026-01-01   -    \"ann\"  trust=7 # why\r\n"
                + "\u00ff nonsense\n"
                + ANN.text() + " known 2026-01-01 - \"again\"\n"
                + BEN.text() + " known 2026-01-02 h:1 \"ben\"";
        Files.write(file(), text.getBytes(StandardCharsets.ISO_8859_1));
        KnownPeers peers = open();
        assertEquals(2, peers.size());
        assertEquals(
                List.of(3, 5, 6),
                peers.damages().stream().map(KnownPeers.Damage::line).toList());
        assertTrue(peers.damages().get(2).why().contains("line 4"));
        assertFalse(peers.isUnsaved());
        assertTrue(Objects.requireNonNull(peers.find(ANN)).verified(), "the first line counts");
        peers.remember(BEN, "benny", List.of(), TODAY);
        peers.save();
        String expected = text.replace(
                BEN.text() + " known 2026-01-02 h:1 \"ben\"", BEN.text() + "  known     2026-01-02  h:1  \"benny\"\n");
        assertEquals(expected, Files.readString(file(), StandardCharsets.ISO_8859_1));
        peers.remember(ANN, "annie", List.of(), TODAY);
        peers.save();
        assertTrue(Files.readString(file(), StandardCharsets.ISO_8859_1).contains("\"annie\"  trust=7 # why\r\n"));
    }

    @Test
    void aChangeBySomebodyElseIsTakenOver() throws IOException {
        KnownPeers ours = open();
        ours.remember(ANN, "ann", List.of(), TODAY);
        ours.save();
        KnownPeers theirs = open();
        theirs.remember(BEN, "ben", List.of(), TODAY);
        theirs.remember(ANN, "theirs", List.of(), TODAY);
        theirs.save();
        ours.remember(CAT, "cat", List.of(), TODAY);
        ours.setVerified(ANN, true);
        ours.save();
        for (KnownPeers peers : List.of(ours, open())) {
            assertNotNull(peers.find(BEN), "from them");
            assertNotNull(peers.find(CAT), "from us");
            assertTrue(Objects.requireNonNull(peers.find(ANN)).verified(), "where both changed, the last counts");
        }
        theirs.forget(BEN);
        theirs.save();
        ours.forget(CAT);
        ours.save();
        assertEquals(List.of(ANN), open().all().stream().map(KnownPeer::id).toList());
        assertFalse(ours.isUnsaved());
    }

    @Test
    void aBookFullOfContactsTakesNoneAndDropsNone() throws IOException {
        int max = 20;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < max + 2; i++) {
            text.append(KeySeries.text(i)).append(" known 2026-01-01 - \"\"\n");
        }
        Files.writeString(file(), text);
        KnownPeers peers = KnownPeers.open(home, identity, false, max, 0);
        assertEquals(max, peers.size());
        assertEquals(2, peers.damages().size());
        assertFalse(peers.hasRoom());
        assertFalse(peers.remember(ANN, "ann", List.of(), TODAY));
        assertNull(peers.find(ANN));
        assertTrue(
                peers.remember(PeerId.parse(KeySeries.text(0)), "first", List.of(), TODAY), "a known one may change");
        peers.forget(PeerId.parse(KeySeries.text(1)));
        assertTrue(peers.remember(ANN, "ann", List.of(), TODAY));
        assertEquals(max, peers.size());
    }

    @Test
    void strangersPushOutTheEldestStrangerAndNeverAContact() throws IOException {
        KnownPeers peers = KnownPeers.open(home, identity, false, 3, 4);
        peers.meet(ANN, "ann", List.of(), TODAY);
        peers.meet(BEN, "ben", List.of(), TODAY);
        peers.meet(CAT, "cat", List.of(), TODAY);
        assertTrue(peers.remember(BEN, "ben", List.of("host:1"), TODAY), "we dial one of them");
        assertTrue(peers.setVerified(CAT, true), "and compare numbers with another");
        for (int i = 0; i < 50; i++) {
            peers.meet(PeerId.parse(KeySeries.text(i)), "stranger", List.of(), TODAY);
            if (i % 7 == 0) {
                peers.save();
            }
        }
        assertEquals(
                KnownPeer.Standing.KNOWN,
                Objects.requireNonNull(peers.find(BEN)).standing());
        assertEquals(
                KnownPeer.Standing.VERIFIED,
                Objects.requireNonNull(peers.find(CAT)).standing());
        assertNull(peers.find(ANN), "the eldest of the strangers");
        assertNull(peers.find(PeerId.parse(KeySeries.text(45))));
        assertEquals(2 + 4, peers.size());
        PeerId last = PeerId.parse(KeySeries.text(49));
        assertTrue(peers.remember(last, "", List.of(), TODAY), "room for contacts is kept");
        assertFalse(peers.remember(ANN, "", List.of(), TODAY), "three contacts is all that this book takes");

        peers.save();
        KnownPeers again = KnownPeers.open(home, identity, false, 3, 4);
        assertEquals(peers.all(), again.all());
        assertEquals(List.of(), again.damages());
        assertFalse(Objects.requireNonNull(again.find(PeerId.parse(KeySeries.text(48))))
                .isContact());
    }

    @Test
    void whoIsMetAgainStaysWhatItIsAndAStrangerWithAChangeOfSomebodyElseStaysInTheBudget() throws IOException {
        KnownPeers ours = KnownPeers.open(home, identity, false, 3, 2);
        ours.remember(ANN, "ann", List.of(), TODAY);
        ours.meet(BEN, "ben", List.of(), TODAY);
        ours.save();
        KnownPeers theirs = KnownPeers.open(home, identity, false, 3, 2);
        theirs.meet(CAT, "cat", List.of(), TODAY);
        theirs.save();
        ours.meet(ANN, "annie", List.of("h:1"), TODAY);
        ours.meet(PeerId.parse(KeySeries.text(0)), "", List.of(), TODAY);
        ours.save();
        assertEquals(new KnownPeer(ANN, false, TODAY, List.of("h:1"), "annie"), ours.find(ANN));
        assertEquals(3, ours.size());
        assertNull(ours.find(BEN));
        assertEquals(ours.all(), KnownPeers.open(home, identity, false, 3, 2).all());
    }

    @Test
    void changesThatAreNotSavedStayBoundedWhileTheDiskFails() throws IOException {
        KnownPeers peers = KnownPeers.open(home, identity, false, 3, 2);
        Path obstacle = Files.createDirectories(home.resolve("known_peers.new").resolve("in the way"));
        for (int i = 0; i < 30; i++) {
            peers.meet(PeerId.parse(KeySeries.text(i)), "", List.of(), TODAY);
        }
        assertThrows(IOException.class, peers::save);
        assertEquals(2, peers.unsaved());
        Files.delete(obstacle);
        peers.save();
        assertEquals(2, KnownPeers.open(home, identity, false, 3, 2).size());
    }

    @Test
    void sealedItShowsNothingAndOpensWithTheSameIdentityOnly() throws IOException {
        KnownPeers peers = KnownPeers.open(home, identity, true);
        peers.remember(ANN, "ann", List.of("host.example:1"), TODAY);
        peers.save();
        assertFalse(Files.exists(file()));
        Path sealed = home.resolve("known_peers.sealed");
        String raw = Files.readString(sealed, StandardCharsets.ISO_8859_1);
        assertFalse(raw.contains("ann")
                || raw.contains("host")
                || raw.contains(ANN.text().substring(12, 20)));
        assertNotNull(KnownPeers.open(home, identity, true).find(ANN));
        try (Identity other = Peers.identity(7)) {
            assertThrows(IOException.class, () -> KnownPeers.open(home, other, true));
        }
        byte[] bytes = Files.readAllBytes(sealed);
        for (int bit = 0; bit < bytes.length * Byte.SIZE; bit += 7) {
            byte[] flipped = bytes.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            Files.write(sealed, flipped);
            assertThrows(IOException.class, () -> KnownPeers.open(home, identity, true), "bit " + bit);
        }
        for (int length = 0; length < bytes.length; length += 5) {
            Files.write(sealed, Arrays.copyOf(bytes, length));
            assertThrows(IOException.class, () -> KnownPeers.open(home, identity, true), "length " + length);
        }
    }

    @Test
    void theFormCanBeChangedBothWays() throws IOException {
        KnownPeers plain = open();
        plain.remember(ANN, "ann", List.of(), TODAY);
        plain.save();
        KnownPeers sealed = KnownPeers.open(home, identity, true);
        assertNotNull(sealed.find(ANN));
        assertTrue(sealed.isUnsaved());
        sealed.save();
        assertFalse(Files.exists(file()));
        assertFalse(sealed.isUnsaved());
        KnownPeers again = open();
        assertNotNull(again.find(ANN));
        again.save();
        assertTrue(Files.exists(file()));
        assertFalse(Files.exists(home.resolve("known_peers.sealed")));
    }

    @Test
    void aFailedSaveLosesNothing() throws IOException {
        KnownPeers peers = open();
        peers.remember(ANN, "ann", List.of(), TODAY);
        Path obstacle = Files.createDirectories(home.resolve("known_peers.new").resolve("in the way"));
        assertThrows(IOException.class, peers::save);
        assertTrue(peers.isUnsaved());
        Files.delete(obstacle);
        peers.save();
        assertNotNull(open().find(ANN));
    }

    @Test
    void theFileIsItsOwnersAlone() throws IOException {
        assumeTrue(Files.getFileStore(home).supportsFileAttributeView(PosixFileAttributeView.class));
        KnownPeers peers = open();
        peers.remember(ANN, "ann", List.of(), TODAY);
        peers.save();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    }

    @Test
    void anUnreadableFileIsAnErrorAndNotAnEmptyList() throws IOException {
        Files.createDirectory(file());
        assertThrows(IOException.class, this::open);
    }

    @Test
    void aFreshHomeGetsAFileThatExplainsItself() throws IOException {
        KnownPeers peers = open();
        assertFalse(peers.isUnsaved());
        peers.save();
        assertFalse(Files.exists(file()), "nothing to write yet");
        peers.remember(ANN, "ann", List.of(), TODAY);
        peers.save();
        assertTrue(Files.readString(file()).startsWith("# Peers"));
        assertEquals(List.of(), open().damages());
    }

    @Test
    void changesFromManyThreadsWhileOneSavesAreAllKept() throws Exception {
        KnownPeers peers = open();
        int threads = 4;
        int each = 25;
        CyclicBarrier start = new CyclicBarrier(threads + 1);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> changes = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int first = 1_000 + t * each;
                changes.add(executor.submit(() -> {
                    start.await();
                    for (int i = first; i < first + each; i++) {
                        peers.remember(Peers.peer(i), "p" + i, List.of(), TODAY);
                    }
                    return null;
                }));
            }
            start.await();
            while (!changes.stream().allMatch(Future::isDone)) {
                peers.save();
            }
            for (Future<?> change : changes) {
                change.get();
            }
        } finally {
            executor.shutdownNow();
        }
        peers.save();
        assertEquals(threads * each, peers.size());
        assertEquals(peers.all().size(), open().size());
    }

    /** Random actions against a map. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void theBookDoesWhatAMapDoes(long seed) throws IOException {
        Random random = new Random(seed);
        Map<PeerId, Boolean> model = new HashMap<>();
        KnownPeers peers = open();
        for (int i = 0; i < 250; i++) {
            PeerId id = Peers.peer(random.nextInt(12));
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    peers.remember(id, "n" + random.nextInt(3), List.of("h:" + (1 + random.nextInt(9))), TODAY);
                    model.putIfAbsent(id, false);
                }
                case 2 -> {
                    assertEquals(model.containsKey(id), peers.setVerified(id, true));
                    model.computeIfPresent(id, (key, was) -> true);
                }
                case 3 -> {
                    peers.forget(id);
                    model.remove(id);
                }
                default -> {
                    peers.save();
                    peers = open();
                }
            }
            Map<PeerId, Boolean> seen = new HashMap<>();
            peers.all().forEach(peer -> seen.put(peer.id(), peer.verified()));
            assertEquals(model, seen, "seed " + seed + ", step " + i);
        }
    }

    private KnownPeers open() throws IOException {
        return KnownPeers.open(home, identity, false);
    }

    private Path file() {
        return home.resolve(KnownPeers.FILE);
    }
}
