package dev.cutlass.gso;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.cutlass.spi.DatagramBatch;
import dev.cutlass.spi.DatagramPort;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Memory for one call at a time that sends. One thread at a time; not a socket's own, since there are more sockets than threads that send at the same time. */
final class Sender {
    /** UDP's maximum over IPv4, in one datagram or as one run: 65,535 less the headers of IP and UDP. */
    static final int MAX_LENGTH = 65_507;

    /** UDP_MAX_SEGMENTS of Linux before 6.9; later ones take 128. */
    static final int MAX_SEGMENTS = 64;

    /** No datagram is longer, over IPv6 either. */
    private static final int CAPACITY = 65_535;

    private final Message message = new Message(CAPACITY);

    /** Whose address the message names, in which family, and how long that is. */
    private @Nullable InetSocketAddress named;

    private int namedFamily;
    private int nameLength;

    /** Where the run ends that begins here: datagrams that one call can send. */
    static int endOfRun(DatagramBatch batch, int first) {
        final int length = batch.length(first);
        final int channel = batch.channel(first);
        final InetSocketAddress to = batch.to(first);
        int total = length;
        int end = first + 1;
        while (length > 0 && end < batch.size() && end - first < MAX_SEGMENTS) {
            final int added = batch.length(end);
            total += added;
            if (added > length || added == 0 || total > MAX_LENGTH || batch.channel(end) != channel) {
                return end;
            }
            if (!batch.to(end).equals(to)) {
                return end;
            }
            end++;
            if (added < length) {
                return end; // only the last one may be shorter
            }
        }
        return end;
    }

    /** Returns 0, or minus an errno. */
    int send(GsoChannel out, byte[] bytes, int offset, int length, InetSocketAddress to) {
        if (length > CAPACITY) {
            return -Libc.EMSGSIZE;
        }
        MemorySegment.copy(bytes, offset, message.payload, JAVA_BYTE, 0, length);
        return send(out, to, length, 0);
    }

    /** Sends a run, all or nothing. Returns 0, or minus an errno. */
    int send(GsoChannel out, DatagramBatch batch, int first, int end) {
        int at = 0;
        for (int i = first; i < end; i++) {
            MemorySegment.copy(batch.datagram(i), 0, message.payload, JAVA_BYTE, at, batch.length(i));
            at += batch.length(i);
        }
        return send(out, batch.to(first), at, batch.length(first));
    }

    private int send(GsoChannel out, InetSocketAddress to, int length, int segment) {
        int name = 0;
        if (out.id == DatagramPort.BOUND) {
            name = name(to, out.family);
            if (name == 0) {
                return -Libc.EINVAL;
            }
        }
        message.toSend(name, length, segment);
        if (!out.descriptor.acquire()) {
            return -Libc.EIO;
        }
        try {
            final long sent = Libc.sendmsg(message.errno, out.descriptor.number, message.header);
            return sent == length ? 0 : sent < 0 ? (int) sent : -Libc.EMSGSIZE;
        } finally {
            out.descriptor.release();
        }
    }

    private int name(InetSocketAddress to, int family) {
        if (!to.equals(named) || family != namedFamily) {
            nameLength = SocketAddress.encode(to, family, message.name);
            named = to;
            namedFamily = family;
        }
        return nameLength;
    }
}
