package dev.cutlass.testkit;

import dev.cutlass.net.Ports;
import dev.cutlass.spi.DatagramBatch;
import dev.cutlass.spi.DatagramPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A real port that tells how many bytes leave it. */
final class CountingPort implements DatagramPort {
    private final DatagramPort port;
    private final LongConsumer sent;

    private CountingPort(DatagramPort port, LongConsumer sent) {
        this.port = port;
        this.sent = sent;
    }

    /** @param sent gets the lengths; called on any thread, by several at a time */
    static CountingPort open(@Nullable InetAddress address, int port, LongConsumer sent) throws IOException {
        return new CountingPort(Ports.open(address, port), sent);
    }

    @Override
    public InetSocketAddress localAddress() {
        return port.localAddress();
    }

    @Override
    public boolean send(byte[] datagram, int offset, int length, InetSocketAddress to, int channel) {
        final boolean isSent = port.send(datagram, offset, length, to, channel);
        if (isSent) {
            sent.accept(length);
        }
        return isSent;
    }

    @Override
    public int sendBatch(DatagramBatch batch) {
        final int count = port.sendBatch(batch);
        for (int i = 0; i < count; i++) {
            sent.accept(batch.length(i));
        }
        return count;
    }

    @Override
    public boolean isUnfragmented() {
        return port.isUnfragmented();
    }

    @Override
    public int receive(Receiver receiver, int max) {
        return port.receive(receiver, max);
    }

    @Override
    public void await(long maxNanos) {
        port.await(maxNanos);
    }

    @Override
    public void wakeup() {
        port.wakeup();
    }

    @Override
    public int connect(InetSocketAddress remote) {
        return port.connect(remote);
    }

    @Override
    public void disconnect(int channel) {
        port.disconnect(channel);
    }

    @Override
    public void close() {
        port.close();
    }
}
