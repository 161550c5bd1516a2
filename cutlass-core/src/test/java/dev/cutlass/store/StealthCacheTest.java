package dev.cutlass.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cutlass.proto.handshake.StealthReplayGuard;
import dev.cutlass.proto.handshake.StealthReplayGuard.Flight;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StealthCacheTest {
    private static final long WINDOW = 1_000;
    private static final long START = 1_000_000;
    private static final int CAPACITY = 50;

    @TempDir
    private Path home;

    @Test
    void theBytesAreAsDocumented() throws IOException {
        try (StealthCache cache = open(START)) {
            assertTrue(admit(cache, START + 1, 1, START));
            String hex = HexFormat.of().formatHex(Files.readAllBytes(file()));
            assertEquals(
                    "4355544c41535352" + "01" + "00" + "00000000000f4240" + "00000000000f4240", hex.substring(0, 52));
            assertEquals("00000000000f4241" + "0000000000000001" + "fffffffffffffffe", hex.substring(60, 108));
            assertEquals(2 * (30 + 28), hex.length());
        }
    }

    @Test
    void afterAStopInOrderEarlierStampsCountAndKnownFlightsDoNot() throws IOException {
        StealthCache cache = open(START);
        assertTrue(admit(cache, START + 100, 1, START + 50));
        cache.close(START + 200);
        try (StealthCache next = open(START + 300)) {
            assertFalse(admit(next, START + 100, 1, START + 300));
            assertTrue(admit(next, START + 101, 2, START + 300));
            assertFalse(admit(next, START, 3, START + 300), "the floor of the first start");
        }
    }

    @Test
    void afterACrashOnlyLaterStampsCount() throws IOException {
        StealthCache cache = open(START);
        assertTrue(admit(cache, START + 500, 1, START + 50));
        cache.close();
        try (StealthCache next = open(START + 300)) {
            assertFalse(admit(next, START + 300, 2, START + 300));
            assertTrue(admit(next, START + 301, 3, START + 300));
            assertFalse(admit(next, START + 500, 1, START + 300));
        }
    }

    @Test
    void withAClockBehindTheFileOnlyLaterStampsCount() throws IOException {
        StealthCache cache = open(START);
        assertTrue(admit(cache, START + 500, 1, START + 50));
        cache.close(START + 400);
        try (StealthCache next = open(START + 399)) {
            assertFalse(admit(next, START + 399, 2, START + 399));
            assertTrue(admit(next, START + 400, 3, START + 399));
            assertFalse(admit(next, START + 500, 1, START + 399));
        }
    }

    @Test
    void anEngineThatRunsShowsInTheFileBeforeItsFirstFlight() throws IOException {
        open(START).close(START + 1);
        assertEquals(1, Files.readAllBytes(file())[9]);
        try (StealthCache running = open(START + 2)) {
            assertEquals(0, Files.readAllBytes(file())[9]);
            assertEquals(0, running.guard().size());
        }
        assertEquals(0, Files.readAllBytes(file())[9], "a crash leaves it so");
    }

    @Test
    void aSecondEngineIsKeptOut() throws IOException {
        try (StealthCache first = open(START)) {
            String message = assertThrows(IOException.class, () -> open(START)).getMessage();
            assertTrue(message.contains("another engine"), message);
            assertTrue(admit(first, START + 1, 1, START));
        }
        open(START).close(START);
    }

    @Test
    void aTornEndIsWhatWasNeverAnswered() throws IOException {
        StealthCache cache = open(START);
        assertTrue(admit(cache, START + 500, 1, START));
        assertTrue(admit(cache, START + 501, 2, START));
        cache.close();
        byte[] bytes = Files.readAllBytes(file());
        for (int length = 30; length < bytes.length; length++) {
            Files.write(file(), Arrays.copyOf(bytes, length));
            try (StealthCache next = open(START + 10)) {
                assertEquals(length >= 58, next.guard().isKnown(id(1)), "length " + length);
                assertEquals(START + 10, next.guard().floor(), "length " + length);
            }
        }
    }

    /** A change of the file may cost ten quiet minutes and a flight; it never lets one in twice. */
    @Test
    void noFlippedBitAndNoShortenedHeaderLetsAFlightInTwice() throws IOException {
        StealthCache cache = open(START);
        assertTrue(admit(cache, START + 100, 1, START));
        assertTrue(admit(cache, START + 101, 2, START));
        assertTrue(admit(cache, START + 102, 3, START));
        cache.close(START + 200);
        byte[] bytes = Files.readAllBytes(file());
        List<byte[]> changes = new ArrayList<>();
        for (int bit = 0; bit < bytes.length * Byte.SIZE; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            changes.add(flipped);
        }
        for (int length = 0; length < bytes.length; length++) {
            if (length != 30 && (length - 30) % 28 != 0) {
                changes.add(Arrays.copyOf(bytes, length));
            }
        }
        for (byte[] changed : changes) {
            StealthReplayGuard next = StealthCache.restore(changed, WINDOW, CAPACITY, START + 300, new ArrayList<>());
            for (int i = 1; i <= 3; i++) {
                assertFalse(
                        next.admit(START + 99 + i, id(i), START + 300),
                        HexFormat.of().formatHex(changed));
            }
        }
    }

    @Test
    void aDamagedFileCostsOneQuietWindow() throws IOException {
        Files.write(file(), new byte[100]);
        try (StealthCache cache = open(START)) {
            assertEquals(START + WINDOW, cache.guard().floor());
            assertFalse(admit(cache, START + WINDOW, 1, START + 10));
            assertTrue(admit(cache, START + WINDOW + 1, 2, START + WINDOW + 1));
        }
    }

    @Test
    void theFileStaysSmall() throws IOException {
        try (StealthCache cache = open(START)) {
            long now = START;
            int largest = 0;
            for (int i = 1; i <= 6_000; i += 100) {
                List<Flight> batch = new ArrayList<>();
                for (int j = i; j < i + 100; j++) {
                    now += 3;
                    assertTrue(cache.guard().admit(now, id(j), now));
                    batch.add(new Flight(now, id(j)));
                }
                cache.append(batch, now);
                largest = Math.max(largest, cache.records());
            }
            assertTrue(largest > CAPACITY, "it was written anew at least once");
            assertTrue(largest <= 2 * CAPACITY + 1_024, largest + " records");
            assertEquals(30 + 28L * cache.records(), Files.size(file()));
            for (int i = 5_900; i <= 6_000; i++) {
                assertFalse(admit(cache, START + 3L * i, i, now));
            }
        }
    }

    @Test
    void afterAFailedWriteNothingIsAdmittedUntilTheFileIsWhole() throws IOException {
        StealthCache cache = open(START);
        long now = START;
        int i = 0;
        List<Flight> full = new ArrayList<>();
        while (full.size() < 2 * CAPACITY + 1_024) {
            i++;
            now += 3;
            full.add(new Flight(now, id(i)));
        }
        cache.append(full, now);
        Path obstacle =
                Files.createDirectories(home.resolve("stealth_cache.new").resolve("in the way"));
        Flight flight = new Flight(now + 1, id(-1));
        long clock = now;
        assertThrows(IOException.class, () -> cache.append(List.of(flight), clock));
        assertThrows(IOException.class, () -> cache.append(List.of(flight), clock));
        Files.delete(obstacle);
        cache.append(List.of(new Flight(now + 2, id(-2))), now);
        cache.close(now + 3);
        assertEquals(0, Files.readAllBytes(file())[9], "it does not count as a stop in order");
        try (StealthCache next = open(now + 4)) {
            assertFalse(admit(next, now + 2, -2, now + 4));
            assertTrue(admit(next, now + 5, -3, now + 4));
        }
    }

    @Test
    void aClosedCacheTakesNothing() throws IOException {
        StealthCache cache = open(START);
        cache.close(START + 1);
        cache.close();
        cache.close(START + 1);
        assertThrows(IOException.class, () -> cache.append(List.of(new Flight(START + 1, id(1))), START));
        assertEquals(1, Files.readAllBytes(file())[9]);
    }

    /** Runs that end in order or crash, clocks that step, copies of the file at the moment of the crash: against a set that forgets nothing. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void noFlightIsAdmittedTwiceOverRestarts(long seed) throws IOException {
        Random random = new Random(seed);
        long now = START;
        Set<Id128> admitted = new HashSet<>();
        List<Flight> recorded = new ArrayList<>();
        for (int run = 0; run < 10; run++) {
            StealthCache cache = open(now);
            for (int i = 0; i < 25; i++) {
                now += random.nextInt(60);
                Flight flight = !recorded.isEmpty() && random.nextInt(3) == 0
                        ? recorded.get(Math.max(0, recorded.size() - 1 - random.nextInt(60)))
                        : new Flight(now + random.nextInt(2_400) - 1_200, id(recorded.size()));
                recorded.add(flight);
                if (cache.guard().admit(flight.stamp(), flight.id(), now)) {
                    cache.append(List.of(flight), now);
                    assertTrue(admitted.add(flight.id()), "admitted twice, seed " + seed + ", run " + run);
                }
            }
            if (random.nextBoolean()) {
                cache.close(now);
            } else {
                Path copy = Files.copy(file(), home.resolve("copy"), StandardCopyOption.REPLACE_EXISTING);
                cache.close();
                Files.move(copy, file(), StandardCopyOption.REPLACE_EXISTING);
            }
            now += random.nextInt(4_000) - 1_000;
        }
        assertTrue(admitted.size() > 50, "the test admits something: " + admitted.size());
    }

    @FuzzTest(maxDuration = "60s")
    void anyBytesAreAFileOrDamage(byte[] bytes) {
        List<Flight> flights = new ArrayList<>();
        if (StealthCacheFormat.decode(bytes, flights) == null) {
            assertNull(StealthCacheFormat.decode(bytes, new ArrayList<>()));
        }
        assertTrue(flights.size() <= bytes.length / 28);
    }

    private StealthCache open(long wallMillis) throws IOException {
        return StealthCache.open(home, WINDOW, CAPACITY, wallMillis);
    }

    /** As the engine does it: memory first, then the disk, then the answer. */
    private static boolean admit(StealthCache cache, long stamp, int id, long wallMillis) throws IOException {
        StealthReplayGuard guard = cache.guard();
        boolean admitted = guard.admit(stamp, id(id), wallMillis);
        if (admitted) {
            cache.append(List.of(new Flight(stamp, id(id))), wallMillis);
        }
        return admitted;
    }

    private Path file() {
        return home.resolve(StealthCache.FILE);
    }

    private static Id128 id(int number) {
        return new Id128(number, ~number);
    }
}
