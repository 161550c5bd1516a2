package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the JDK's flight recorder keeps of whole engines: docs/observe.md. */
final class FlightRecorderTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final TestNetwork network = TestNetwork.simulated(11);

    @TempDir
    Path folder;

    @AfterEach
    void stopAll() {
        network.close();
    }

    private List<RecordedEvent> record(Runnable scene) throws IOException {
        final Path file = folder.resolve("scene.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            scene.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("dev.cutlass."))
                .toList();
    }

    /** Those that one side saw of the other. */
    private static List<RecordedEvent> about(PeerId peer, String name, List<RecordedEvent> events) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals("dev.cutlass." + name)
                        && event.getString("peer").equals(peer.toString()))
                .toList();
    }

    @Test
    void aConnectionIsOnTheRecordFromHandshakeToClose() throws IOException {
        network.conditions().delayMillis(20, 40).loss(0.05);
        TestPeer left = network.peer("left");
        TestPeer right = network.peer("right");
        List<RecordedEvent> events = record(() -> {
            Peer toRight = left.connect(right);
            assertTrue(network.runUntil(() -> right.peer(left).info().backConnected(), LIMIT));
            for (int i = 0; i < 60; i++) {
                toRight.send("x".repeat(10_000));
                network.runFor(Duration.ofSeconds(6));
            }
            assertTrue(network.runUntil(() -> right.texts(left).size() == 60, LIMIT));
            left.stop();
            network.runFor(Duration.ofSeconds(5));
        });

        RecordedEvent dialled = about(right.id(), "Handshake", events).get(0);
        assertTrue(dialled.getBoolean("succeeded"));
        assertTrue(dialled.getBoolean("dialled"));
        assertEquals("XXhfs+psk3", dialled.getString("pattern"));
        assertTrue(dialled.getDuration("took").compareTo(Duration.ofMillis(80)) >= 0, "two round trips");
        RecordedEvent answered = about(left.id(), "Handshake", events).get(0);
        assertTrue(answered.getBoolean("succeeded"));
        assertFalse(answered.getBoolean("dialled"));

        assertTrue(about(left.id(), "PathChange", events).stream().anyMatch(event -> event.getInt("channel") != 0));
        assertTrue(about(right.id(), "PacketLoss", events).stream().allMatch(event -> event.getLong("packets") > 0));
        assertTrue(about(right.id(), "PacketLoss", events).size() > 5);
        List<Long> epochs = about(right.id(), "Rekey", events).stream()
                .map(event -> event.getLong("epoch"))
                .toList();
        assertEquals(List.of(1L, 2L), epochs.subList(0, 2));
        RecordedEvent closed = about(left.id(), "Close", events).get(0);
        assertEquals("shutdown", closed.getString("reason"));
        assertTrue(closed.getBoolean("byPeer"));
        assertTrue(closed.getDuration("age").compareTo(Duration.ofMinutes(5)) > 0);
        for (RecordedEvent event : events) {
            assertFalse(event.toString().contains(right.id().text()), "no whole key");
            assertFalse(event.toString().contains(left.id().text()), "no whole key");
        }
    }

    @Test
    void everyChangeOfTheSizeOfPacketsIsOnTheRecordWithItsCause() throws IOException {
        network.conditions().delayMillis(5, 5).mtu(1_472);
        TestPeer left = network.peer("left");
        TestPeer right = network.peer("right");
        Peer toRight = left.connect(right);
        assertTrue(network.runUntil(() -> right.peer(left).info().backConnected(), LIMIT)); // that is a path, too
        network.runFor(Duration.ofSeconds(1));
        List<RecordedEvent> events = record(() -> {
            fill(toRight, right, 1_472);
            network.conditions().mtu(1_300); // a tunnel on the way
            fill(toRight, right, 1_200);
            network.conditions().mtu(1_472);
            fill(toRight, right, 1_472);
            left.cutlass().networkChanged();
            fill(toRight, right, 1_452);
        });

        List<RecordedEvent> changes = about(right.id(), "MtuChange", events);
        assertEquals(1_200, changes.get(0).getInt("before"), "what every path carries");
        for (int i = 1; i < changes.size(); i++) {
            assertEquals(changes.get(i - 1).getInt("size"), changes.get(i).getInt("before"));
        }
        assertEquals(1, changesTo(1_200, "black_hole", changes));
        assertEquals(1, changesTo(1_200, "path", changes));
        assertEquals(2, changesTo(1_472, "search", changes));
        for (RecordedEvent change : changes) {
            assertEquals(
                    change.getInt("size") > change.getInt("before"),
                    change.getString("cause").equals("search"),
                    change::toString);
        }
        assertEquals(List.of(), about(left.id(), "MtuChange", events), "who sends little has no use for large packets");
    }

    private void fill(Peer peer, TestPeer receiver, int size) {
        byte[] content = new byte[50_000];
        assertTrue(
                network.runUntil(
                        () -> {
                            if (peer.info().queuedMessages() == 0) {
                                peer.send(Message.bytes("application/octet-stream", content));
                            }
                            return peer.info().connection().orElseThrow().packetSize() == size;
                        },
                        LIMIT),
                () -> peer.info().connection() + " for " + receiver.id());
    }

    private static long changesTo(int size, String cause, List<RecordedEvent> changes) {
        return changes.stream()
                .filter(event ->
                        event.getInt("size") == size && event.getString("cause").equals(cause))
                .count();
    }

    @Test
    void aDialThatNobodyAnswersIsOnTheRecord() throws IOException {
        TestPeer left = network.peer("left");
        TestPeer right = network.peer("right");
        PeerAddress gone = right.address();
        right.stop();
        List<RecordedEvent> events = record(() -> {
            var dial = left.cutlass().connect(gone);
            assertTrue(network.runUntil(dial::isCompletedExceptionally, LIMIT));
        });

        RecordedEvent failed = about(right.id(), "Handshake", events).get(0);
        assertFalse(failed.getBoolean("succeeded"));
        assertEquals("timed_out", failed.getString("reason"));
        assertTrue(failed.getDuration("took").toMillis() > 900);
    }
}
