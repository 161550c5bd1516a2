package dev.cutlass.proto.message;

/** One channel of an {@link Outbox}. */
final class Line {
    final long channel;
    long next;

    /** Messages that are not released, by number. */
    final OpenMessages open = new OpenMessages();

    /** Those of them that are on no connection, in order. */
    final LazyQueue<Outgoing> fresh = new LazyQueue<>();

    /** Bytes of what is fresh. */
    long freshBytes;

    /** The channel is; what was in flight ends with its connection. */
    boolean over;

    Line(long channel, long next) {
        this.channel = channel;
        this.next = next;
    }

    void addFresh(Outgoing message) {
        fresh.add(message);
        freshBytes += message.total();
    }

    void removeFresh(Outgoing message) {
        final boolean removed;
        if (fresh.peek() == message) {
            fresh.poll(); // the usual case
            removed = true;
        } else {
            removed = fresh.remove(message);
        }
        freshBytes -= removed ? message.total() : 0;
    }

    void clearFresh() {
        fresh.clear();
        freshBytes = 0;
    }

    /** Gives back the memory of queues. */
    void trim() {
        fresh.trim();
        open.trim();
    }
}
