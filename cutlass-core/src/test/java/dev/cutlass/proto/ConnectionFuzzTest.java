package dev.cutlass.proto;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Tag;

/** A peer that has the keys may put anything into its packets: a connection acts or closes, and never throws. Runs its empty input in the normal tests and fuzzes with JAZZER_FUZZ=1. */
@Tag("fuzz")
class ConnectionFuzzTest {
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("198.51.100.9", 999);

    @FuzzTest(maxDuration = "60s")
    void authenticPackets(FuzzedDataProvider data) {
        final Alone alone = new Alone(data.consumeBoolean());
        if (data.consumeBoolean()) {
            alone.connection.admit(0);
        }
        long number = 0;
        do {
            final byte[] plain = data.consumeBytes(data.consumeInt(3, 400));
            final byte[] padded = java.util.Arrays.copyOf(plain, Math.max(3, plain.length));
            final byte[] packet = alone.peer.packet(100, 0, number++, 0, data.consumeInt(0, 200) == 0 ? 1 : 0, padded);
            alone.hearBytes(packet, data.consumeBoolean() ? Alone.PEER : ELSEWHERE, data.consumeInt(0, 1));
            alone.drain();
            alone.runTo(alone.now + data.consumeInt(0, 2_000) * Alone.MS);
        } while (data.remainingBytes() > 0);
        alone.runTo(alone.now + 600 * Alone.SECOND);
        if (Alone.count(alone.outputs, Output.Closed.class) != 1) {
            throw new AssertionError(alone.outputs);
        }
    }
}
