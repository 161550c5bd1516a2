package dev.cutlass.examples;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An HTTP proxy on loopback that knows ports for names of hidden services: stands for Tor or I2P. */
final class NamedHostsProxy implements Closeable {
    private static final int MAX_HEADER = 64 << 10;
    private static final int PATIENCE_MILLIS = 30_000;

    private final ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final Map<String, Integer> ports = new ConcurrentHashMap<>();

    NamedHostsProxy() throws IOException {
        final Thread thread = new Thread(this::accept, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** From now on this host is reached at this port. */
    void map(String host, int port) {
        ports.put(host, port);
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                final Socket client = server.accept();
                final Thread thread = new Thread(() -> serve(client), "proxy-connection");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException e) {
            // closed
        }
    }

    /** One request a connection: enough, if slower than what a real one does. */
    private void serve(Socket client) {
        try (client) {
            client.setSoTimeout(PATIENCE_MILLIS);
            final String[] line = header(client.getInputStream())
                    .lines()
                    .findFirst()
                    .orElse("")
                    .split(" ", 3);
            final URI target = URI.create(line.length == 3 ? line[1] : "");
            final Integer port = target.getHost() == null ? null : ports.get(target.getHost());
            if (port == null) {
                client.getOutputStream()
                        .write("HTTP/1.1 503 no such host\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                return;
            }
            try (Socket node = new Socket(InetAddress.getLoopbackAddress(), port)) {
                node.setSoTimeout(PATIENCE_MILLIS);
                node.getOutputStream()
                        .write((line[0] + " " + target.getRawPath() + " HTTP/1.1\r\nHost: " + target.getHost()
                                        + "\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                node.getInputStream().transferTo(client.getOutputStream());
            }
        } catch (IOException | IllegalArgumentException e) {
            // the client sees that nothing comes
        }
    }

    private static String header(InputStream in) throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String text = "";
        while (!text.endsWith("\r\n\r\n") && bytes.size() < MAX_HEADER) {
            final int next = in.read();
            if (next < 0) {
                break;
            }
            bytes.write(next);
            text = next == '\n' ? bytes.toString(StandardCharsets.US_ASCII) : text;
        }
        return text;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
