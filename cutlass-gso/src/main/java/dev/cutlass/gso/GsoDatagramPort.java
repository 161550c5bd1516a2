package dev.cutlass.gso;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.cutlass.spi.DatagramBatch;
import dev.cutlass.spi.DatagramPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** A UDP port by way of Linux's own calls. What it puts on the wire is what the NIO port puts there. Threads: see {@link DatagramPort}. */
final class GsoDatagramPort implements DatagramPort {
    /** No UDP datagram is longer, nor is what the system joins of several. */
    private static final int MAX_RECEIVED = 65_535;

    /** Sockets that have something take turns of so many datagrams: whoever floods the bound one does not keep those of conversations from being read. */
    private static final int SLICE = 8;

    /** Threads that send at the same time without making memory of their own: more than cores that are likely to. */
    private static final int SPARE_SENDERS = 4;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Poller poller;
    private final GsoChannel bound;
    private final InetSocketAddress localAddress;
    private final @Nullable InetAddress bindAddress;
    private final ConcurrentHashMap<Integer, GsoChannel> channels = new ConcurrentHashMap<>();
    private final AtomicInteger lastId = new AtomicInteger(BOUND);
    private final AtomicReferenceArray<@Nullable Sender> spareSenders = new AtomicReferenceArray<>(SPARE_SENDERS);

    /** Channels whose senders met an ICMP error; each is in it once at most. */
    private final ConcurrentLinkedQueue<GsoChannel> unreachable = new ConcurrentLinkedQueue<>();

    /** Volatile: any thread closes. */
    private volatile boolean closed;

    /** Volatile: any sender learns that the machine cannot; who does not know it yet only tries once more. */
    private volatile boolean segments = true;

    // Listener only:
    private final Message received = new Message(MAX_RECEIVED);
    private final byte[] buffer = new byte[MAX_RECEIVED];
    private final SenderAddresses addresses = new SenderAddresses();

    /** Whose datagrams lie in the buffer; null: nobody's. From where on, up to where, how long each is. */
    private @Nullable GsoChannel restOf;

    private @Nullable InetSocketAddress restFrom;
    private int restAt;
    private int restEnd;
    private int restSegment;

    private GsoDatagramPort(Poller poller, GsoChannel bound, @Nullable InetAddress bindAddress) throws IOException {
        this.poller = poller;
        this.bound = bound;
        this.localAddress = bound.localAddress();
        this.bindAddress = bindAddress;
        poller.add(bound);
        channels.put(BOUND, bound);
    }

    /** Binds a port; address null: all; port 0: any. */
    static GsoDatagramPort open(@Nullable InetAddress address, int port) throws IOException {
        final GsoChannel bound = GsoChannel.open(BOUND, address, port);
        Poller poller = null;
        try {
            poller = Poller.open();
            return new GsoDatagramPort(poller, bound, address);
        } catch (IOException | RuntimeException e) {
            bound.descriptor.close();
            if (poller != null) {
                poller.close();
            }
            throw e;
        }
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /** No socket is opened where the system would cut datagrams. */
    @Override
    public boolean isUnfragmented() {
        return true;
    }

    @Override
    public boolean send(byte[] datagram, int offset, int length, InetSocketAddress to, int channel) {
        final GsoChannel out = channel(channel);
        if (out == null) {
            return false;
        }
        final Sender sender = takeSender();
        try {
            return sent(out, sender.send(out, datagram, offset, length, to));
        } finally {
            giveBack(sender);
        }
    }

    @Override
    public int sendBatch(DatagramBatch batch) {
        final Sender sender = takeSender();
        try {
            int sent = 0;
            for (int first = 0; first < batch.size(); ) {
                final int end = segments ? Sender.endOfRun(batch, first) : first + 1;
                final GsoChannel out = channel(batch.channel(first));
                if (out != null) {
                    sent += sendRun(sender, out, batch, first, end);
                }
                first = end;
            }
            return sent;
        } finally {
            giveBack(sender);
        }
    }

    private int sendRun(Sender sender, GsoChannel out, DatagramBatch batch, int first, int end) {
        if (end - first > 1) {
            final int result = sender.send(out, batch, first, end);
            if (sent(out, result)) {
                return end - first;
            }
            if (result == -Libc.EIO) {
                segments = false; // the interface cannot do checksums, says udp(7)
            } else if (result != -Libc.EINVAL && result != -Libc.EMSGSIZE) {
                return 0;
            }
            // Larger than the first link takes, or more than it joins: one by one the system says which are.
        }
        int sent = 0;
        for (int i = first; i < end; i++) {
            if (sent(out, sender.send(out, batch.datagram(i), 0, batch.length(i), batch.to(i)))) {
                sent++;
            }
        }
        return sent;
    }

    private boolean sent(GsoChannel out, int result) {
        if (result == -Libc.ECONNREFUSED && out != bound && !out.unreachable.getAndSet(true)) {
            unreachable.add(out);
            poller.wakeup();
        }
        return result == 0; // else no route, buffer full, closed: lost, as it might be anywhere else on its way
    }

    private @Nullable GsoChannel channel(int id) {
        return id == BOUND ? bound : channels.get(id);
    }

    private Sender takeSender() {
        for (int i = 0; i < SPARE_SENDERS; i++) {
            final Sender spare = spareSenders.getAndSet(i, null);
            if (spare != null) {
                return spare;
            }
        }
        return new Sender();
    }

    private void giveBack(Sender sender) {
        for (int i = 0; i < SPARE_SENDERS; i++) {
            if (spareSenders.compareAndSet(i, null, sender)) {
                return;
            }
        }
    }

    @Override
    public int receive(Receiver receiver, int max) {
        if (closed) {
            return 0;
        }
        int count = cutRest(receiver, max);
        count += receiveFromUnreachable(receiver, max - count);
        if (count < max && !poller.hasReady()) {
            poller.look();
        }
        boolean more = false;
        while (count < max && (poller.hasReady() || more)) {
            if (!poller.hasReady()) {
                more = false;
                poller.look();
                continue;
            }
            final GsoChannel channel = channels.get(poller.ready());
            poller.doneWithReady(); // if it is not empty, the next look says so, after the others
            if (channel != null) {
                final int turn = Math.min(SLICE, max - count);
                final int taken = receiveFrom(channel, receiver, turn);
                more |= taken == turn;
                count += taken;
                count += cutRest(receiver, max - count);
            }
        }
        return count;
    }

    /** Those whose senders met an ICMP error: what they have is read, then {@link #receiveFrom} tells of the error. */
    private int receiveFromUnreachable(Receiver receiver, int max) {
        int count = 0;
        while (count < max) {
            final GsoChannel failed = unreachable.poll();
            if (failed == null) {
                return count;
            }
            count += receiveFrom(failed, receiver, Math.min(SLICE, max - count));
            count += cutRest(receiver, max - count);
            if (failed.unreachable.get() && !failed.descriptor.isClosed()) {
                unreachable.add(failed); // not empty yet
                return count;
            }
        }
        return count;
    }

    private int receiveFrom(GsoChannel channel, Receiver receiver, int max) {
        int count = 0;
        while (count < max && channel.descriptor.acquire()) {
            received.toReceive();
            final long length;
            try {
                length = Libc.recvmsg(received.errno, channel.descriptor.number, received.header);
            } finally {
                channel.descriptor.release();
            }
            if (length >= 0) {
                keep(channel, (int) length);
                count += cutRest(receiver, max - count);
            } else if (length == -Libc.EAGAIN) {
                // Not before: the system reports an ICMP error before the datagrams that came before it, the peer's
                // CLOSE
                // perhaps, and whoever hears of it may give the socket up.
                if (channel.unreachable.getAndSet(false)) {
                    receiver.onUnreachable(channel.id);
                }
                return count;
            } else if (length == -Libc.EMSGSIZE) {
                count++; // ICMP says that a datagram was too long: who tried finds that out by himself
            } else if (channel != bound && length != -Libc.EINTR) {
                // ICMP: mostly ECONNREFUSED, but there are other errors that only say something about this one address.
                channel.unreachable.set(true);
                count++;
            } else if (length != -Libc.EINTR) {
                throw new UncheckedIOException("reading UDP", new IOException("recvmsg failed with errno " + -length));
            }
        }
        return count;
    }

    private void keep(GsoChannel channel, int length) {
        MemorySegment.copy(received.payload, JAVA_BYTE, 0, buffer, 0, length);
        restOf = channel;
        restFrom = addresses.of(received.name);
        restAt = 0;
        restEnd = length;
        restSegment = received.receivedSegment(length);
    }

    /** Hands over what lies in the buffer, one datagram after the other. */
    private int cutRest(Receiver receiver, int max) {
        int count = 0;
        for (GsoChannel channel = restOf; channel != null && count < max; channel = restOf) {
            final InetSocketAddress from = restFrom;
            final int at = restAt;
            final int length = Math.min(restSegment, restEnd - at);
            restAt += length;
            if (restAt >= restEnd) {
                restOf = null;
                restFrom = null;
            }
            if (from == null || channel.descriptor.isClosed()) {
                restOf = null;
                return count;
            }
            receiver.onDatagram(buffer, at, length, from, channel.id);
            count++;
        }
        return count;
    }

    @Override
    public void await(long maxNanos) {
        if (restOf == null && !poller.hasReady()) {
            poller.await((int) Math.min(Integer.MAX_VALUE, Math.max(1, maxNanos / NANOS_PER_MILLI)));
        }
    }

    @Override
    public void wakeup() {
        poller.wakeup();
    }

    @Override
    public int connect(InetSocketAddress remote) {
        GsoChannel channel = null;
        try {
            final boolean four = remote.getAddress() instanceof Inet4Address;
            // As NIO does it: an IPv4 socket for an IPv4 address.
            channel =
                    GsoChannel.open(lastId.incrementAndGet(), bindAddress == null && four ? anyIpv4() : bindAddress, 0);
            channel.connect(remote);
            channels.put(channel.id, channel); // before the listener can hear of it
            poller.add(channel);
            if (!closed) {
                return channel.id;
            }
        } catch (IOException e) {
            // The system refused: too many, no route, no such family.
        }
        if (channel != null) {
            channels.remove(channel.id);
            channel.descriptor.close();
        }
        return NONE;
    }

    private static InetAddress anyIpv4() throws IOException {
        return InetAddress.getByAddress(new byte[4]);
    }

    @Override
    public void disconnect(int channel) {
        if (channel == BOUND) {
            throw new IllegalArgumentException("the bound socket is closed by close()");
        }
        final GsoChannel out = channels.remove(channel);
        if (out != null) {
            out.descriptor.close(); // the poller forgets it by that
        }
    }

    @Override
    public void close() {
        closed = true;
        for (GsoChannel channel : channels.values()) {
            channel.descriptor.close();
        }
        channels.clear();
        poller.close();
    }
}
