package dev.cutlass.wire;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;

/** Takes every input and answers with a value; what it takes, it writes so that it reads the same again. Runs its empty input in the normal tests and fuzzes with JAZZER_FUZZ=1. */
@Tag("fuzz")
class PacketHeaderFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void packetHeaders(FuzzedDataProvider data) {
        final long largest = data.consumeLong(-1, PacketHeader.NUMBER_LIMIT - 1);
        final byte[] packet = Arrays.copyOf(data.consumeRemainingAsBytes(), PacketHeader.MIN_PACKET_LENGTH);
        final PacketHeader header = PacketHeader.read(packet, 0);
        final byte[] again = packet.clone();
        header.writeTo(again, 0);
        final long number = header.restoreNumber(largest);
        if (!Arrays.equals(packet, again) || number < 0 || number >= PacketHeader.NUMBER_LIMIT) {
            throw new AssertionError(header + " -> " + number);
        }
    }
}
