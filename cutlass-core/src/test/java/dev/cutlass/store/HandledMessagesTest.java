package dev.cutlass.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HandledMessagesTest {
    private static final PeerId ANN = Peers.peer(1);
    private static final PeerId BEN = Peers.peer(2);
    private static final Id128 RUN = new Id128(1, 2);

    private final Identity identity = Peers.identity(99);

    @TempDir
    private Path home;

    @AfterEach
    void close() {
        identity.close();
    }

    private HandledMessages open(boolean sealed) throws IOException {
        return HandledMessages.open(home, identity, sealed);
    }

    private static void add(HandledMessages handled, PeerId peer, Id128 run, long... numbers) {
        for (long number : numbers) {
            handled.add(peer, run, number);
        }
    }

    @Test
    void theFormIsAsDocumentedAndIsReadAgain() throws IOException {
        HandledMessages handled = open(false);
        assertFalse(handled.isUnsaved());
        add(handled, ANN, RUN, 0, 1, 2, 7, 4, 5);
        add(handled, BEN, new Id128(-1, 255), 9);
        assertTrue(handled.isUnsaved());
        handled.save();
        assertFalse(handled.isUnsaved());
        assertEquals(
                List.of(
                        ANN.text() + "  00000000000000010000000000000002  0-2,4-5,7",
                        BEN.text() + "  ffffffffffffffff00000000000000ff  9"),
                Files.readAllLines(home.resolve("handled_messages")));
        HandledMessages again = open(false);
        assertFalse(again.isUnsaved());
        assertArrayEquals(new long[] {0, 2, 4, 5, 7, 7}, again.of(ANN, RUN));
        assertArrayEquals(new long[] {9, 9}, again.of(BEN, new Id128(-1, 255)));
        assertArrayEquals(new long[0], again.of(BEN, RUN));
        again.forget(ANN);
        assertTrue(again.isUnsaved());
        assertArrayEquals(new long[0], again.of(ANN, RUN));
    }

    @Test
    void whatIsSealedIsNotReadable() throws IOException {
        HandledMessages handled = open(true);
        add(handled, ANN, RUN, 3);
        handled.save();
        assertFalse(Files.exists(home.resolve("handled_messages")));
        assertFalse(Files.readString(home.resolve("handled_messages.sealed"), StandardCharsets.ISO_8859_1)
                .contains("cutlass:"));
        assertArrayEquals(new long[] {3, 3}, open(true).of(ANN, RUN));
    }

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void rangesAreASetOfNumbers(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        HandledMessages handled = HandledMessages.inMemory();
        TreeSet<Long> slow = new TreeSet<>();
        for (int i = 0; i < 60; i++) {
            long number = random.nextInt(100);
            handled.add(ANN, RUN, number);
            slow.add(number);
            TreeSet<Long> fast = new TreeSet<>();
            long[] bounds = handled.of(ANN, RUN);
            for (int k = 0; k < bounds.length; k += 2) {
                assertTrue(k == 0 || bounds[k] > bounds[k - 1] + 1, "apart");
                for (long inside = bounds[k]; inside <= bounds[k + 1]; inside++) {
                    fast.add(inside);
                }
            }
            assertEquals(slow, fast);
        }
    }

    @Test
    void itIsBounded() throws IOException {
        HandledMessages handled = open(false);
        for (long i = 0; i < 3 * HandledMessages.MAX_RANGES; i++) {
            handled.add(ANN, RUN, 2 * i);
        }
        long[] bounds = handled.of(ANN, RUN);
        assertEquals(2 * HandledMessages.MAX_RANGES, bounds.length);
        assertEquals(0, bounds[0]);
        assertEquals(2 * (3 * HandledMessages.MAX_RANGES - 1), bounds[bounds.length - 1]);
        for (long run = 0; run < HandledMessages.MAX_RUNS_OF_PEER; run++) {
            handled.add(ANN, new Id128(9, run), run);
        }
        assertEquals(0, handled.of(ANN, RUN).length, "the eldest run goes");
        assertEquals(2, handled.of(ANN, new Id128(9, 0)).length);
        handled.save();
        handled.add(BEN, RUN, 1);
        assertEquals(2, handled.of(ANN, new Id128(9, 0)).length);
        assertEquals(
                HandledMessages.MAX_RUNS_OF_PEER,
                Files.readAllLines(home.resolve("handled_messages")).size());
    }

    @FuzzTest(maxDuration = "30s")
    void anyTextIsRead(byte[] text) {
        HandledMessages handled = HandledMessages.inMemory();
        handled.parse(text);
        handled.add(ANN, RUN, 5);
        assertTrue(handled.of(ANN, RUN).length >= 2);
    }

    @Test
    void linesThatAreNotUnderstoodAreDropped() {
        HandledMessages handled = HandledMessages.inMemory();
        String line = ANN.text() + "  00000000000000010000000000000002  ";
        for (String ranges : List.of("5-4", "x", "1,2", "3,1", "-1", "1-", "9223372036854775807", "", "1 2")) {
            handled.parse((line + ranges).getBytes(StandardCharsets.UTF_8));
            assertEquals(0, handled.of(ANN, RUN).length, ranges);
        }
        handled.parse((line + "1,3-4").getBytes(StandardCharsets.UTF_8));
        assertArrayEquals(new long[] {1, 1, 3, 4}, handled.of(ANN, RUN));
    }
}
