package dev.cutlass.bench.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The limit of the machine: messages packed into datagrams of 1,400 bytes, sealed or not, with a plain ACK every 32 and nothing else: no handshake (the key is
 * in the server's address), no recovery, no congestion control, one thread per side, one client at a time. What is lost ends the measurement.
 */
final class Bare implements Contender {
    private static final int KEY_LENGTH = 16;

    private final boolean sealed;

    Bare(boolean sealed) {
        this.sealed = sealed;
    }

    @Override
    public String label() {
        return sealed ? "bare NIO UDP, sealed (AES-GCM)" : "bare NIO UDP, in the clear";
    }

    @Override
    public boolean connects() {
        return false;
    }

    @Override
    public Server serve() throws IOException {
        final byte[] key = new byte[KEY_LENGTH];
        new SecureRandom().nextBytes(key);
        final BareServer server =
                new BareServer(sealed ? key : null, HexFormat.of().formatHex(key));
        server.start();
        return server;
    }

    @Override
    public Client connect(String address) throws IOException {
        final int colon = address.indexOf(':');
        final DatagramChannel channel = DatagramChannel.open();
        channel.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(address.substring(0, colon))));
        return new BareClient(channel, sealed ? HexFormat.of().parseHex(address.substring(colon + 1)) : null);
    }

    /** The one thread that sends and, when it must wait, reads. */
    private static final class BareClient extends BlockingClient {
        private final DatagramChannel channel;
        private final PackedPackets packets;
        private byte @Nullable [] answer;

        BareClient(DatagramChannel channel, byte @Nullable [] key) {
            this.channel = channel;
            this.packets = new PackedPackets(channel, key, true);
        }

        @Override
        void send(byte[] message) throws IOException {
            packets.send(message);
        }

        @Override
        void flush() throws IOException {
            packets.flush();
        }

        @Override
        byte[] receive() throws IOException {
            answer = null;
            byte[] found = null;
            while (found == null) {
                packets.read(message -> answer = message);
                found = answer;
            }
            return found;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** Reads on a thread of its own. */
    private static final class BareServer implements Server {
        private final DatagramChannel channel =
                DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        private final byte @Nullable [] key;
        private final String keyText;

        BareServer(byte @Nullable [] key, String keyText) throws IOException {
            this.key = key;
            this.keyText = keyText;
        }

        void start() {
            final Thread thread = new Thread(this::run, "bare-server");
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            try {
                final PackedPackets packets = new PackedPackets(channel, key, false);
                final Sink sink = new Sink();
                while (channel.isOpen()) {
                    packets.read(message -> {
                        final byte[] answer = sink.handle(message);
                        if (answer != null) {
                            packets.answer(answer);
                        }
                    });
                }
            } catch (AsynchronousCloseException e) {
                return; // close() ends it this way
            } catch (ClosedChannelException e) {
                return; // or this
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        public String address() {
            return channel.socket().getLocalPort() + ":" + keyText;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
