package dev.cutlass.secondimpl;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One established connection, reduced to one path and one connection id a side: packets go in and come out. It has no timers: whoever
 * drives it calls {@link #repeat} when an answer fails to come. Sections 4 and 5.
 */
final class MiniConnection {
    /** Frames of a packet: its length but for the header with its longest number, and the tag. */
    private static final int ROOM = Packets.MAX_LENGTH - Packets.CONNECTION_ID - 1 - 4 - Primitives.TAG_LENGTH;

    /** What a MESSAGE frame has beside its data, at the most: type, length and five varints. */
    private static final int FRAGMENT_OVERHEAD = 1 + 4 + 8 + 8 + 8 + 4 + 4;

    private static final long CREDIT = 1 << 20;
    private static final long MESSAGE_COST = 64;

    private final MiniHandshake.Result session;
    private final MiniRatchet ratchet;
    private final InboundMessages inbound = new InboundMessages(0);
    private final Map<Long, InboundMessages> bulk = new TreeMap<>(); // by channel
    private String bulkService = "";
    private long bulkCredit;

    // Sending.
    private final Deque<Frame> outbox = new ArrayDeque<>();
    private final Deque<byte[]> unsent = new ArrayDeque<>(); // messages that wait for credit
    private final Map<Long, List<Frame>> inFlight = new TreeMap<>();
    private final NavigableSet<Long> unsettled = new TreeSet<>();
    private final Map<Long, Long> receipts = new LinkedHashMap<>();
    private byte[] remoteId;
    private long pathId;
    private long nextNumber;
    private long largestAcked = -1;
    private long nextMessage;
    private long credit;
    private long charged;
    private boolean ackIsDue;

    // Receiving.
    private final NavigableSet<Long> received = new TreeSet<>();
    private final Map<Long, byte[]> issuedIds = new HashMap<>();
    private boolean confirmed;
    private boolean admittedByPeer;
    private boolean admitted;
    private Frame.@Nullable Close closed;
    private Frame.@Nullable Pong lastPong;

    MiniConnection(MiniHandshake.Result session, Random random) {
        this.session = session;
        ratchet = new MiniRatchet(session, random);
        remoteId = session.remoteConnectionId();
        confirmed = !session.initiator();
        if (confirmed) {
            outbox.add(new Frame.Eight(Frame.Eight.PING, Self.bytes(random, 8))); // section 3.5, step 6
        }
    }

    /** Lets the peer send: section 3.8. */
    void admit() {
        admitted = true;
        grant();
    }

    /** Lets the peer open channels for bulk with a service. */
    void offerBulk(String service) {
        bulkService = service;
    }

    /** @return the message's number */
    long send(String contentType, byte[] content) {
        unsent.add(InboundMessages.Received.encode(contentType, content));
        return nextMessage + unsent.size() - 1;
    }

    void ping(byte[] token) {
        outbox.add(new Frame.Eight(Frame.Eight.PING, token));
    }

    void proposeKeys(boolean withKem) {
        outbox.addAll(ratchet.propose(withKem));
    }

    void close(long code, String reason) {
        outbox.add(new Frame.Close(code, reason));
    }

    /** Content of packets that were not acknowledged goes out again, in new packets. */
    void repeat() {
        inFlight.values().forEach(outbox::addAll);
        inFlight.clear();
    }

    /** Takes one packet; a bad one is {@link Refused} and leaves no trace. */
    void receive(byte[] packet, InetSocketAddress from) {
        Refused.unless(isOurs(packet), "not our connection id");
        long largest = received.isEmpty() ? -1 : received.last();
        Packets.Opened opened = ratchet.open(packet, largest);
        Refused.unless(received.add(opened.number()), "repeated number");
        confirmed = true;
        for (Frame frame : Frame.decodeAll(opened.frames())) {
            ackIsDue |= frame.elicitsAck();
            onFrame(frame, from);
        }
    }

    /** Whether a datagram is a packet of this connection: section 4.3. */
    boolean isOurs(byte[] datagram) {
        return Arrays.equals(Arrays.copyOf(datagram, Packets.CONNECTION_ID), session.localConnectionId());
    }

    /** The packets that may leave now. */
    List<byte[]> poll() {
        List<byte[]> packets = new ArrayList<>();
        if (!confirmed) {
            return packets; // section 3.6
        }
        cutMessages();
        while (ackIsDue || !outbox.isEmpty()) {
            packets.add(nextPacket());
        }
        return packets;
    }

    private byte[] nextPacket() {
        Out plain = new Out();
        if (ackIsDue) {
            plain.bytes(new Frame.Ack(0, 0, rangesOf(received)).encode());
            ackIsDue = false;
        }
        List<Frame> content = new ArrayList<>();
        for (Frame next = outbox.peek(); next != null && plain.size() + next.encode().length <= ROOM; ) {
            plain.bytes(next.encode());
            if (next.elicitsAck()) {
                content.add(next);
            }
            outbox.remove();
            next = outbox.peek();
        }
        long number = nextNumber++;
        if (content.stream().anyMatch(MiniConnection::isProbe)) { // section 4.5: such packets are full
            plain.bytes(new byte[ROOM + 4 - Packets.numberLength(number, largestAcked) - plain.size()]);
        }
        if (!content.isEmpty()) {
            inFlight.put(number, content);
        }
        return ratchet.protect(remoteId, pathId, number, largestAcked, plain.toBytes());
    }

    private static boolean isProbe(Frame frame) {
        return frame.type() == Frame.Eight.PATH_CHALLENGE || frame.type() == Frame.Eight.PATH_RESPONSE;
    }

    /** The highest 65 ranges, the highest first. */
    private static List<Frame.Range> rangesOf(NavigableSet<Long> numbers) {
        List<Frame.Range> ranges = new ArrayList<>();
        for (long number : numbers.descendingSet()) {
            int last = ranges.size() - 1;
            if (last >= 0 && ranges.get(last).first() == number + 1) {
                ranges.set(last, new Frame.Range(number, ranges.get(last).last()));
            } else {
                ranges.add(new Frame.Range(number, number));
            }
        }
        return ranges.subList(0, Math.min(ranges.size(), 65));
    }

    private void cutMessages() {
        for (byte[] next = unsent.peek(); next != null && admittedByPeer; next = unsent.peek()) {
            if (charged + next.length + MESSAGE_COST > credit) {
                return;
            }
            charged += next.length + MESSAGE_COST;
            unsent.remove();
            long number = nextMessage++;
            unsettled.add(number);
            int room = ROOM - FRAGMENT_OVERHEAD;
            for (int at = 0; at < next.length; at += room) {
                byte[] data = Arrays.copyOfRange(next, at, Math.min(next.length, at + room));
                outbox.add(new Frame.Message(0, number, number - unsettled.first(), next.length, at, data));
            }
        }
    }

    private void grant() {
        Map<Long, Long> limits = new LinkedHashMap<>();
        limits.put(Frame.Limits.MESSAGES, inbound.charged() + CREDIT);
        if (!bulk.isEmpty()) {
            long bulkCharged =
                    bulk.values().stream().mapToLong(InboundMessages::charged).sum();
            limits.put(Frame.Limits.BULK, bulkCharged + CREDIT);
        }
        outbox.add(new Frame.Limits(limits));
    }

    private void onFrame(Frame frame, InetSocketAddress from) {
        if (frame instanceof Frame.Eight eight) {
            onEight(eight, from);
        } else if (frame instanceof Frame.Pong pong) {
            lastPong = pong;
        } else if (frame instanceof Frame.Ack ack) {
            onAck(ack);
        } else if (frame instanceof Frame.Crypto crypto) {
            outbox.addAll(ratchet.receive(crypto));
        } else if (frame instanceof Frame.Message message) {
            Refused.unless(admitted, "a message before admission");
            InboundMessages channel = message.channel() == 0 ? inbound : bulk.get(message.channel());
            if (channel == null) {
                outbox.add(new Frame.Receipt(message.channel(), message.number(), 1, 3));
            } else {
                outbox.addAll(channel.add(message));
            }
            grant();
        } else if (frame instanceof Frame.Receipt receipt) {
            for (long i = 0; i < receipt.count(); i++) {
                receipts.put(receipt.first() + i, receipt.code());
                unsettled.remove(receipt.first() + i);
            }
        } else if (frame instanceof Frame.NewConnectionId issued) {
            onNewConnectionId(issued);
        } else if (frame instanceof Frame.Limits limits) {
            admittedByPeer = true;
            credit = Math.max(credit, limits.limits().getOrDefault(Frame.Limits.MESSAGES, credit));
            bulkCredit = Math.max(bulkCredit, limits.limits().getOrDefault(Frame.Limits.BULK, bulkCredit));
        } else if (frame instanceof Frame.Open open) {
            onOpen(open);
        } else if (frame instanceof Frame.Close close) {
            closed = close;
            outbox.clear();
            ackIsDue = false;
        }
    }

    private void onOpen(Frame.Open open) {
        boolean isBulk = open.kind() == Frame.Open.ORDERED_BULK;
        if (!isBulk && open.kind() != Frame.Open.ORDERED) {
            outbox.add(new Frame.Opened(open.channel(), 3));
        } else if (!isBulk || !open.service().equals(bulkService)) {
            outbox.add(new Frame.Opened(open.channel(), 1));
        } else {
            bulk.computeIfAbsent(open.channel(), InboundMessages::new);
            outbox.add(new Frame.Opened(open.channel(), 0));
            grant();
        }
    }

    private void onEight(Frame.Eight frame, InetSocketAddress from) {
        if (frame.type() == Frame.Eight.PING) {
            outbox.add(new Frame.Pong(frame.token(), from.getAddress().getAddress(), from.getPort()));
        } else if (frame.type() == Frame.Eight.PATH_CHALLENGE) {
            outbox.add(new Frame.Eight(Frame.Eight.PATH_RESPONSE, frame.token()));
        }
    }

    private void onAck(Frame.Ack ack) {
        if (ack.pathId() != pathId) {
            return;
        }
        for (Frame.Range range : ack.ranges()) {
            Refused.unless(range.last() < nextNumber, "ACK of a number that was never sent");
            inFlight.keySet().removeIf(number -> range.first() <= number && number <= range.last());
            largestAcked = Math.max(largestAcked, range.last());
        }
    }

    /** We stay with number 0 until the peer wants it back; then the next path begins with its own packet numbers. */
    private void onNewConnectionId(Frame.NewConnectionId issued) {
        issuedIds.put(issued.sequence(), issued.id());
        if (issued.retirePriorTo() <= pathId) {
            return;
        }
        outbox.add(new Frame.RetireConnectionId(pathId));
        repeat();
        pathId = issued.sequence();
        remoteId = issued.id();
        nextNumber = 0;
        largestAcked = -1;
    }

    /** The messages that arrived since the last call, in their order. */
    List<InboundMessages.Received> takeMessages() {
        return inbound.take();
    }

    /** Likewise, over channels for bulk. */
    List<InboundMessages.Received> takeBulk() {
        List<InboundMessages.Received> taken = new ArrayList<>();
        bulk.values().forEach(channel -> taken.addAll(channel.take()));
        return taken;
    }

    /** What the peer lets us start in bulk. */
    long bulkCredit() {
        return bulkCredit;
    }

    /** The code that the peer answered a message with; null as long as there is none. */
    @Nullable
    Long receiptOf(long message) {
        return receipts.get(message);
    }

    Frame.@Nullable Close closed() {
        return closed;
    }

    Frame.@Nullable Pong lastPong() {
        return lastPong;
    }

    long epoch() {
        return ratchet.sendEpoch();
    }

    boolean isConfirmed() {
        return confirmed;
    }

    boolean isAdmittedByPeer() {
        return admittedByPeer;
    }
}
