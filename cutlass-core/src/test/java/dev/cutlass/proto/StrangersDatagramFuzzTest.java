package dev.cutlass.proto;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/** Who has no keys gets nothing out of a connection, whatever he sends. Runs its empty input in the normal tests and fuzzes with JAZZER_FUZZ=1. */
@Tag("fuzz")
class StrangersDatagramFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void anyDatagram(byte[] datagram) {
        final Alone alone = new Alone(false);
        alone.hearBytes(datagram, Alone.PEER, 0);
        if (!alone.drain().isEmpty()) {
            throw new AssertionError(alone.outputs);
        }
    }
}
