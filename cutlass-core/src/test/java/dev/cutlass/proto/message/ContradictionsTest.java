package dev.cutlass.proto.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.event.Message;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.MessageFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fragments that overlap with other bytes and name other totals: docs/protocol.md section 5.1, against a model of what it says. */
class ContradictionsTest {
    private static final int MESSAGES = 12;
    private static final int STEPS = 1_500;
    private static final int OVERHEAD = 64;
    private static final long HOSTILE = 0;
    private static final long HONEST = 6;

    /** Begins every message: a content type of one letter, so that whatever follows is content. */
    private static final byte[] HEAD = {1, 'b'};

    /** One message as its receiver has to see it: the first total and, at each place, the first byte. */
    private static final class Expected {
        final byte[] body;
        final BitSet known = new BitSet();

        Expected(int total) {
            body = new byte[total];
        }

        void put(MessageFrame fragment) {
            final byte[] data = fragment.data().toArray();
            for (int i = 0; i < data.length && fragment.total() == body.length; i++) {
                if (!known.get(fragment.offset() + i)) {
                    known.set(fragment.offset() + i);
                    body[fragment.offset() + i] = data[i];
                }
            }
        }

        boolean isWhole() {
            return known.cardinality() == body.length;
        }

        int cost() {
            return body.length + OVERHEAD;
        }
    }

    private static byte[] bytes(SplittableRandom random, int from, int count) {
        final byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        for (int i = from; i < Math.min(HEAD.length, from + count); i++) {
            bytes[i - from] = HEAD[i];
        }
        return bytes;
    }

    private static MessageFrame fragment(SplittableRandom random, long number, int total, int from, int count) {
        return new MessageFrame(HOSTILE, number, number, total, from, Bytes.of(bytes(random, from, count)));
    }

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void theFirstTotalAndTheFirstBytesCountAndNoOtherMessageIsHurt(long seed) {
        Seeds.run(seed, ContradictionsTest::run);
    }

    private static void run(long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final Conversation conversation = new Conversation(ConversationLimits.DEFAULT);
        final Object session = new Object();
        conversation.sessionStarted(session, new Id128(1, 2));
        final Expected[] expected = new Expected[MESSAGES];
        final List<byte[]> honest = new ArrayList<>();
        final int[] next = new int[2]; // what is delivered next: hostile, honest
        int contradictions = 0;
        for (int step = 0; step < STEPS + MESSAGES; step++) {
            final int number = step < STEPS ? random.nextInt(MESSAGES) : step - STEPS;
            Expected model = expected[number];
            final boolean last = step >= STEPS;
            final int total = model == null || !last && random.nextInt(4) == 0
                    ? HEAD.length + random.nextInt(random.nextInt(20) == 0 ? 60_000 : 300)
                    : model.body.length;
            final int from = last ? 0 : random.nextInt(total);
            final int count = last ? total : 1 + random.nextInt(Math.min(total - from, 40));
            final MessageFrame fragment = fragment(random, number, total, from, count);
            contradictions += model != null && model.body.length != total ? 1 : 0;
            final int started = conversation.onMessage(session, fragment, step);
            if (model == null) {
                model = new Expected(total);
                expected[number] = model;
                assertEquals(model.cost(), started);
            } else {
                assertEquals(0, started, "counted once");
            }
            model.put(fragment);
            if (step % 10 == 0) {
                final byte[] body = MessageCodec.encode(Message.text("honest " + honest.size()));
                conversation.onMessage(
                        session, new MessageFrame(HONEST, honest.size(), 0, body.length, 0, Bytes.of(body)), step);
                honest.add(body);
            }
            deliver(conversation, expected, honest, next);
            assertEquals(held(expected, next[0]), conversation.heldBytes());
        }
        assertEquals(MESSAGES, next[0]);
        assertEquals(honest.size(), next[1]);
        assertEquals(0, conversation.heldBytes());
        assertTrue(contradictions > 100);
    }

    private static void deliver(Conversation conversation, Expected[] expected, List<byte[]> honest, int[] next) {
        for (Inbound inbound = conversation.peekDeliverable();
                inbound != null;
                inbound = conversation.peekDeliverable()) {
            final byte[] found = MessageCodec.encode(inbound.message());
            if (inbound.channel() == HONEST) {
                assertArrayEquals(honest.get(next[1]), found);
                next[1]++;
            } else {
                assertTrue(expected[next[0]].isWhole());
                assertArrayEquals(expected[next[0]].body, found);
                next[0]++;
            }
            assertTrue(conversation.accept(inbound));
        }
        assertTrue(next[0] == MESSAGES || expected[next[0]] == null || !expected[next[0]].isWhole(), "it is whole");
        assertEquals(honest.size(), next[1], "others do not wait");
    }

    private static long held(Expected[] expected, int delivered) {
        return Arrays.stream(expected, delivered, MESSAGES)
                .mapToLong(message -> message == null ? 0 : message.cost())
                .sum();
    }
}
