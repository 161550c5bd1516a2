package dev.cutlass.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** What the network itself costs: a UDP echo without anything, on a thread of its own. */
final class BareEcho implements AutoCloseable {
    private static final int MAX_LENGTH = 2048;

    private final DatagramChannel channel;
    private final Selector selector;

    private BareEcho(DatagramChannel channel, Selector selector) {
        this.channel = channel;
        this.selector = selector;
    }

    /** @param selecting waits in a selector, as who serves several sockets; else in {@code receive} itself */
    static BareEcho start(boolean selecting) throws IOException {
        final BareEcho echo = new BareEcho(open(), Selector.open());
        if (selecting) {
            echo.channel.configureBlocking(false);
            echo.channel.register(echo.selector, SelectionKey.OP_READ);
        }
        final Thread thread = new Thread(() -> echo.run(selecting), "bare-echo");
        thread.setDaemon(true);
        thread.start();
        return echo;
    }

    /** A socket on the loopback address. */
    static DatagramChannel open() throws IOException {
        return DatagramChannel.open(StandardProtocolFamily.INET)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    int port() throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    private void run(boolean selecting) {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_LENGTH);
        try {
            while (channel.isOpen()) {
                if (selecting) {
                    selector.select();
                    selector.selectedKeys().clear();
                }
                SocketAddress from = channel.receive(buffer.clear());
                while (from != null) {
                    channel.send(buffer.flip(), from);
                    from = selecting ? channel.receive(buffer.clear()) : null;
                }
            }
        } catch (ClosedChannelException | ClosedSelectorException e) {
            return; // close() ends it this way
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        selector.close();
    }
}
