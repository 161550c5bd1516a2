package dev.cutlass.proto.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.cutlass.fixtures.Seeds;
import dev.cutlass.wire.Id128;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ScatteredTest {
    private final Inbox inbox = new Inbox(Id128.ZERO, null);
    private final InboundChannel channel = new InboundChannel(inbox, 0, null);

    private Inbound message(long number) {
        final Inbound message = new Inbound(inbox);
        message.begin(channel, number, 1, 0);
        return message;
    }

    @Test
    void behavesLikeASortedMapWhateverComesInWhichOrder() {
        Seeds.forEach(seed -> {
            final SplittableRandom random = new SplittableRandom(seed);
            final Scattered scattered = new Scattered();
            final TreeMap<Long, Inbound> model = new TreeMap<>();
            final int way = random.nextInt(3); // mostly from below, mostly from above, anyhow
            for (int step = 0; step < 500; step++) {
                final long offset = way == 0 ? step : way == 1 ? -step : 0;
                final long number = 1_000 + offset + random.nextInt(way == 2 ? 300 : 5);
                if (random.nextInt(3) > 0 && !model.containsKey(number)) {
                    final Inbound added = message(number);
                    scattered.add(added);
                    model.put(number, added);
                }
                if (random.nextInt(3) == 0 && !model.isEmpty()) {
                    scattered.removeFirst();
                    model.pollFirstEntry();
                }
                if (random.nextInt(40) == 0) {
                    final int rest = random.nextInt(3);
                    scattered.removeIf(each -> each.number() % 3 == rest);
                    model.values().removeIf(each -> each.number() % 3 == rest);
                }
                if (random.nextInt(40) == 0) {
                    scattered.trim();
                }
                assertEquals(model.isEmpty(), scattered.isEmpty());
                assertSame(model.isEmpty() ? null : model.firstEntry().getValue(), scattered.first());
                assertSame(model.get(number), scattered.get(number));
            }
            final List<Inbound> left = new ArrayList<>();
            while (!scattered.isEmpty()) {
                left.add(scattered.first());
                scattered.removeFirst();
            }
            assertEquals(List.copyOf(model.values()), left);
        });
    }
}
