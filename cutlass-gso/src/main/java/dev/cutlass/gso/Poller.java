package dev.cutlass.gso;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Waits for sockets and for wake-ups: epoll, level-triggered, with an eventfd. Adding, waking and closing may be done by any thread, the rest is the listener's.
 */
final class Poller {
    /** Sockets that one call may name; the others come with the next. */
    private static final int MAX_EVENTS = 64;

    /** What an event of the eventfd is called; sockets are called by their channel, 0 or above. */
    private static final int WAKEUP = -1;

    private static final boolean PACKED = "amd64".equals(System.getProperty("os.arch"));

    /** {@code struct epoll_event}: 4 bytes of flags, 8 of ours, with no gap between on x86-64 only. */
    private static final int DATA_AT = PACKED ? 4 : 8;

    private static final int EVENT_SIZE = DATA_AT + 8;

    private final Descriptor epoll;
    private final Descriptor wakeups;

    /** One, as the eventfd wants it. Never written again. */
    private final MemorySegment one = Arena.ofAuto().allocate(JAVA_LONG);

    // Listener only:
    private final MemorySegment errno = Arena.ofAuto().allocate(Libc.ERRNO_SIZE, Long.BYTES);
    private final MemorySegment counter = Arena.ofAuto().allocate(JAVA_LONG);
    private final MemorySegment events = Arena.ofAuto().allocate((long) MAX_EVENTS * EVENT_SIZE, Long.BYTES);
    private int count;
    private int next;

    private Poller(int epoll, int wakeups) {
        this.epoll = new Descriptor(epoll);
        this.wakeups = new Descriptor(wakeups);
        one.set(JAVA_LONG, 0, 1);
    }

    static Poller open() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment errno = arena.allocate(Libc.ERRNO_SIZE);
            final int epoll = Libc.epollCreate(errno);
            GsoChannel.check("epoll_create1", epoll);
            final int wakeups = Libc.eventfd(errno);
            if (wakeups < 0) {
                Libc.close(errno, epoll);
            }
            GsoChannel.check("eventfd", wakeups);
            final Poller poller = new Poller(epoll, wakeups);
            try {
                poller.add(poller.wakeups, WAKEUP);
            } catch (IOException e) {
                poller.close();
                throw e;
            }
            return poller;
        }
    }

    /** Watches a socket until it is closed. */
    void add(GsoChannel channel) throws IOException {
        add(channel.descriptor, channel.id);
    }

    private void add(Descriptor descriptor, int name) throws IOException {
        if (!epoll.acquire()) {
            throw new IOException("the port is closed");
        }
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment event = arena.allocate(EVENT_SIZE, Long.BYTES);
            event.set(JAVA_INT, 0, Libc.EPOLLIN);
            event.set(JAVA_INT, DATA_AT, name);
            GsoChannel.check(
                    "epoll_ctl",
                    Libc.epollAdd(arena.allocate(Libc.ERRNO_SIZE), epoll.number, descriptor.number, event));
        } finally {
            epoll.release();
        }
    }

    /** Some socket is known to have something. */
    boolean hasReady() {
        return next < count;
    }

    /** The channel that is known to have something, {@link #hasReady}. */
    int ready() {
        return events.get(JAVA_INT, (long) next * EVENT_SIZE + DATA_AT);
    }

    /** That channel has nothing any more. */
    void doneWithReady() {
        next++;
    }

    /** Looks which sockets have something. */
    void look() {
        poll(0);
    }

    /** Waits for a socket or a wake-up, and takes the wake-up. */
    void await(int millis) {
        // Held over the wait: closing the eventfd would take it out of the epoll before its last event is seen.
        if (!wakeups.acquire()) {
            return;
        }
        try {
            if (poll(millis)) {
                Libc.read(errno, wakeups.number, counter);
            }
        } finally {
            wakeups.release();
        }
    }

    /** True if there was a wake-up, which is not among the ready ones. */
    private boolean poll(int millis) {
        next = 0;
        count = 0;
        if (!epoll.acquire()) {
            return false;
        }
        final int found;
        try {
            found = Libc.epollWait(errno, epoll.number, events, MAX_EVENTS, millis);
        } finally {
            epoll.release();
        }
        if (found < 0) {
            if (found != -Libc.EINTR) {
                throw new UncheckedIOException(
                        "waiting for UDP", new IOException("epoll_wait failed with errno " + -found));
            }
            return false;
        }
        boolean woken = false;
        for (int i = 0; i < found; i++) {
            final int name = events.get(JAVA_INT, (long) i * EVENT_SIZE + DATA_AT);
            if (name == WAKEUP) {
                woken = true;
            } else {
                events.set(JAVA_INT, (long) count * EVENT_SIZE + DATA_AT, name);
                count++;
            }
        }
        return woken;
    }

    void wakeup() {
        if (wakeups.acquire()) {
            try (Arena arena = Arena.ofConfined()) {
                Libc.write(arena.allocate(Libc.ERRNO_SIZE), wakeups.number, one); // full: it is awake already
            } finally {
                wakeups.release();
            }
        }
    }

    /** Ends a wait, too. Idempotent. */
    void close() {
        wakeup();
        wakeups.close();
        epoll.close();
    }
}
