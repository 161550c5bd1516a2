package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.Peer;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A qlog of a whole connection: docs/observe.md. */
final class PeerQlogTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final TestNetwork network = TestNetwork.simulated(12);

    @AfterEach
    void stopAll() {
        network.close();
    }

    private static long count(List<String> records, String event) {
        return records.stream()
                .filter(record -> record.contains("\"name\":\"" + event + "\""))
                .count();
    }

    @Test
    void allThatAConnectionDoesIsWrittenAndNothingThatIsSaid() throws IOException {
        network.conditions().delayMillis(20, 40).loss(0.05).mtu(1_500);
        TestPeer left = network.peer("left");
        TestPeer right = network.peer("right");
        Peer toRight = left.connect(right);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Closeable qlog = toRight.qlog(out)) {
            assertThrows(IllegalStateException.class, () -> toRight.qlog(out), "one at a time: " + qlog);
            for (int i = 0; i < 40; i++) {
                toRight.send("secret".repeat(2_000));
                network.runFor(Duration.ofSeconds(6));
            }
            assertTrue(network.runUntil(() -> right.texts(left).size() == 40, LIMIT));
            toRight.disconnect();
            network.runFor(Duration.ofSeconds(5));
        }
        String text = out.toString(StandardCharsets.UTF_8);
        List<String> records = Arrays.asList(text.split("\n"));

        assertTrue(records.stream().allMatch(record -> record.startsWith("\u001e{") && record.endsWith("}")));
        assertTrue(records.get(0).contains("\"qlog_format\":\"JSON-SEQ\""));
        assertTrue(records.get(0).contains("\"type\":\"client\""));
        assertTrue(count(records, "transport:packet_sent") > 300);
        assertTrue(count(records, "transport:packet_received") > 40);
        assertTrue(count(records, "recovery:packet_lost") > 10);
        assertTrue(count(records, "recovery:metrics_updated") > 40);
        assertTrue(count(records, "security:key_updated") >= 1);
        assertTrue(text.contains("\"old\":\"handshake_confirmed\",\"new\":\"closing\""));
        assertTrue(text.contains("\"frame_type\":\"ack\""));
        assertTrue(text.contains("\"frame_type\":\"new_connection_id\""));
        assertFalse(text.contains("secretsecret"));
        assertFalse(text.contains(right.id().text().substring("cutlass:".length())));
        assertEquals(0, count(records, "loglevel:warning"));
    }

    @Test
    void withoutAConnectionThereIsNothingToWrite() {
        TestPeer left = network.peer("left");
        TestPeer right = network.peer("right");
        Peer toRight = left.connect(right);
        toRight.disconnect();
        network.runFor(Duration.ofSeconds(5));
        assertThrows(IllegalStateException.class, () -> toRight.qlog(new ByteArrayOutputStream()));
    }
}
