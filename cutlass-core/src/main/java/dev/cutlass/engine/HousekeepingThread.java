package dev.cutlass.engine;

import dev.cutlass.event.DropReason;

/**
 * Thread "cutlass-housekeeping". Sole owner of all handshakes, sole writer of the connection table, sole driver of the timer wheel; takes apart what is over.
 */
final class HousekeepingThread implements Runnable {
    /** Handshake parts looked at in a turn: an asymmetric step takes a fraction of a millisecond, and deadlines wait meanwhile. */
    private static final int BATCH = 64;

    private final Handle handle;

    HousekeepingThread(Handle handle) {
        this.handle = handle;
    }

    @Override
    public void run() {
        try {
            while (!handle.isOver()) {
                handle.awaitWork(); // the only place where this thread blocks
                turn(handle.now());
            }
        } catch (Throwable t) { // the edge of a thread is the one place that catches all
            handle.ending().fail(t);
        } finally {
            handle.ending().release();
        }
    }

    /** Does what is asked and what is due. */
    void turn(long now) {
        runRequests(now);
        takeArrivals(now);
        handle.work().fireTimers(now);
        attend(now);
        handle.ending().endIfDone(now);
    }

    private void runRequests(long now) {
        final HousekeepingWork work = handle.work();
        for (HousekeepingWork.Request request = work.pollRequest(); request != null; request = work.pollRequest()) {
            request.run(now);
        }
    }

    private void takeArrivals(long now) {
        for (int i = 0; i < BATCH; i++) {
            final Arrival arrival = handle.work().pollArrival();
            if (arrival == null) {
                return;
            }
            if (handle.isClosing()) {
                handle.count(DropReason.CLOSING); // who dials again finds the next run, if there is one
            } else {
                handle.handshakes().onArrival(arrival, now);
            }
        }
        handle.work().wake(); // more may wait: at once again, after the deadlines
    }

    private void attend(long now) {
        final HousekeepingWork work = handle.work();
        for (ConnectionEntry entry = work.popAttention(); entry != null; entry = work.popAttention()) {
            handle.connector().onAttention(entry, now);
        }
    }
}
