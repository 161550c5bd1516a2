package dev.cutlass.cables.node;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** When which message is visited. No threads, no clock: times are nanoseconds of a clock that never jumps. One thread at a time. */
final class Schedule {
    /** As a time: nothing is due. */
    static final long NEVER = Long.MAX_VALUE;

    private static final class Entry implements Comparable<Entry> {
        private final Visit visit;
        private final long order;
        private long due;
        private long heardOf; // when somebody last spoke of it
        private boolean isRunning;
        private boolean isWoken;

        Entry(Visit visit, long order, long due, long now) {
            this.visit = visit;
            this.order = order;
            this.due = due;
            this.heardOf = now;
        }

        @Override
        public int compareTo(Entry other) {
            final int byTime = Long.compare(due, other.due);
            return byTime == 0 ? Long.compare(order, other.order) : byTime;
        }
    }

    private final Map<Visit, Entry> entries = new HashMap<>();
    private final TreeSet<Entry> waiting = new TreeSet<>(); // those that are not running
    private long orders;

    /** A message wants a visit now; one that is being visited wants another one after that. */
    void wake(Visit visit, long now) {
        final Entry entry = entries.get(visit);
        if (entry == null) {
            add(visit, now, now);
            return;
        }
        entry.heardOf = now;
        if (entry.isRunning) {
            entry.isWoken = true;
        } else if (entry.due > now) {
            move(entry, now);
        }
    }

    /** A message is there; it is visited then unless it is known. */
    void learn(Visit visit, long now, long due) {
        if (!entries.containsKey(visit)) {
            add(visit, now, due);
        }
    }

    private void add(Visit visit, long now, long due) {
        final Entry entry = new Entry(visit, orders++, due, now);
        entries.put(visit, entry);
        waiting.add(entry);
    }

    private void move(Entry entry, long due) {
        waiting.remove(entry);
        entry.due = due;
        waiting.add(entry);
    }

    /** Messages of a queue that were not among these when somebody looked are forgotten, unless they are being visited or were spoken of since. */
    void retain(boolean ours, Set<Visit> there, long looked) {
        entries.values().removeIf(entry -> {
            final boolean isGone = entry.visit.isOurs() == ours
                    && !entry.isRunning
                    && entry.heardOf < looked
                    && !there.contains(entry.visit);
            return isGone && waiting.remove(entry);
        });
    }

    /** The next message that is due, which counts as being visited from now on; {@code null} if none is. */
    @Nullable
    Visit take(long now) {
        if (waiting.isEmpty() || waiting.first().due > now) {
            return null;
        }
        final Entry entry = waiting.pollFirst();
        entry.isRunning = true;
        return entry.visit;
    }

    /** A visit ended. */
    void visited(Visit visit, long now, long nextDue) {
        final Entry entry = entries.get(visit);
        if (entry != null && entry.isRunning) {
            entry.isRunning = false;
            entry.due = entry.isWoken ? now : nextDue;
            entry.isWoken = false;
            waiting.add(entry);
        }
    }

    /** When {@link #take} has something; {@link #NEVER} if nothing waits. */
    long nextDue() {
        return waiting.isEmpty() ? NEVER : waiting.first().due;
    }

    int size() {
        return entries.size();
    }
}
