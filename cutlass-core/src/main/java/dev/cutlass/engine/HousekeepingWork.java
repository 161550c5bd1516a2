package dev.cutlass.engine;

import org.jspecify.annotations.Nullable;

/**
 * What waits for housekeeping: what passed the gate, what others ask of it, connections that need it, deadlines. Any thread brings something and thereby wakes it, with whatever locks it holds above
 * TIMERS; taking is for housekeeping only.
 */
final class HousekeepingWork {
    /** Handshake parts that wait for housekeeping: 1.2 MB. */
    private static final int MAX_ARRIVALS = 1_024;

    /** Things that threads asked of housekeeping and it has not done yet. */
    private static final int MAX_REQUESTS = 65_536;

    private final TimerWheel timers = new TimerWheel();
    private final DisposalStack disposals = new DisposalStack();
    private final ArrivalsQueue<Arrival> arrivals = new ArrivalsQueue<>(MAX_ARRIVALS);
    private final ArrivalsQueue<Request> requests = new ArrivalsQueue<>(MAX_REQUESTS);
    private final Signal signal = new Signal();

    /** Something that housekeeping is asked to do, at the time of its turn. */
    @FunctionalInterface
    interface Request {
        void run(long now);
    }

    /** False if too much is asked already. */
    boolean request(Request request) {
        final boolean taken = requests.offer(request);
        signal.raise();
        return taken;
    }

    /** False if too much has arrived already. */
    boolean arrived(Arrival arrival) {
        final boolean taken = arrivals.offer(arrival);
        if (taken) {
            signal.raise();
        }
        return taken;
    }

    /** Whether more arrives than is looked at. */
    boolean isPressed() {
        return arrivals.isHalfFull();
    }

    /** There is something to do for the connection. */
    void attend(ConnectionEntry entry) {
        if (disposals.push(entry)) {
            signal.raise();
        }
    }

    /** The timer fires at this time, or at an earlier one that was set before. */
    void schedule(TimerWheel.Timer timer, long deadline) {
        if (timers.scheduleIfEarlier(timer, deadline)) {
            signal.raise();
        }
    }

    void cancel(TimerWheel.Timer timer) {
        timers.schedule(timer, TimerWheel.NEVER);
    }

    /** Its next wait is none. */
    void wake() {
        signal.raise();
    }

    // -- for housekeeping

    /** Blocks until something was brought, for at most so long. */
    void await(long nanos) {
        signal.await(nanos);
    }

    /** When a timer fires; {@link TimerWheel#NEVER} if none is set. */
    long nextDeadline() {
        return timers.nextDeadline();
    }

    /** Whether something waits that is not a deadline. */
    boolean isAsked() {
        return !requests.isEmpty() || !arrivals.isEmpty() || !disposals.isEmpty();
    }

    @Nullable
    Request pollRequest() {
        return requests.poll();
    }

    @Nullable
    Arrival pollArrival() {
        return arrivals.poll();
    }

    /** A connection that needs it, or null. */
    @Nullable
    ConnectionEntry popAttention() {
        return (ConnectionEntry) disposals.pop(); // nothing else is pushed
    }

    /** Fires what is due. */
    void fireTimers(long now) {
        timers.advance(now);
    }
}
