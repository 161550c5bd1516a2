package dev.cutlass.file;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who has a file, or had it. One thread at a time. */
final class Holders<H> {
    /** That are there at the same time. */
    static final int MAX_PRESENT = 8;

    /** That are remembered, with what they did wrong. */
    private static final int MAX_KNOWN = 64;

    private final Map<H, HolderState<H>> known = new LinkedHashMap<>();

    @Nullable
    HolderState<H> get(H id) {
        return known.get(id);
    }

    Collection<HolderState<H>> all() {
        return known.values();
    }

    /** It is there, from now on. False if it may not be asked, or there are too many. */
    boolean add(H id) {
        HolderState<H> holder = known.get(id);
        if (holder == null) {
            if (known.size() >= MAX_KNOWN && !forgetThoseWhoAreAway()) {
                return false;
            }
            holder = new HolderState<>(id);
            known.put(id, holder);
        }
        if (!holder.present && !holder.banned && present() < MAX_PRESENT) {
            holder.present = true;
            holder.paused = false;
            holder.restUntil = 0;
        }
        return holder.present && !holder.banned;
    }

    private boolean forgetThoseWhoAreAway() {
        return known.values().removeIf(holder -> !holder.present && !holder.banned && holder.kept == null);
    }

    private long present() {
        return known.values().stream().filter(holder -> holder.present).count();
    }

    boolean anybodyIsThere() {
        return known.values().stream().anyMatch(HolderState::isThere);
    }

    boolean isOtherUsable(HolderState<H> than, long now) {
        for (HolderState<H> other : known.values()) {
            if (other != than && other.isUsable(now)) {
                return true;
            }
        }
        return false;
    }

    /** Those who can be asked now. Whose pace is not known yet comes first, so that it becomes known. */
    List<HolderState<H>> fastestFirst(long now) {
        final List<HolderState<H>> usable = new ArrayList<>();
        for (HolderState<H> holder : known.values()) {
            if (holder.isUsable(now)) {
                usable.add(holder);
            }
        }
        if (usable.size() > 1) {
            usable.sort(Comparator.comparingDouble(
                    holder -> holder.pace.rate() == 0 ? Double.NEGATIVE_INFINITY : -holder.pace.rate()));
        }
        return usable;
    }

    /** Somebody is gone: who was passed over in favour of others is asked again soon. */
    void endRests(long until) {
        for (HolderState<H> holder : known.values()) {
            holder.restUntil = Math.min(holder.restUntil, until);
        }
    }
}
