package dev.cutlass.proto.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.cutlass.fixtures.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OpenMessagesTest {
    private static Outgoing message(long number) {
        return new Outgoing(0, number, number, new byte[1]);
    }

    @Test
    void behavesLikeASortedMapWhateverIsRemovedInWhichOrder() {
        Seeds.forEach(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            OpenMessages open = new OpenMessages();
            TreeMap<Long, Outgoing> model = new TreeMap<>();
            long next = random.nextLong(1L << 40);
            int keep = random.nextInt(1, 200);
            for (int step = 0; step < 2_000; step++) {
                if (model.size() < keep && random.nextInt(3) > 0) {
                    Outgoing added = message(next++);
                    open.add(added);
                    model.put(added.number(), added);
                } else if (!model.isEmpty()) {
                    List<Outgoing> all = new ArrayList<>(model.values());
                    Outgoing removed = random.nextInt(4) > 0 ? all.get(0) : all.get(random.nextInt(all.size()));
                    open.remove(removed);
                    open.remove(removed);
                    model.remove(removed.number());
                }
                if (random.nextInt(50) == 0) {
                    open.trim();
                }
                long asked = next - random.nextInt(300);
                assertEquals(model.get(asked), open.get(asked));
                assertEquals(model.isEmpty(), open.isEmpty());
                assertEquals(model.isEmpty() ? null : model.firstEntry().getValue(), open.first());
                final Map.Entry<Long, Outgoing> following = model.ceilingEntry(asked);
                assertEquals(following == null ? null : following.getValue(), open.from(asked));
                assertEquals(List.copyOf(model.values()), open.all());
            }
        });
    }

    @Test
    void oneThatStaysDoesNotKeepThoseThatWent() {
        OpenMessages open = new OpenMessages();
        Outgoing first = message(7);
        open.add(first);
        for (long number = 8; number < 100_000; number++) {
            Outgoing other = message(number);
            open.add(other);
            open.remove(other);
        }
        assertEquals(List.of(first), open.all());
        assertNull(open.get(99_999));
        assertEquals(0, open.capacity() / 64, "places: " + open.capacity());
    }
}
