package dev.cutlass.proto.message;

import dev.cutlass.event.Message;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.ReceiptFrame;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The receiving end of one channel of one boot id: every number is accepted, refused or skipped once, in order. */
final class InboundChannel {
    /** Codes of the last refused messages, for peers that ask again. */
    static final int MAX_REFUSED = 1_024;

    private static final long UNKNOWN = -1;

    private final Inbox inbox;
    private final long number;

    /** The lowest number that was neither accepted nor refused nor skipped. */
    private long next = UNKNOWN;

    /** Messages from {@code next} on. */
    private final TreeMap<Long, Partial> partials = new TreeMap<>();

    /** Null until the first is refused. */
    private @Nullable Map<Long, Long> refused;

    InboundChannel(Inbox inbox, long number) {
        this.inbox = inbox;
        this.number = number;
    }

    Inbox inbox() {
        return inbox;
    }

    long number() {
        return number;
    }

    /** A fragment came. True if a message can be delivered now. */
    boolean receive(MessageFrame fragment, long now) {
        final long base = fragment.number() - fragment.back();
        if (next == UNKNOWN) {
            next = base;
        }
        skipTo(base);
        if (fragment.number() < next) {
            inbox.receipts().repeat(new ReceiptFrame(number, fragment.number(), 1, codeOf(fragment.number())));
        } else {
            Partial partial = partials.get(fragment.number());
            if (partial == null) {
                partial = new Partial(fragment.total(), now);
                partials.put(fragment.number(), partial);
                inbox.hold(partial.cost());
                inbox.incomplete(1);
            }
            if (!partial.isComplete()) {
                partial.add(fragment, now);
                inbox.incomplete(partial.isComplete() ? -1 : 0);
            }
        }
        return isDeliverable();
    }

    private long codeOf(long settledNumber) {
        return refused == null ? ReceiptFrame.ACCEPTED : refused.getOrDefault(settledNumber, ReceiptFrame.ACCEPTED);
    }

    /** Numbers below {@code base} will never come: the sender settled them or gave them up. */
    private void skipTo(long base) {
        while (!partials.isEmpty() && partials.firstKey() < base) {
            drop(partials.pollFirstEntry().getValue());
        }
        next = Math.max(next, base);
    }

    private void drop(Partial partial) {
        inbox.release(partial.cost());
        inbox.incomplete(partial.isComplete() ? 0 : -1);
    }

    boolean isDeliverable() {
        return !partials.isEmpty()
                && partials.firstKey() == next
                && partials.firstEntry().getValue().isComplete();
    }

    /** The next message if it is whole; invalid ones are refused on the way. */
    @Nullable
    Inbound peek() {
        while (isDeliverable()) {
            final Partial partial = partials.firstEntry().getValue();
            if (partial.inbound != null) {
                return partial.inbound;
            }
            final Message message = partial.decode(inbox, number, next);
            if (message != null) {
                partial.inbound = new Inbound(this, next, message);
                return partial.inbound;
            }
            settle(next, ReceiptFrame.INVALID);
        }
        return null;
    }

    /** Answers the next message; false if {@code settled} is no longer that. */
    boolean settle(long settled, long code) {
        if (settled != next || !isDeliverable()) {
            return false;
        }
        drop(partials.pollFirstEntry().getValue());
        next++;
        if (code != ReceiptFrame.ACCEPTED) {
            rememberRefused(settled, code);
        }
        inbox.receipts().add(number, settled, code);
        return true;
    }

    private void rememberRefused(long settled, long code) {
        Map<Long, Long> codes = refused;
        if (codes == null) {
            codes = new LinkedHashMap<>();
            refused = codes;
        }
        codes.put(settled, code);
        if (codes.size() > MAX_REFUSED) {
            final Iterator<Long> oldest = codes.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** Forgets messages that are not whole and saw nothing new since {@code before}. */
    void dropIncomplete(long before) {
        partials.values().removeIf(partial -> {
            final boolean stuck = !partial.isComplete() && partial.lastProgress() <= before;
            if (stuck) {
                drop(partial);
            }
            return stuck;
        });
    }

    /** Nobody will send what is missing of most: forgets what has gaps, or waits behind one. */
    void dropUndeliverable(Inbox.Which comes) {
        long expected = next;
        final Iterator<Map.Entry<Long, Partial>> entries = partials.entrySet().iterator();
        while (entries.hasNext()) {
            final Map.Entry<Long, Partial> entry = entries.next();
            if (entry.getKey() == expected && entry.getValue().isComplete()) {
                expected++;
            } else if (!comes.test(number, entry.getKey())) {
                drop(entry.getValue());
                entries.remove();
            }
        }
    }

    /** Forgets everything. */
    void clear() {
        partials.values().forEach(this::drop);
        partials.clear();
    }
}
