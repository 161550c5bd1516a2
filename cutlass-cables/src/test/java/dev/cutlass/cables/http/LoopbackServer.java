package dev.cutlass.cables.http;

import dev.cutlass.cables.address.HostName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A server on loopback that does with each connection what a test says: hostile nodes, and proxies of both kinds. */
final class LoopbackServer implements AutoCloseable {
    /** What is done with a connection, which ends with it. */
    interface Script {
        void run(Socket socket, InputStream in, OutputStream out) throws IOException;
    }

    /** What the clients asked for, as the script writes it down. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    private final ServerSocket listener;
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    private LoopbackServer(ServerSocket listener) {
        this.listener = listener;
    }

    static LoopbackServer of(Script script) throws IOException {
        return of(script, InetAddress.getLoopbackAddress());
    }

    private static LoopbackServer of(Script script, InetAddress at) throws IOException {
        final LoopbackServer server = new LoopbackServer(new ServerSocket(0, 50, at));
        server.start(script);
        return server;
    }

    private void start(Script script) {
        daemon(() -> {
            while (!listener.isClosed()) {
                try {
                    final Socket socket = listener.accept();
                    open.add(socket);
                    daemon(() -> serve(script, socket));
                } catch (IOException e) {
                    return; // closed
                }
            }
        });
    }

    private static void serve(Script script, Socket socket) {
        try (socket) {
            script.run(socket, socket.getInputStream(), socket.getOutputStream());
        } catch (IOException e) {
            return; // the client went, as it may
        }
    }

    private static void daemon(Runnable what) {
        final Thread thread = new Thread(what, "loopback-server");
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    /** A node that answers each request with the same bytes, and then ends the connection. */
    static LoopbackServer answering(String answer) throws IOException {
        final LoopbackServer[] self = new LoopbackServer[1];
        self[0] = of((socket, in, out) -> {
            self[0].asked.add(head(in));
            out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
        });
        return self[0];
    }

    /** RFC 1928: takes names alone, writes down which, and connects to {@code backend} whatever they are; {@code reply} 0 for success. */
    static LoopbackServer socks5(InetSocketAddress backend, int reply) throws IOException {
        return socks5(backend, reply, InetAddress.getLoopbackAddress());
    }

    static LoopbackServer socks5(InetSocketAddress backend, int reply, InetAddress at) throws IOException {
        return socks5(name -> reply == 0 ? backend : null, reply, at);
    }

    /** Likewise, and knows where each name leads. */
    static LoopbackServer socks5(Map<HostName, InetSocketAddress> backends) throws IOException {
        return socks5(name -> backends.get(HostName.parse(name)), 4, InetAddress.getLoopbackAddress());
    }

    private static LoopbackServer socks5(Function<String, InetSocketAddress> backends, int refusal, InetAddress at)
            throws IOException {
        final LoopbackServer[] self = new LoopbackServer[1];
        self[0] = of(
                (socket, in, out) -> {
                    final int version = in.read();
                    in.readNBytes(in.read());
                    drip(out, 5, 0);
                    final byte[] request = in.readNBytes(4);
                    if (version != 5 || request[0] != 5 || request[1] != 1 || request[3] != 3) {
                        self[0].asked.add("not a name: type " + request[3]);
                        return;
                    }
                    final String name = new String(in.readNBytes(in.read()), StandardCharsets.US_ASCII);
                    self[0].asked.add(name + ":" + (in.read() << 8 | in.read()));
                    final InetSocketAddress backend = backends.apply(name);
                    drip(out, 5, backend == null ? refusal : 0, 0, 1, 0, 0, 0, 0, 0, 0);
                    if (backend != null) {
                        relay(socket, in, out, backend);
                    }
                },
                at);
        return self[0];
    }

    private static void drip(OutputStream out, int... bytes) throws IOException {
        for (int each : bytes) {
            out.write(each);
            out.flush();
        }
    }

    /** Takes absolute targets, writes down which, and asks {@code backend} for their paths. */
    static LoopbackServer httpProxy(InetSocketAddress backend) throws IOException {
        final LoopbackServer[] self = new LoopbackServer[1];
        self[0] = of((socket, in, out) -> {
            final String head = head(in);
            self[0].asked.add(head);
            try (Socket to = new Socket(backend.getAddress(), backend.getPort())) {
                final String origin = head.replaceFirst("^GET http://[^/ ]+", "GET ")
                        .replaceFirst("(?i)\r\nProxy-Connection:[^\r]*", "");
                to.getOutputStream()
                        .write(origin.replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.ISO_8859_1));
                to.getInputStream().transferTo(out);
            }
        });
        return self[0];
    }

    private static void relay(Socket socket, InputStream in, OutputStream out, InetSocketAddress backend)
            throws IOException {
        try (Socket to = new Socket(backend.getAddress(), backend.getPort())) {
            daemon(() -> {
                try {
                    in.transferTo(to.getOutputStream());
                    to.shutdownOutput();
                } catch (IOException e) {
                    return; // either side went
                }
            });
            to.getInputStream().transferTo(out);
            socket.shutdownOutput();
        }
    }

    /** A header, with the empty line after it. */
    static String head(InputStream in) throws IOException {
        final ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            final int next = in.read();
            if (next < 0) {
                throw new IOException("the client went");
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** The field names of a request, in lower case and order. */
    static List<String> fieldsOf(String head) {
        return head.lines()
                .skip(1)
                .filter(line -> !line.isEmpty())
                .map(line -> line.toLowerCase(Locale.ROOT))
                .sorted()
                .toList();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
