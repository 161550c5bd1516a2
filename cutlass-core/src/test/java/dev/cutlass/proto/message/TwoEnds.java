package dev.cutlass.proto.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.event.Message;
import dev.cutlass.event.MessageId;
import dev.cutlass.wire.Frame;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.LimitsFrame;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.ReceiptFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Two conversations joined by connections that lose, delay and reorder packets, and the model that says what may happen:
 * per sender's life, receiver's life and channel the accepted numbers only grow, and skip none but those that the sender
 * gave up or an earlier life of the receiver took; what is told as delivered was accepted; in the end nothing is left.
 */
final class TwoEnds {
    private static final int MAX_LINKS = 2;
    static final long REFUSAL = ReceiptFrame.NOT_PERMITTED;

    /** One connection as both ends see it. */
    private static final class Link {
        final Half[] halves = {new Half(), new Half()};
    }

    /** What one end of a connection knows: the flow control of docs/protocol.md section 5.2, as a connection keeps it. */
    private static final class Half {
        boolean live = true;

        /** Channel 1 may be used. */
        boolean open;

        long startedByPeer;
        long granted;
        long limit;
    }

    private record Packet(Link link, int to, List<Frame> frames) {}

    private static final class End {
        Conversation conversation;
        Id128 bootId;
    }

    private final SplittableRandom random;
    private final ConversationLimits limits;
    private final long window;
    private final double loss;
    private final boolean mayAbandon;
    private final boolean mayRestart;
    private final End[] ends = {new End(), new End()};
    private final List<Link> links = new ArrayList<>();
    private final List<Packet> flying = new ArrayList<>();

    /** Sender's boot, receiver's boot and channel to the last number that was accepted or refused. */
    private final Map<String, Long> lastTaken = new HashMap<>();

    /** Sender's boot, channel and number of all that was accepted. */
    private final Set<String> accepted = new HashSet<>();

    private final Set<String> refused = new HashSet<>();
    private final Set<String> abandoned = new HashSet<>();
    private final Map<String, Message> content = new HashMap<>();
    /** By the sender's boot. */
    private final Map<Id128, ArrayDeque<Outgoing>> waiting = new HashMap<>();

    private int boots;
    private long now;

    /** How many messages were accepted, and how many of them a second time. */
    int delivered;

    int repeated;

    /** @param mayRestart whether engines die and connections end, or one connection lasts */
    TwoEnds(long seed, double loss, boolean mayAbandon, boolean mayRestart) {
        random = new SplittableRandom(seed);
        this.loss = loss;
        this.mayAbandon = mayAbandon;
        this.mayRestart = mayRestart;
        window = ConversationLimits.MAX_COST + random.nextInt(random.nextBoolean() ? 1_000 : 1_000_000);
        limits = new ConversationLimits(1 + random.nextInt(60), 1 << 20, 3 * window);
        for (int i = 0; i < 2; i++) {
            boot(i);
        }
        connect();
    }

    private void boot(int index) {
        ends[index].conversation = new Conversation(limits);
        ends[index].bootId = new Id128(index, boots++);
    }

    /** One random thing happens. */
    void step() {
        now += 1_000_000;
        final int index = random.nextInt(2);
        switch (random.nextInt(100)) {
            case 0, 1, 2, 3, 4 -> {
                if (mayRestart) {
                    shake(index);
                }
            }
            case 5 -> abandonSomething(index);
            default -> {
                switch (random.nextInt(4)) {
                    case 0 -> offer(index);
                    case 1 -> handle(index);
                    case 2 -> send(index);
                    default -> land(random.nextDouble() < loss);
                }
            }
        }
    }

    private void shake(int index) {
        switch (random.nextInt(5)) {
            case 0 -> restart(index);
            case 1, 2 -> connect();
            default -> endOneHalf();
        }
    }

    /** No more loss and no more restarts: all that is left gets through. */
    void drain() {
        while (!links.isEmpty()) {
            end(links.get(0));
        }
        connect();
        for (int round = 0; round < 100_000 && !isIdle(); round++) {
            for (int index = 0; index < 2; index++) {
                send(index);
                while (!flying.isEmpty()) {
                    land(false);
                }
                handle(index);
            }
        }
        for (End end : ends) {
            settle(end);
            assertEquals(0, end.conversation.queued());
            assertEquals(0, end.conversation.queuedBytes());
            assertEquals(0, end.conversation.heldBytes());
            assertTrue(waiting.getOrDefault(end.bootId, new ArrayDeque<>()).isEmpty());
        }
    }

    private boolean isIdle() {
        final Link link = links.get(0);
        for (int i = 0; i < 2; i++) {
            if (ends[i].conversation.hasSomethingFor(link, Long.MAX_VALUE)
                    || ends[i].conversation.queued() > 0
                    || ends[i].conversation.heldBytes() > 0) {
                return false;
            }
        }
        return flying.isEmpty();
    }

    private static String name(Id128 bootId, long channel, long number) {
        return bootId + "/" + channel + "/" + number;
    }

    private void offer(int index) {
        final End end = ends[index];
        final int size = random.nextInt(4) == 0 ? random.nextInt(Message.MAX_LENGTH + 1) : random.nextInt(60);
        final byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        final Message message = Message.bytes("test", bytes);
        final Outgoing outgoing = end.conversation.offer(random.nextInt(2), MessageCodec.encode(message));
        if (outgoing != null) {
            outgoing.attach(message);
            content.put(name(end.bootId, outgoing.channel(), outgoing.number()), message);
            waiting.computeIfAbsent(end.bootId, b -> new ArrayDeque<>()).add(outgoing);
        }
    }

    private void abandonSomething(int index) {
        final ArrayDeque<Outgoing> own = waiting.get(ends[index].bootId);
        if (!mayAbandon || own == null) {
            return;
        }
        for (Outgoing outgoing : own) {
            if (!outgoing.isSettled() && random.nextInt(3) == 0) {
                abandoned.add(name(ends[index].bootId, outgoing.channel(), outgoing.number()));
                ends[index].conversation.abandon(outgoing);
                return;
            }
        }
    }

    /** The application takes what it gets, or some of it. */
    private void handle(int index) {
        final End end = ends[index];
        Inbound inbound;
        while ((inbound = end.conversation.peekDeliverable()) != null && random.nextInt(8) != 0) {
            final String boot = idOf(inbound);
            final String name = boot + "/" + inbound.channel() + "/" + inbound.number();
            final Long last = lastTaken.put(boot + ">" + end.bootId + "/" + inbound.channel(), inbound.number());
            assertTrue(last == null || last < inbound.number(), "twice or out of order: " + name);
            for (long skipped = last == null ? inbound.number() : last + 1; skipped < inbound.number(); skipped++) {
                final String gap = boot + "/" + inbound.channel() + "/" + skipped;
                assertTrue(
                        abandoned.contains(gap) || accepted.contains(gap) || refused.contains(gap), "skipped: " + gap);
            }
            assertEquals(content.get(name), inbound.message());
            if (random.nextInt(10) == 0) {
                refused.add(name);
                assertTrue(end.conversation.refuse(inbound, REFUSAL));
            } else {
                delivered++;
                repeated += accepted.add(name) ? 0 : 1;
                assertTrue(end.conversation.accept(inbound));
            }
        }
        settle(end);
    }

    private static String idOf(Inbound inbound) {
        final MessageId id = inbound.message().id();
        return new Id128(id.bootHigh(), id.bootLow()).toString();
    }

    private void settle(End end) {
        for (Outgoing message; (message = end.conversation.pollSettled()) != null; ) {
            final String name = name(end.bootId, message.channel(), message.number());
            switch (message.outcome()) {
                case DELIVERED -> assertTrue(accepted.contains(name), "told as delivered: " + name);
                case REFUSED -> {
                    assertTrue(refused.contains(name), "told as refused: " + name);
                    assertEquals(REFUSAL, message.code());
                }
                case ABANDONED -> assertTrue(abandoned.contains(name), "told as abandoned: " + name);
            }
            assertTrue(waiting.get(end.bootId).remove(message), "settled twice: " + name);
        }
    }

    /** Fills a packet as a connection does. */
    private void send(int index) {
        if (links.isEmpty()) {
            return;
        }
        final Link link = links.get(random.nextInt(links.size()));
        final Half half = link.halves[index];
        if (!half.live) {
            return;
        }
        final Conversation conversation = ends[index].conversation;
        if (!half.open && random.nextInt(4) == 0) {
            half.open = true;
            conversation.channelOpened(link, 1);
        }
        final List<Frame> frames = new ArrayList<>();
        final long grantable = half.startedByPeer + Math.max(0, window - conversation.heldBytes());
        if (grantable > half.granted) {
            half.granted = grantable;
            frames.add(new LimitsFrame(grantable));
        }
        int room = 100 + random.nextInt(1_100);
        for (Frame frame; room > 40 && (frame = next(conversation, link, half, room)) != null; ) {
            assertTrue(frame.encodedLength() <= room);
            room -= frame.encodedLength();
            frames.add(frame);
        }
        if (!frames.isEmpty()) {
            flying.add(new Packet(link, 1 - index, frames));
        }
    }

    private static Frame next(Conversation conversation, Link link, Half half, int room) {
        final Frame receipt = conversation.nextReceipt(link, ReceiptFrame.reusable());
        if (receipt != null) {
            return receipt;
        }
        final MessageFrame fragment = conversation.nextFragment(link, half.limit, room, MessageFrame.reusable());
        assertTrue(fragment == null || fragment.channel() == 0 || half.open, "sent over a channel that is not open");
        return fragment;
    }

    /** A packet arrives or gets lost; its sender is told the truth, or that it was lost. */
    private void land(boolean lose) {
        if (flying.isEmpty()) {
            return;
        }
        final Packet packet = flying.remove(random.nextInt(Math.min(8, flying.size())));
        final Half receiver = packet.link.halves[packet.to];
        if (!lose && receiver.live) {
            for (Frame frame : packet.frames) {
                arrive(packet, receiver, frame);
            }
        }
        final Half sender = packet.link.halves[1 - packet.to];
        final boolean told = !lose && receiver.live && !(loss > 0 && random.nextInt(5) == 0);
        if (sender.live) {
            for (Frame frame : packet.frames) {
                tell(packet, sender, frame, told);
            }
        }
    }

    private void arrive(Packet packet, Half receiver, Frame frame) {
        final Conversation conversation = ends[packet.to].conversation;
        if (frame instanceof LimitsFrame frameLimits) {
            receiver.limit = Math.max(receiver.limit, frameLimits.messages());
        } else if (frame instanceof ReceiptFrame receipt) {
            conversation.onReceipt(packet.link, receipt);
        } else if (frame instanceof MessageFrame fragment) {
            final int started = conversation.onMessage(packet.link, fragment, now);
            assertTrue(started != Conversation.VIOLATION);
            receiver.startedByPeer += started;
            assertTrue(receiver.startedByPeer <= receiver.granted, "an honest peer is told that it passed its limit");
            final long most = MAX_LINKS * window; // a channel may be open on one of them and not on the other
            assertTrue(conversation.heldBytes() <= most, "held " + conversation.heldBytes() + " of " + most);
        }
    }

    private void tell(Packet packet, Half sender, Frame frame, boolean acked) {
        final Conversation conversation = ends[1 - packet.to].conversation;
        if (frame instanceof MessageFrame fragment) {
            if (acked) {
                conversation.onFragmentAcked(packet.link, fragment.channel(), fragment.number(), fragment.back());
            } else {
                conversation.onFragmentLost(
                        packet.link,
                        fragment.channel(),
                        fragment.number(),
                        fragment.offset(),
                        fragment.data().length());
            }
        } else if (!acked && frame instanceof ReceiptFrame receipt) {
            conversation.onReceiptLost(packet.link, receipt);
        } else if (!acked && frame instanceof LimitsFrame && sender.live) {
            flying.add(new Packet(packet.link, packet.to, List.of(new LimitsFrame(sender.granted))));
        }
    }

    /** At most two connections at once. */
    private void connect() {
        if (links.size() < MAX_LINKS) {
            final Link link = new Link();
            links.add(link);
            for (int i = 0; i < 2; i++) {
                ends[i].conversation.sessionStarted(link, ends[1 - i].bootId);
            }
        }
    }

    /** One end notices first that a connection is over. */
    private void endOneHalf() {
        if (!links.isEmpty()) {
            final Link link = links.get(random.nextInt(links.size()));
            endHalf(link, random.nextInt(2));
        }
    }

    private void endHalf(Link link, int index) {
        if (link.halves[index].live) {
            link.halves[index].live = false;
            ends[index].conversation.sessionEnded(link);
        }
        if (!link.halves[0].live && !link.halves[1].live) {
            links.remove(link);
        }
    }

    private void end(Link link) {
        endHalf(link, 0);
        endHalf(link, 1);
    }

    /** An engine dies with all it had; the other one notices. */
    private void restart(int index) {
        handle(index);
        for (Link link : new ArrayList<>(links)) {
            end(link);
        }
        boot(index);
        connect();
    }
}
