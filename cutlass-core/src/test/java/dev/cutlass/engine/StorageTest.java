package dev.cutlass.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.TrustState;
import dev.cutlass.store.KnownPeers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written down when. The writer runs at once here, and the alarm goes off when the test says so. */
final class StorageTest {
    private final Identity identity = Identity.generate();
    private final List<TimerWheel.Timer> alarms = new ArrayList<>();

    @TempDir
    private Path home;

    private Storage storage;

    @BeforeEach
    void open() throws IOException {
        EngineSeams real = EngineSeams.real();
        EngineConfig config = mock(EngineConfig.class);
        when(config.seams())
                .thenReturn(new EngineSeams(
                        real.ports(), real.ticker(), real.clock(), real.random(), real.resolver(), true, null));
        when(config.home()).thenReturn(home);
        when(config.identity()).thenReturn(identity);
        storage = Storage.open(config);
        storage.alarm(alarms::add);
    }

    @AfterEach
    void close() {
        storage.close();
        identity.close();
    }

    @Test
    void strangersAreWrittenDownOnceInAWhileAndTogether() throws IOException {
        for (int i = 0; i < 5; i++) {
            storage.meet(stranger(), null);
            assertFalse(Files.exists(file()), "not at once");
        }
        assertEquals(1, alarms.stream().distinct().count(), "one timer, which is set or not");
        alarms.get(0).onDue(0);
        assertEquals(5, inFile().size());
        assertTrue(inFile().all().stream().noneMatch(peer -> peer.isContact()));
    }

    @Test
    void whoIsChosenIsWrittenDownAtOnce() throws IOException {
        storage.remember(stranger(), null);

        assertEquals(1, inFile().size());
        assertTrue(inFile().all().get(0).isContact());
    }

    @Test
    void aStrangerThatWeWriteToIsAContact() throws IOException {
        PeerEntry peer = stranger();
        storage.meet(peer, null);
        storage.writeTo(peer);

        assertTrue(Objects.requireNonNull(inFile().find(peer.id())).isContact());
    }

    @Test
    void aNewPeerIsNoContactBeforeItIsAdmittedWhateverWaitsForIt() throws IOException {
        PeerEntry peer = stranger();
        when(peer.trust()).thenReturn(TrustState.NEW);
        storage.writeTo(peer);

        assertEquals(0, inFile().size());
    }

    @Test
    void closingWritesWhatWaits() throws IOException {
        storage.meet(stranger(), null);
        storage.close();

        assertEquals(1, inFile().size());
    }

    private Path file() {
        return home.resolve(KnownPeers.FILE);
    }

    private KnownPeers inFile() throws IOException {
        return KnownPeers.open(home, identity, false);
    }

    private static PeerEntry stranger() {
        PeerId id = Identity.generate().id();
        PeerEntry peer = mock(PeerEntry.class);
        when(peer.id()).thenReturn(id);
        when(peer.nick()).thenReturn("");
        when(peer.trust()).thenReturn(TrustState.KNOWN);
        return peer;
    }
}
