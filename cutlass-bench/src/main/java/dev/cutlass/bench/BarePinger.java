package dev.cutlass.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.jspecify.annotations.Nullable;

/** The client of a {@link BareEcho}. One thread at a time. */
final class BarePinger implements AutoCloseable {
    private final DatagramChannel channel = BareEcho.open();
    private final Selector selector = Selector.open();
    private final InetSocketAddress echo;
    private final ByteBuffer out;
    private final ByteBuffer in;
    private final boolean selecting;

    /** Volatile: set by the measuring thread before the reader needs it. */
    private volatile Pinger.@Nullable Echo waiting;

    BarePinger(int port, int length, boolean selecting) throws IOException {
        this.echo = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.out = ByteBuffer.allocateDirect(length);
        this.in = ByteBuffer.allocateDirect(length);
        this.selecting = selecting;
        if (selecting) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
        }
    }

    /** One thread sends and receives. */
    Samples byOneThread(int count) throws IOException {
        final Samples samples = new Samples(count);
        for (int i = 0; i < count; i++) {
            final long start = System.nanoTime();
            channel.send(out.clear(), echo);
            receive();
            samples.add(System.nanoTime() - start);
        }
        return samples;
    }

    /** One thread sends and sleeps, another receives and wakes it. From now on only this method may be used. */
    Samples byWaitingCaller(int count) throws IOException {
        final Samples samples = new Samples(count);
        final Pinger.Echo mine = new Pinger.Echo(Thread.currentThread());
        if (waiting == null) {
            final Thread reader = new Thread(this::readAll, "bare-reader");
            reader.setDaemon(true);
            reader.start();
        }
        waiting = mine;
        for (int i = 0; i < count; i++) {
            final long start = System.nanoTime();
            channel.send(out.clear(), echo);
            mine.await();
            samples.add(System.nanoTime() - start);
        }
        return samples;
    }

    private void readAll() {
        try {
            while (channel.isOpen()) {
                receive();
                final Pinger.Echo told = waiting;
                if (told != null) {
                    told.came();
                }
            }
        } catch (ClosedChannelException | ClosedSelectorException e) {
            return; // close() ends it this way
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void receive() throws IOException {
        if (!selecting) {
            channel.receive(in.clear());
            return;
        }
        do {
            selector.select();
            selector.selectedKeys().clear();
        } while (channel.receive(in.clear()) == null);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        selector.close();
    }
}
