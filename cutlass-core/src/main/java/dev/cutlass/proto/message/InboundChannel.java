package dev.cutlass.proto.message;

import dev.cutlass.event.Message;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.ReceiptFrame;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
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
    private final LazyQueue<Inbound> whole = new LazyQueue<>();

    /** Messages behind those: a part is missing of each, or of one before it. Null until the first. */
    private @Nullable Scattered scattered;

    /** Null if messages come in fragments only, as mostly. */
    private final @Nullable Elsewhere elsewhere;

    /** It waits for the application in {@link Inbox}. */
    boolean ready;

    /** Of the last message: most have the same one. */
    private String lastType = "";

    /** Null until the first is refused. */
    private @Nullable Map<Long, Long> refused;

    /** @param elsewhere null if messages come in fragments only */
    InboundChannel(Inbox inbox, long number, @Nullable Elsewhere elsewhere) {
        this.inbox = inbox;
        this.number = number;
        this.elsewhere = elsewhere;
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
            start(base);
        }
        skipTo(base);
        passElsewhere();
        if (fragment.number() < next || cameElsewhere(fragment.number())) {
            inbox.receipts().repeat(number, fragment.number(), codeOf(fragment.number()));
        } else if (fragment.number() >= behindWhole()) {
            add(fragment, now);
            takeWhole();
        }
        return isDeliverable();
    }

    private void start(long base) {
        next = base;
        if (elsewhere != null && base > 0) {
            elsewhere.skip(0, base);
        }
    }

    private boolean cameElsewhere(long message) {
        return elsewhere != null && elsewhere.came(message);
    }

    /** Goes on over what came elsewhere. */
    private void passElsewhere() {
        if (elsewhere != null && whole.isEmpty()) {
            next = elsewhere.firstMissing(next);
            takeWhole();
        }
    }

    /** How a message stands of which we hear another way. */
    Arrival standing(long message, long base) {
        if (elsewhere == null || elsewhere.came(message)) {
            return Arrival.SETTLED;
        }
        if (message < next) {
            return elsewhere.isMissing(message) ? Arrival.NEXT : Arrival.SETTLED;
        }
        if (!whole.isEmpty()) {
            return message < behindWhole() ? Arrival.HERE : Arrival.EARLY;
        }
        return elsewhere.firstMissing(Math.max(next, base)) >= message ? Arrival.NEXT : Arrival.EARLY;
    }

    /** The application has it, and not from here. Not for what is {@link Arrival#SETTLED} or {@link Arrival#HERE}. */
    void settleElsewhere(long message, long base) {
        if (elsewhere == null) {
            throw new IllegalStateException("messages of this channel come in fragments only");
        }
        if (next == UNKNOWN) {
            start(base);
        }
        if (scattered != null) {
            scattered.removeIf(part -> dropIf(part.number() == message, part));
        }
        elsewhere.add(message);
        passElsewhere();
    }

    private void add(MessageFrame fragment, long now) {
        Inbound message = scattered == null ? null : scattered.get(fragment.number());
        final boolean isNew = message == null;
        if (message == null) {
            message = inbox.spare().take(inbox);
            message.begin(this, fragment.number(), fragment.total(), now);
            inbox.hold(message.cost());
            inbox.incomplete(1);
        }
        if (!message.isComplete()) {
            message.add(fragment, now);
            inbox.incomplete(message.isComplete() ? -1 : 0);
        }
        if (isNew && message.isComplete() && fragment.number() == behindWhole()) {
            whole.add(message); // the usual case
        } else if (isNew) {
            scattered().add(message);
        }
    }

    /** To add to. */
    private Scattered scattered() {
        Scattered present = scattered;
        if (present == null) {
            present = new Scattered();
            scattered = present;
        }
        return present;
    }

    /** The lowest number that is not among those that can be delivered. */
    private long behindWhole() {
        return next + whole.size();
    }

    private void takeWhole() {
        final Scattered behind = scattered;
        if (behind == null) {
            return;
        }
        for (Inbound first; (first = behind.first()) != null; ) {
            if (first.number() != behindWhole() || !first.isComplete()) {
                return;
            }
            whole.add(first);
            behind.removeFirst();
        }
    }

    private long codeOf(long settledNumber) {
        return refused == null ? ReceiptFrame.ACCEPTED : refused.getOrDefault(settledNumber, ReceiptFrame.ACCEPTED);
    }

    /** Numbers below {@code base} will never come: the sender settled them or gave them up. */
    private void skipTo(long base) {
        while (next < base && !whole.isEmpty()) {
            drop(whole.remove());
            if (elsewhere != null) {
                elsewhere.skip(next, next + 1);
            }
            next++;
        }
        final Scattered behind = scattered;
        if (behind != null) {
            for (Inbound first; (first = behind.first()) != null && first.number() < base; ) {
                drop(first);
                behind.removeFirst();
            }
        }
        if (next < base) {
            if (elsewhere != null) {
                elsewhere.skip(next, base);
            }
            next = base;
            takeWhole();
        }
    }

    private void drop(Inbound message) {
        inbox.release(message.cost());
        inbox.incomplete(message.isComplete() ? 0 : -1);
    }

    boolean isDeliverable() {
        return !whole.isEmpty();
    }

    /** The next message if it is whole; invalid ones are refused on the way. */
    @Nullable
    Inbound peek() {
        for (Inbound first; (first = whole.peek()) != null; ) {
            if (first.isDecoded()) {
                return first;
            }
            final Message message = first.decode(lastType);
            if (message != null) {
                lastType = message.contentType();
                return first;
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
        final Inbound message = whole.remove();
        drop(message);
        inbox.spare().giveBack(message);
        next++;
        passElsewhere();
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
        if (scattered != null) {
            scattered.removeIf(message -> dropIf(!message.isComplete() && message.lastProgress() <= before, message));
        }
    }

    /** Nobody will send what is missing of most: forgets what has gaps, or waits behind one. */
    void dropUndeliverable(Inbox.Which comes) {
        if (scattered != null) {
            scattered.removeIf(message -> dropIf(!comes.test(number, message.number()), message));
        }
    }

    private boolean dropIf(boolean goes, Inbound message) {
        if (goes) {
            drop(message);
        }
        return goes;
    }

    /** Forgets everything. */
    void clear() {
        whole.forEach(this::drop);
        whole.clear();
        dropUndeliverable((channel, lost) -> false);
    }

    /** Gives back the memory of what is empty. */
    void trim() {
        whole.trim();
        if (scattered != null && scattered.isEmpty()) {
            scattered = null;
        }
    }
}
