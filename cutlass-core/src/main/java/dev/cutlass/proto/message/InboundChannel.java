package dev.cutlass.proto.message;

import dev.cutlass.event.Message;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.ReceiptFrame;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
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

    /** Messages that can be delivered: {@code next} and those right behind it. */
    private final LazyQueue<Partial> whole = new LazyQueue<>();

    /** Messages behind those: a part is missing of each, or of one before it. */
    private SortedMap<Long, Partial> partials = Collections.emptySortedMap();

    /** It waits for the application in {@link Inbox}. */
    boolean ready;

    /** Of the last message: most have the same one. */
    private String lastType = "";

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
        } else if (fragment.number() >= behindWhole()) {
            add(fragment, now);
            takeWhole();
        }
        return isDeliverable();
    }

    private void add(MessageFrame fragment, long now) {
        Partial partial = partials.isEmpty() ? null : partials.get(fragment.number());
        final boolean isNew = partial == null;
        if (partial == null) {
            partial = new Partial(fragment.total(), now);
            inbox.hold(partial.cost());
            inbox.incomplete(1);
        }
        if (!partial.isComplete()) {
            partial.add(fragment, now);
            inbox.incomplete(partial.isComplete() ? -1 : 0);
        }
        if (isNew && partial.isComplete() && fragment.number() == behindWhole()) {
            whole.add(partial); // the usual case
        } else if (isNew) {
            if (partials.isEmpty()) {
                partials = new TreeMap<>(); // most channels need none most of the time
            }
            partials.put(fragment.number(), partial);
        }
    }

    /** The lowest number that is not among those that can be delivered. */
    private long behindWhole() {
        return next + whole.size();
    }

    private void takeWhole() {
        if (partials.isEmpty()) {
            return; // without an iterator: every fragment comes by here
        }
        final Iterator<Map.Entry<Long, Partial>> behind = partials.entrySet().iterator();
        while (behind.hasNext()) {
            final Map.Entry<Long, Partial> first = behind.next();
            if (first.getKey() != behindWhole() || !first.getValue().isComplete()) {
                return;
            }
            whole.add(first.getValue());
            behind.remove();
        }
    }

    private long codeOf(long settledNumber) {
        return refused == null ? ReceiptFrame.ACCEPTED : refused.getOrDefault(settledNumber, ReceiptFrame.ACCEPTED);
    }

    /** Numbers below {@code base} will never come: the sender settled them or gave them up. */
    private void skipTo(long base) {
        while (next < base && !whole.isEmpty()) {
            drop(whole.remove());
            next++;
        }
        if (!partials.isEmpty()) {
            partials.headMap(base).values().removeIf(partial -> {
                drop(partial);
                return true;
            });
        }
        if (next < base) {
            next = base;
            takeWhole();
        }
    }

    private void drop(Partial partial) {
        inbox.release(partial.cost());
        inbox.incomplete(partial.isComplete() ? 0 : -1);
    }

    boolean isDeliverable() {
        return !whole.isEmpty();
    }

    /** The next message if it is whole; invalid ones are refused on the way. */
    @Nullable
    Inbound peek() {
        for (Partial partial; (partial = whole.peek()) != null; ) {
            if (partial.inbound != null) {
                return partial.inbound;
            }
            final Message message = partial.decode(inbox, number, next, lastType);
            if (message != null) {
                lastType = message.contentType();
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
        drop(whole.remove());
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
        if (partials.isEmpty()) {
            return;
        }
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
        if (partials.isEmpty()) {
            return;
        }
        partials.entrySet().removeIf(entry -> {
            final boolean goes = !comes.test(number, entry.getKey());
            if (goes) {
                drop(entry.getValue());
            }
            return goes;
        });
    }

    /** Forgets everything. */
    void clear() {
        whole.forEach(this::drop);
        whole.clear();
        partials.values().forEach(this::drop);
        partials = Collections.emptySortedMap();
    }

    /** Gives back the memory of what is empty. */
    void trim() {
        whole.trim();
        if (partials.isEmpty()) {
            partials = Collections.emptySortedMap();
        }
    }
}
