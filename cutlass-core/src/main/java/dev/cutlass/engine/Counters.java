package dev.cutlass.engine;

import dev.cutlass.event.DropReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** How often something was dropped, by reason. Any thread. */
final class Counters {
    private final Map<DropReason, LongAdder> counts = new EnumMap<>(DropReason.class);

    Counters() {
        for (DropReason reason : DropReason.values()) {
            counts.put(reason, new LongAdder());
        }
    }

    void add(DropReason reason) {
        add(reason, 1);
    }

    void add(DropReason reason, long number) {
        Objects.requireNonNull(counts.get(reason)).add(number);
    }

    Map<DropReason, Long> snapshot() {
        final Map<DropReason, Long> copy = new EnumMap<>(DropReason.class);
        counts.forEach((reason, count) -> copy.put(reason, count.sum()));
        return copy;
    }
}
