package dev.cutlass.proto.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.fixtures.Seeds;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.ReceiptFrame;
import dev.cutlass.wire.Varint;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two conversations under everything that a network and its machines do, against the model in {@link TwoEnds}. */
class ConversationSeedsTest {
    private static final int STEPS = 3_000;

    private static TwoEnds run(long seed, double loss, boolean mayAbandon, boolean mayRestart) {
        final TwoEnds ends = new TwoEnds(seed, loss, mayAbandon, mayRestart);
        for (int i = 0; i < STEPS; i++) {
            ends.step();
        }
        ends.drain();
        assertTrue(ends.delivered > 0);
        return ends;
    }

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void overAnyConnectionEveryMessageArrivesOnceAndInOrder(long seed) {
        Seeds.run(seed, s -> assertEquals(0, run(s, (s % 7) / 10.0, false, false).repeated));
    }

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void connectionsAndEnginesMayEndAtAnyTime(long seed) {
        Seeds.run(seed, s -> run(s, (s % 7) / 10.0, false, true));
    }

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void messagesMayBeGivenUpAtAnyTime(long seed) {
        Seeds.run(seed, s -> run(s, (s % 7) / 10.0, true, s % 2 == 0));
    }

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void aPeerThatBreaksEveryRuleFillsNoMemoryAndThrowsNothing(long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final long most = 2L * ConversationLimits.MAX_COST;
        final Conversation conversation = new Conversation(new ConversationLimits(20, 1 << 20, most));
        final Object[] sessions = {new Object(), new Object()};
        conversation.sessionStarted(sessions[0], new Id128(0, 0));
        conversation.sessionStarted(sessions[1], new Id128(0, random.nextInt(2)));
        for (long now = 0; now < 2_000; now++) {
            final Object session = sessions[random.nextInt(2)];
            final long number = random.nextInt(3) == 0 ? random.nextLong(Varint.MAX) : random.nextInt(30);
            final int total = 1 + random.nextInt(random.nextBoolean() ? 20 : MessageFrame.MAX_TOTAL);
            final int size = 1 + random.nextInt(Math.min(total, 1_100));
            final MessageFrame fragment = new MessageFrame(
                    random.nextInt(300),
                    number,
                    random.nextLong(number + 1),
                    total,
                    random.nextInt(total - size + 1),
                    Bytes.of(new byte[size]));
            switch (random.nextInt(8)) {
                case 0 -> conversation.offer(random.nextInt(3), new byte[1 + random.nextInt(2_000)]);
                case 1 ->
                    conversation.nextFragment(
                            session, random.nextInt(100_000), random.nextInt(1_200), MessageFrame.reusable());
                case 2 ->
                    conversation.onReceipt(
                            session,
                            new ReceiptFrame(
                                    random.nextInt(3), number, 1 + (Varint.MAX - number) / 2, random.nextInt(5)));
                case 3 -> conversation.onFragmentAcked(session, fragment.channel(), fragment.number(), fragment.back());
                case 4 ->
                    conversation.onFragmentLost(
                            session,
                            fragment.channel(),
                            fragment.number(),
                            fragment.offset(),
                            fragment.data().length());
                case 5 -> answer(conversation, random.nextBoolean());
                default -> {
                    final boolean violates = conversation.onMessage(session, fragment, now) == Conversation.VIOLATION;
                    assertEquals(conversation.heldBytes() > most, violates);
                    if (violates) {
                        return;
                    }
                }
            }
        }
        conversation.sessionEnded(sessions[0]);
        conversation.sessionEnded(sessions[1]);
    }

    private static void answer(Conversation conversation, boolean accept) {
        final Inbound inbound = conversation.peekDeliverable();
        if (inbound != null) {
            assertTrue(accept ? conversation.accept(inbound) : conversation.refuse(inbound, ReceiptFrame.INVALID));
        }
    }
}
