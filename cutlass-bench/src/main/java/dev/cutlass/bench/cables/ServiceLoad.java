package dev.cutlass.bench.cables;

import dev.cutlass.bench.Samples;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Many connections to one service, each with one request under way all the time. One thread. */
final class ServiceLoad implements AutoCloseable {
    private static final int ANSWER_ROOM = 64 * 1024;
    private static final String LENGTH = "content-length:";
    private static final String END = "\r\n\r\n";
    private static final long WAIT_MILLIS = 10_000;

    private final Selector selector;
    private final List<Client> clients = new ArrayList<>();
    private Samples samples = new Samples(1);

    private ServiceLoad(Selector selector) {
        this.selector = selector;
    }

    static ServiceLoad connect(InetSocketAddress service, int connections) throws IOException {
        final ServiceLoad load = new ServiceLoad(Selector.open());
        try {
            for (int i = 0; i < connections; i++) {
                final SocketChannel channel = SocketChannel.open(service);
                channel.configureBlocking(false);
                final Client client = new Client(channel);
                channel.register(load.selector, SelectionKey.OP_READ, client);
                load.clients.add(client);
            }
            return load;
        } catch (IOException e) {
            load.close();
            throw e;
        }
    }

    /**
     * Asks for a path as fast as answers come.
     *
     * @return the nanoseconds that each answer took
     * @throws IOException if an answer is not 200, or none comes for 10 s
     */
    Samples ask(String host, String path, double seconds) throws IOException {
        final byte[] request =
                ("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        samples = new Samples(1 << 16);
        final long end = System.nanoTime() + (long) (seconds * 1e9);
        int open = clients.size();
        for (Client client : clients) {
            client.send(request);
        }
        while (open > 0) {
            if (selector.select(WAIT_MILLIS) == 0) {
                throw new IOException(open + " answers did not come");
            }
            for (SelectionKey key : selector.selectedKeys()) {
                final Client client = (Client) key.attachment();
                if (client.readAnswer()) {
                    final long now = System.nanoTime();
                    samples.add(now - client.sentAt);
                    if (now < end) {
                        client.send(request);
                    } else {
                        open--;
                    }
                }
            }
            selector.selectedKeys().clear();
        }
        return samples;
    }

    @Override
    public void close() throws IOException {
        for (Client client : clients) {
            client.channel.close();
        }
        selector.close();
    }

    private static final class Client {
        final SocketChannel channel;
        final ByteBuffer answer = ByteBuffer.allocate(ANSWER_ROOM);
        long sentAt;

        /** Header and body; 0 until the header is there. */
        private int length;

        Client(SocketChannel channel) {
            this.channel = channel;
        }

        void send(byte[] request) throws IOException {
            answer.clear();
            length = 0;
            sentAt = System.nanoTime();
            final ByteBuffer bytes = ByteBuffer.wrap(request);
            while (bytes.hasRemaining()) {
                channel.write(bytes); // one short request at a time: there is room
            }
        }

        /** Whether it is all there. */
        boolean readAnswer() throws IOException {
            if (channel.read(answer) < 0) {
                throw new EOFException("the service closed a connection");
            }
            if (length == 0) {
                final String text = new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
                final int header = text.indexOf(END);
                if (header < 0) {
                    return false;
                }
                if (!text.startsWith("HTTP/1.1 200 ")) {
                    throw new IOException(text.substring(0, text.indexOf('\r')));
                }
                final int at = text.toLowerCase(Locale.ROOT).indexOf(LENGTH) + LENGTH.length();
                length = header
                        + END.length()
                        + Integer.parseInt(
                                text.substring(at, text.indexOf('\r', at)).strip());
            }
            return answer.position() >= length;
        }
    }
}
