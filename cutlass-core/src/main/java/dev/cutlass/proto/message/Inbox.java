package dev.cutlass.proto.message;

import dev.cutlass.event.MessageId;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.ReceiptFrame;
import org.jspecify.annotations.Nullable;

/** The receiving half of a conversation with one boot id of the peer. */
final class Inbox {
    /** More than a connection opens; a peer that renews its channels for ever must renew its engine. */
    static final int MAX_CHANNELS = 256;

    private final Id128 bootId;

    /** Of channel 0; null if all messages come in fragments. */
    private final @Nullable Elsewhere elsewhere;

    private final ByChannel<InboundChannel> channels = new ByChannel<>();
    private final LazyQueue<InboundChannel> ready = new LazyQueue<>();

    /** Null while none waits. */
    private @Nullable Receipts receipts;

    /** Null before the first message, and at rest. */
    private @Nullable SpareInbound spare;

    private long held;
    private int heldMessages;
    private int incomplete;

    /** Live connections with this boot id. */
    int sessions;

    Inbox(Id128 bootId, @Nullable Elsewhere elsewhere) {
        this.bootId = bootId;
        this.elsewhere = elsewhere;
    }

    boolean isOf(Id128 remoteBootId) {
        return bootId.equals(remoteBootId);
    }

    Id128 bootId() {
        return bootId;
    }

    MessageId idOf(long channel, long number) {
        return new MessageId(bootId.high(), bootId.low(), channel, number);
    }

    boolean hasReceipts() {
        return receipts != null && !receipts.isEmpty();
    }

    @Nullable
    ReceiptFrame pollReceipt(ReceiptFrame frame) {
        return receipts == null ? null : receipts.poll(frame);
    }

    /** Where objects for messages come from, and go. */
    SpareInbound spare() {
        SpareInbound present = spare;
        if (present == null) {
            present = new SpareInbound();
            spare = present;
        }
        return present;
    }

    /** To add to. */
    Receipts receipts() {
        Receipts present = receipts;
        if (present == null) {
            present = new Receipts();
            receipts = present;
        }
        return present;
    }

    /** Cost of all messages here. */
    long held() {
        return held;
    }

    int heldMessages() {
        return heldMessages;
    }

    /** A message with this cost is here. */
    void hold(int cost) {
        held += cost;
        heldMessages++;
    }

    /** A message that was held with this cost is gone. */
    void release(int cost) {
        held -= cost;
        heldMessages--;
    }

    void incomplete(int more) {
        incomplete += more;
    }

    boolean hasIncomplete() {
        return incomplete > 0;
    }

    void receive(MessageFrame fragment, long now) {
        final InboundChannel present = channels.get(fragment.channel());
        if (present == null && channels.size() >= MAX_CHANNELS) {
            refuse(fragment, ReceiptFrame.NO_SUCH_CHANNEL);
            return;
        }
        final InboundChannel channel = present == null ? open(fragment.channel()) : present;
        if (channel.receive(fragment, now)) {
            ready(channel);
        }
    }

    private InboundChannel open(long number) {
        final InboundChannel channel = new InboundChannel(this, number, number == 0 ? elsewhere : null);
        channels.add(number, channel);
        return channel;
    }

    private void ready(InboundChannel channel) {
        if (!channel.ready) {
            channel.ready = true;
            ready.add(channel);
        }
    }

    /** Channel 0, to which messages come other ways, too. */
    private InboundChannel main() {
        final InboundChannel present = channels.get(0);
        return present == null ? open(0) : present;
    }

    Arrival standing(long number, long base) {
        return main().standing(number, base);
    }

    /** Its sender is told if it is there. */
    void settleElsewhere(long number, long base) {
        final InboundChannel channel = main();
        channel.settleElsewhere(number, base);
        if (sessions > 0) {
            receipts().add(0, number, ReceiptFrame.ACCEPTED);
        }
        if (channel.isDeliverable()) {
            ready(channel);
        }
    }

    /** Answers without keeping anything. */
    void refuse(MessageFrame fragment, long code) {
        receipts().repeat(fragment.channel(), fragment.number(), code);
    }

    @Nullable
    Inbound peek() {
        for (InboundChannel channel; (channel = ready.peek()) != null; ) {
            final Inbound inbound = channel.peek();
            if (inbound != null) {
                return inbound;
            }
            ready.remove();
            channel.ready = false;
        }
        return null;
    }

    /** Gives back the memory of queues. */
    void trim() {
        ready.trim();
        spare = null;
        channels.forEach(InboundChannel::trim);
        if (receipts != null && receipts.isEmpty()) {
            receipts = null;
        }
    }

    /** Channels take turns. */
    boolean settle(Inbound inbound, long code) {
        final InboundChannel channel = inbound.source();
        if (channel == null) {
            return false; // was settled before
        }
        final boolean settled = channel.settle(inbound.number(), code);
        if (settled && ready.size() > 1 && ready.peek() == channel) {
            ready.remove();
            channel.ready = channel.isDeliverable();
            if (channel.ready) {
                ready.add(channel);
            }
        }
        return settled;
    }

    void dropIncomplete(long before) {
        channels.forEach(channel -> channel.dropIncomplete(before));
    }

    /** Names a message by channel and number. */
    @FunctionalInterface
    interface Which {
        boolean test(long channel, long number);
    }

    /** @param comes which messages will come whole all the same */
    void dropUndeliverable(Which comes) {
        channels.forEach(channel -> channel.dropUndeliverable(comes));
    }

    void clear() {
        channels.forEach(InboundChannel::clear);
        ready.clear();
    }
}
