package dev.cutlass.file;

import dev.cutlass.file.tree.TreeShape;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The end of a transfer: all is asked for, and a holder that is idle takes over what a slower one has not begun, if it is through with it in half the time. So the end does not wait for the slowest.
 */
final class TakeOver {
    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Less would be sent twice for nothing when two are about equal. */
    private static final int TIMES_FASTER = 2;

    private TakeOver() {}

    /**
     * What the idle holder should take: of those it is good for, what would take longest.
     *
     * @param isAskable whether it would be asked for the block that comes next, if nobody else were
     */
    static <H> @Nullable FetchRequest<H> choose(
            Collection<FetchRequest<H>> requests,
            HolderState<H> idle,
            LongPredicate isAskable,
            TreeShape shape,
            long now) {
        FetchRequest<H> slowest = null;
        double longest = 0;
        for (FetchRequest<H> request : requests) {
            if (isPossible(request, idle) && isAskable.test(request.next)) {
                final double expected = expected(request, now);
                if (expected > TIMES_FASTER * ownTime(idle, request, shape) && expected > longest) {
                    slowest = request;
                    longest = expected;
                }
            }
        }
        return slowest;
    }

    /** When the idle holder may take over a request at the latest, if nothing comes of it before. */
    static <H> long latest(FetchRequest<H> request, HolderState<H> idle, TreeShape shape, long now) {
        return isPossible(request, idle)
                ? Math.max(now, request.askedAt + (long) (TIMES_FASTER * ownTime(idle, request, shape)) + 1)
                : BlockScheduler.NO_DEADLINE;
    }

    private static <H> boolean isPossible(FetchRequest<H> request, HolderState<H> idle) {
        return idle.inFlight == 0
                && idle.pace.rate() > 0
                && !request.isTakenOver
                && !request.hashes
                && !request.started
                && request.holder != idle;
    }

    private static <H> double ownTime(HolderState<H> idle, FetchRequest<H> request, TreeShape shape) {
        return idle.pace.latency() + shape.bytes(request.next, request.end) / idle.pace.rate() * SECOND;
    }

    /** Until the holder of a request is through with all that was asked of it: at least as long as the request took already. */
    private static <H> double expected(FetchRequest<H> request, long now) {
        final double rate = request.holder.pace.rate();
        final double rest = rate == 0 ? 0 : request.holder.inFlight / rate * SECOND;
        return Math.max(rest, (double) (now - request.askedAt));
    }
}
