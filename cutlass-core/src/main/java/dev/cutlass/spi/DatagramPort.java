package dev.cutlass.spi;

import java.io.Closeable;
import java.net.InetSocketAddress;

/**
 * One UDP port and the sockets that belong to it. Channel {@link #BOUND} is the bound socket, which talks with everybody; others are connected to one
 * remote address each and hear of ICMP errors.
 *
 * <p>Threads: {@link #receive} and {@link #await} belong to the listener. Everything else may be called from any thread.
 */
public interface DatagramPort extends Closeable {
    /** The bound socket. */
    int BOUND = 0;

    /** No channel. */
    int NONE = -1;

    /** Where the bound socket is bound; its port is the real one when 0 was asked for. */
    InetSocketAddress localAddress();

    /**
     * Sends a datagram at once, or not at all: never blocks, never queues. On a connected channel the address is not looked at.
     *
     * @return false if the datagram was dropped here: full socket buffer, no route, channel gone
     */
    boolean send(byte[] datagram, int offset, int length, InetSocketAddress to, int channel);

    /**
     * Whether no system on the way, this one included, cuts datagrams into fragments: one that is too long gets lost, and so tells what the path carries. False where
     * that is not known; then no connection looks for larger datagrams.
     */
    default boolean isUnfragmented() {
        return false;
    }

    /**
     * Sends datagrams in order, each as {@link #send} does, and leaves the batch as it is. A port that can hands several to the system at once.
     *
     * @return how many were not dropped here
     */
    default int sendBatch(DatagramBatch batch) {
        int sent = 0;
        for (int i = 0; i < batch.size(); i++) {
            if (send(batch.datagram(i), 0, batch.length(i), batch.to(i), batch.channel(i))) {
                sent++;
            }
        }
        return sent;
    }

    /**
     * Hands what has arrived, up to {@code max} datagrams, to the receiver. Does not block. Listener only.
     *
     * @return how many were handed over
     */
    int receive(Receiver receiver, int max);

    /** Blocks until something has arrived, {@link #wakeup} was called, or the time is over. Listener only. */
    void await(long maxNanos);

    /** Makes the present or the next {@link #await} return at once. */
    void wakeup();

    /**
     * Makes a socket of its own, with a local port of its own, connected to one remote address. The listener begins to read it in its next turn.
     *
     * @return the channel, above 0, never used before by this port; or {@link #NONE} if the system refused
     */
    int connect(InetSocketAddress remote);

    /** Closes a connected channel. What was received there and not yet read is lost. Unknown channels are ignored. */
    void disconnect(int channel);

    /** Closes all sockets. Idempotent. */
    @Override
    void close();

    /** What takes datagrams. */
    interface Receiver {
        /** A datagram: {@code length} bytes from {@code offset}. The buffer is the port's and is used again after the call. */
        void onDatagram(byte[] buffer, int offset, int length, InetSocketAddress from, int channel);

        /** The system says that nobody listens at the other end of a connected channel. Anybody on the way can forge that. */
        void onUnreachable(int channel);
    }
}
