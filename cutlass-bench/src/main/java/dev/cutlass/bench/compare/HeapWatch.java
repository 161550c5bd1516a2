package dev.cutlass.bench.compare;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/** The most that is on the heap of this process: right after a collection, which is what is in use and what died too late for it; and at any time, which is mostly garbage. Any thread. */
final class HeapWatch {
    private final List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    private final AtomicLong afterCollection = new AtomicLong();

    HeapWatch() {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) collector)
                    .addNotificationListener(
                            (event, any) -> onCollected((CompositeData) event.getUserData()), null, null);
        }
    }

    private void onCollected(CompositeData data) {
        final long used =
                GarbageCollectionNotificationInfo.from(data).getGcInfo().getMemoryUsageAfterGc().entrySet().stream()
                        .filter(pool ->
                                pools.stream().anyMatch(heap -> heap.getName().equals(pool.getKey())))
                        .map(Map.Entry::getValue)
                        .mapToLong(usage -> usage.getUsed())
                        .sum();
        afterCollection.accumulateAndGet(used, Math::max);
    }

    void reset() {
        System.gc();
        afterCollection.set(0);
        pools.forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    /** Bytes; 0 if there was no collection. */
    long afterCollection() {
        return afterCollection.get();
    }

    /** Bytes: the sum of what each part of the heap had at most. */
    long peak() {
        return pools.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
    }
}
