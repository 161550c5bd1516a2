package dev.cutlass.bench;

import dev.cutlass.event.Message;
import dev.cutlass.proto.Connection;
import dev.cutlass.proto.ConnectionConfig;
import dev.cutlass.proto.ConnectionStart;
import dev.cutlass.proto.Output;
import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.message.ConversationLimits;
import dev.cutlass.proto.message.Inbound;
import dev.cutlass.proto.message.MessageCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;

/** Both sides of a connection in one thread, in virtual time, without a network and an engine. */
final class TwoConnections {
    /** Offered at once, as by a program that writes as fast as it can. */
    private static final int BURST_BYTES = 12_000;

    private static final long WRITING_NANOS = 500;
    private static final long ROUND_TRIP_NANOS = 20_000;

    private final InetSocketAddress leftAddress = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private final InetSocketAddress rightAddress = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
    private final Conversation leftTalk = new Conversation(ConversationLimits.DEFAULT);
    private final Conversation rightTalk = new Conversation(ConversationLimits.DEFAULT);
    private final Connection left;
    private final Connection right;
    private long now;
    private long packets;
    private long bytes;

    TwoConnections(ConnectionStart initiator, ConnectionStart responder) {
        left = new Connection(
                ConnectionConfig.defaults(), initiator, leftTalk, rightAddress, 0, new SplittableRandom(1), now);
        right = new Connection(
                ConnectionConfig.defaults(), responder, rightTalk, leftAddress, 0, new SplittableRandom(2), now);
        pump();
        left.admit(now);
        right.admit(now);
        pump();
    }

    /** Datagrams that were carried so far, both ways. */
    long packets() {
        return packets;
    }

    /** And their lengths. */
    long bytes() {
        return bytes;
    }

    /** As many messages as a fast program writes at once. */
    static int burst(Message message) {
        return Math.max(1, BURST_BYTES / message.length());
    }

    /** Messages go from left to right until all are delivered and confirmed. */
    void talk(Message message, int count) {
        for (int offered = 0; offered < count; ) {
            for (int i = 0; i < burst(message) && offered < count; i++, offered++) {
                if (leftTalk.offer(0, MessageCodec.encode(message)) == null) {
                    throw new AssertionError("the outbox is full");
                }
                left.flush(now);
                now += WRITING_NANOS;
            }
            while (leftTalk.queued() > 0) {
                now += ROUND_TRIP_NANOS;
                pump();
                while (leftTalk.pollSettled() != null) {
                    // delivered
                }
            }
        }
    }

    /** All that is under way arrives, is handled and answered. */
    private void pump() {
        carry(left, right, leftAddress);
        for (Inbound in = rightTalk.peekDeliverable(); in != null; in = rightTalk.peekDeliverable()) {
            rightTalk.accept(in);
        }
        right.flush(now);
        carry(right, left, rightAddress);
        left.flush(now);
        for (Connection each : List.of(left, right)) {
            if (each.nextDeadline() <= now) {
                each.handleTimeout(now);
            }
        }
    }

    private void carry(Connection from, Connection to, InetSocketAddress source) {
        for (Output output = from.poll(); output != null; output = from.poll()) {
            if (output instanceof Output.Transmit datagram) {
                packets++;
                bytes += datagram.length();
                to.receive(datagram.datagram(), 0, datagram.length(), source, 0, now);
                from.giveBack(datagram);
            }
        }
    }
}
