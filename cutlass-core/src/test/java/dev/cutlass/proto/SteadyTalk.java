package dev.cutlass.proto;

import com.sun.management.ThreadMXBean;
import dev.cutlass.crypto.noise.SecretsOfTests;
import dev.cutlass.crypto.packet.KeySchedule;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.event.Message;
import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.message.ConversationLimits;
import dev.cutlass.proto.message.Inbound;
import dev.cutlass.proto.message.MessageCodec;
import dev.cutlass.wire.Id128;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Two connections in one thread, in virtual time, that say what each of their inputs allocates. Like an engine they open every datagram in one array of the receiver's, and give every array
 * back that has left.
 */
final class SteadyTalk {
    private static final long ROUND_TRIP_NANOS = 20_000;
    private static final long WRITING_NANOS = 500;
    private static final long SEED = 9;
    private static final int MAX_DATAGRAM = 65_507;
    private static final int SECOND_SOCKET = 100;
    private static final int BURST_BYTES = 12_000;

    static final String TYPE = "application/octet-stream";

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** One end. */
    final class End {
        final Conversation conversation = new Conversation(ConversationLimits.DEFAULT);
        final Connection connection;
        final InetSocketAddress address;

        /** Of channel 1. */
        final InetSocketAddress secondAddress;

        final byte[] arrivals = new byte[MAX_DATAGRAM];

        /** Bytes that its connection and conversation allocated, with what the application was handed: {@link #messages}. */
        long allocated;

        /** The last message: the application has it now. */
        @Nullable
        Message taken;

        long packetsSent;
        long packetsReceived;
        long messages;

        End(boolean initiator, InetSocketAddress address, InetSocketAddress remote) {
            this.address = address;
            secondAddress = new InetSocketAddress(address.getAddress(), SECOND_SOCKET + address.getPort());
            connection = new Connection(
                    ConnectionConfig.defaults(),
                    new ConnectionStart(
                            initiator,
                            initiator,
                            initiator ? 1 : 2,
                            initiator ? 2 : 1,
                            new Id128(SEED, initiator ? 2 : 1),
                            AeadAlgorithm.CHACHA20_POLY1305,
                            new KeySchedule(SecretsOfTests.of(SEED)),
                            RekeyKeysOfTests.of(SEED, initiator)),
                    conversation,
                    remote,
                    0,
                    new SplittableRandom(initiator ? 1 : 2),
                    now);
        }

        long packets() {
            return packetsSent + packetsReceived;
        }

        void forget() {
            allocated = 0;
            packetsSent = 0;
            packetsReceived = 0;
            messages = 0;
        }

        void offer(byte[] encoded) {
            if (conversation.offer(0, encoded.clone()) == null) {
                throw new AssertionError("the outbox is full");
            }
            flush();
        }

        void flush() {
            final long before = allocatedBytes();
            connection.flush(now);
            if (connection.nextDeadline() <= now) {
                connection.handleTimeout(now);
            }
            while (conversation.pollSettled() != null) {
                // told
            }
            allocated += allocatedBytes() - before;
        }

        /** Hands messages to an application that takes them. */
        void deliver() {
            final long before = allocatedBytes();
            int count = 0;
            for (Inbound in = conversation.peekDeliverable(); in != null; in = conversation.peekDeliverable()) {
                taken = in.message();
                conversation.accept(in);
                count++;
            }
            allocated += allocatedBytes() - before;
            messages += count;
        }

        /** All that waits to leave arrives at the other end, which answers after so many datagrams. */
        void carryTo(End other, int batch) {
            for (int carried = 1; ; carried++) {
                final long before = allocatedBytes();
                final Output output = connection.poll();
                allocated += allocatedBytes() - before;
                if (output == null) {
                    return;
                }
                if (carried % batch == 0) {
                    other.flush();
                }
                if (output instanceof Output.Transmit datagram) {
                    System.arraycopy(datagram.datagram(), 0, other.arrivals, 0, datagram.length());
                    final InetSocketAddress from = datagram.channel() == 0 ? address : secondAddress;
                    other.receive(datagram.length(), from, datagram.to().equals(other.secondAddress) ? 1 : 0);
                    packetsSent++;
                    final long giving = allocatedBytes();
                    connection.giveBack(datagram);
                    allocated += allocatedBytes() - giving;
                }
            }
        }

        private void receive(int length, InetSocketAddress from, int channel) {
            final long before = allocatedBytes();
            connection.receive(arrivals, 0, length, from, channel, now);
            allocated += allocatedBytes() - before;
            packetsReceived++;
        }
    }

    static long allocatedBytes() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    long now;
    final End left;
    final End right;

    SteadyTalk() {
        final InetAddress host = InetAddress.getLoopbackAddress();
        final InetSocketAddress leftAddress = new InetSocketAddress(host, 1);
        final InetSocketAddress rightAddress = new InetSocketAddress(host, 2);
        left = new End(true, leftAddress, rightAddress);
        right = new End(false, rightAddress, leftAddress);
        exchange(Integer.MAX_VALUE);
        left.connection.admit(now);
        right.connection.admit(now);
        exchange(Integer.MAX_VALUE);
    }

    /** The left end goes on over another socket, as an engine's do: the path before stays, to fall back to. */
    void useSecondSocket() {
        left.connection.probe(right.address, 1, now);
        for (int i = 0; i < 4; i++) {
            now += ROUND_TRIP_NANOS;
            exchange(Integer.MAX_VALUE);
        }
        if (left.connection.paths().primary().channel() != 1
                || left.connection.paths().isSingle()) {
            throw new AssertionError("did not move");
        }
    }

    /** Messages of so many bytes until one end has received so many packets more, in bursts that are delivered and confirmed before the next; a receiver answers after so many datagrams. */
    void talk(End from, End to, int size, int packets, int batch) {
        final byte[] encoded = encoded(size);
        for (final long until = to.packetsReceived + packets; to.packetsReceived < until; ) {
            write(from, encoded);
            await(batch);
        }
    }

    /** Likewise, both ends at once. */
    void talkBothWays(int size, int packets, int batch) {
        final byte[] encoded = encoded(size);
        for (final long until = left.packetsReceived + packets; left.packetsReceived < until; ) {
            write(left, encoded);
            write(right, encoded);
            await(batch);
        }
    }

    /** A message of {@code size} bytes as it goes through a conversation. */
    static byte[] encoded(int size) {
        return MessageCodec.encode(Message.bytes(TYPE, new byte[size]));
    }

    /** A burst, as a program that writes as fast as it can makes it. */
    private void write(End from, byte[] encoded) {
        for (int i = 0; i < Math.max(1, BURST_BYTES / encoded.length); i++) {
            from.offer(encoded);
            now += WRITING_NANOS;
        }
    }

    private void await(int batch) {
        while (left.conversation.queued() + right.conversation.queued() > 0) {
            now += ROUND_TRIP_NANOS;
            exchange(batch);
        }
    }

    private void exchange(int batch) {
        left.carryTo(right, batch);
        right.deliver();
        right.flush();
        right.carryTo(left, batch);
        left.deliver();
        left.flush();
    }
}
