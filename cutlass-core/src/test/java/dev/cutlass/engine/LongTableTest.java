package dev.cutlass.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LongTableTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void behavesAsAMap(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LongTable<String> table = new LongTable<>();
        Map<Long, String> model = new HashMap<>();
        List<Long> keys = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            keys.add(i % 2 == 0 ? random.nextLong() : random.nextInt(8)); // some collide in their low bits
        }
        for (int step = 0; step < 50_000; step++) {
            long key = keys.get(random.nextInt(keys.size()));
            if (random.nextInt(3) > 0) {
                table.put(key, "v" + step);
                model.put(key, "v" + step);
            } else {
                table.remove(key);
                model.remove(key);
            }
            long looked = keys.get(random.nextInt(keys.size()));
            assertEquals(model.get(looked), table.get(looked), "seed " + seed);
            assertEquals(model.size(), table.size());
        }
    }

    @Test
    void zeroIsAKeyLikeAnyOther() {
        LongTable<String> table = new LongTable<>();
        assertNull(table.get(0));
        table.put(0, "zero");
        assertEquals("zero", table.get(0));
    }

    @Test
    void itsSizeFollowsWhatIsInIt() {
        LongTable<String> table = new LongTable<>();
        SplittableRandom random = new SplittableRandom(5);
        for (int size = 1; size <= 5_000; size++) {
            table.put(random.nextLong(), "v");
            assertTrue(3 * table.capacity() >= 4 * size, "a quarter of it is free");
            assertTrue(table.capacity() <= Math.max(16, 2 * size), "no more than half of it: " + size);
        }
    }

    /** A reader beside the writer sees a value that belongs to the key, or none, and always one that is not being changed. */
    @Test
    void aReaderNeverSeesTheValueOfAnotherKey() {
        LongTable<Long> table = new LongTable<>();
        table.put(-1, -1L);
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(() -> {
            int wrong = 0;
            SplittableRandom random = new SplittableRandom(1);
            while (!done.get()) {
                long key = random.nextInt(200);
                Long value = table.get(key);
                Long constant = table.get(-1);
                wrong += value != null && value != key ? 1 : 0;
                wrong += constant == null || constant != -1 ? 1 : 0;
            }
            return wrong;
        });
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 300_000; i++) {
            long key = random.nextInt(200);
            if (random.nextBoolean()) {
                table.put(key, key);
            } else {
                table.remove(key);
            }
        }
        done.set(true);

        assertEquals(0, reader.join());
    }
}
