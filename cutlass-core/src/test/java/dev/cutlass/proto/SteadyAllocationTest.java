package dev.cutlass.proto;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;

import dev.cutlass.crypto.provider.Aeads;
import dev.cutlass.event.Message;
import dev.cutlass.event.MessageId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.MockedStatic;
import org.mockito.Mockito;

/**
 * Connections that have talked for a while allocate nothing for a packet but what the application is handed: the message with its id and its bytes. Counted, not timed: bytes that the thread
 * allocates inside the calls, in virtual time, with a stand-in for the cipher that allocates nothing. It does not rely on escape analysis: what is not compiled yet, or never, counts in full,
 * and the numbers are the same in an interpreter ({@code -Xint}); a compiler could only lower them.
 */
class SteadyAllocationTest {
    private static final int WARM_UP_PACKETS = 2_000;
    private static final int PACKETS = 4_000;

    /** For classes that load late, and rings that grow once more: some kilobytes in all. The smallest object would be 16 for each packet. */
    private static final double TOLERATED_PER_PACKET = 2;

    /** One turn of a receiver takes all that came, as in a fast transfer ... */
    private static final int ALL = Integer.MAX_VALUE;

    /** ... or answers as often as RFC 9000 section 13.2.2 wants. */
    private static final int EACH_SECOND = 2;

    private final CipherOfTests cipher = new CipherOfTests();
    private MockedStatic<Aeads> aeads;
    private SteadyTalk talk;

    /** Keeps it from being optimised away. */
    private final List<Object> handed = new ArrayList<>();

    @BeforeEach
    void begin() {
        aeads = Mockito.mockStatic(Aeads.class);
        aeads.when(() -> Aeads.of(any())).thenReturn(cipher);
        talk = new SteadyTalk();
    }

    @AfterEach
    void end() {
        aeads.close();
    }

    /** What the application is handed with a message: its bytes, its id, and itself. */
    private long handedPerMessage(int size) {
        final int length = SteadyTalk.encoded(size).length;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) { // the first time classes load
            handed.clear();
            final long before = SteadyTalk.allocatedBytes();
            final byte[] content = new byte[length];
            final MessageId id = new MessageId(1, 2, 3, 4);
            final Message message = Message.received(SteadyTalk.TYPE, content, length - size, size, id);
            least = Math.min(least, SteadyTalk.allocatedBytes() - before);
            handed.add(message);
        }
        return least;
    }

    private void assertAllocatesNothing(String who, SteadyTalk.End end, int size) {
        final long ours = end.allocated - end.messages * handedPerMessage(size);
        final double perPacket = (double) ours / end.packets();
        assertTrue(
                perPacket <= TOLERATED_PER_PACKET && ours >= 0,
                () -> who + ", messages of " + size + ": " + ours + " bytes for " + end.packetsSent
                        + " packets sent and " + end.packetsReceived + " received");
    }

    private void measured(Runnable traffic) {
        talk.left.forget();
        talk.right.forget();
        final long before = cipher.sealed;
        traffic.run();
        assertTrue(cipher.sealed - before >= PACKETS, "the stand-in was used");
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 1_200, 60_000})
    void aSenderAndAReceiverOfMessagesAllocateNothingOfTheirOwn(int size) {
        talk.talk(talk.left, talk.right, size, WARM_UP_PACKETS, ALL);
        measured(() -> talk.talk(talk.left, talk.right, size, PACKETS, ALL));
        assertAllocatesNothing("sender", talk.left, size);
        assertAllocatesNothing("receiver", talk.right, size);
        assertTrue(talk.right.messages > 0 && talk.right.taken.length() == size);
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 1_200, 60_000})
    void thoseWhoTalkBothWaysAllocateNothingOfTheirOwn(int size) {
        talk.talkBothWays(size, WARM_UP_PACKETS, ALL);
        measured(() -> talk.talkBothWays(size, PACKETS, ALL));
        assertAllocatesNothing("left", talk.left, size);
        assertAllocatesNothing("right", talk.right, size);
        assertTrue(talk.left.messages > 0 && talk.right.messages > 0);
    }

    /** As most connections of an engine do: over a socket of their own, with the path before to fall back to. */
    @ParameterizedTest
    @ValueSource(ints = {64, 60_000})
    void aPathToFallBackToCostsNothing(int size) {
        talk.useSecondSocket();
        talk.talk(talk.left, talk.right, size, WARM_UP_PACKETS, EACH_SECOND);
        measured(() -> talk.talk(talk.left, talk.right, size, PACKETS, EACH_SECOND));
        assertAllocatesNothing("sender", talk.left, size);
        assertAllocatesNothing("receiver", talk.right, size);
    }

    /** Packets with an ACK and nothing else, nearly half of all. */
    @ParameterizedTest
    @ValueSource(ints = {64, 1_200, 60_000})
    void packetsWithNothingButAnAckCostNothing(int size) {
        talk.talk(talk.left, talk.right, size, WARM_UP_PACKETS, EACH_SECOND);
        measured(() -> talk.talk(talk.left, talk.right, size, PACKETS, EACH_SECOND));
        assertTrue(talk.right.packetsSent > talk.right.packetsReceived / 3, () -> talk.right.packetsSent + " ACKs");
        assertAllocatesNothing("sender", talk.left, size);
        assertAllocatesNothing("receiver", talk.right, size);
    }
}
