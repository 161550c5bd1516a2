package dev.cutlass.file;

import org.jspecify.annotations.Nullable;

/** A GET that is under way. One thread at a time. */
final class FetchRequest<H> {
    final long number;
    final HolderState<H> holder;
    final boolean hashes;
    final long askedAt;
    final long deliveredBefore;

    /** What else was under way from this holder. */
    final long inFlightBefore;

    /** The block that comes next, or the chapter. */
    long next;

    /** After the last one. */
    final long end;

    /** What came of the next block. */
    byte @Nullable [] data;

    int filled;
    boolean started;

    /** It was another one's: nobody takes it over again, least of all who had it. */
    boolean isTakenOver;

    FetchRequest(long number, HolderState<H> holder, boolean hashes, long first, long end, long now) {
        this.number = number;
        this.holder = holder;
        this.hashes = hashes;
        this.next = first;
        this.end = end;
        this.askedAt = now;
        this.deliveredBefore = holder.pace.delivered();
        this.inFlightBefore = holder.inFlight;
    }

    /** When it last gave a sign of life. */
    long lastSign() {
        return Math.max(askedAt, holder.lastByteAt);
    }
}
