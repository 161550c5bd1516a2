package dev.cutlass.cables.onion;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A control port that answers as it is told to. */
final class FakeTor implements AutoCloseable {
    static final String END = "(the connection ended)";

    /** What it was asked, and the end of each connection. */
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private final ServerSocket server;
    private final UnaryOperator<String> answers;
    private volatile Socket open;

    private FakeTor(ServerSocket server, UnaryOperator<String> answers) {
        this.server = server;
        this.answers = answers;
    }

    /** Answers are whole, with status and separators but without line ends at the end. */
    static FakeTor start(UnaryOperator<String> answers) throws IOException {
        final FakeTor tor = new FakeTor(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()), answers);
        final Thread thread = new Thread(tor::serve, "fake-tor");
        thread.setDaemon(true);
        thread.start();
        return tor;
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                open = socket;
                final BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    heard.add(line);
                    socket.getOutputStream().write((answers.apply(line) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                if (server.isClosed()) {
                    return;
                }
            }
            heard.add(END);
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    String next() throws InterruptedException {
        final String line = heard.poll(20, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("nothing was asked");
        }
        return line;
    }

    /** As if this Tor had been restarted. */
    void cut() {
        try {
            open.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        final Socket last = open;
        if (last != null) {
            last.close();
        }
    }
}
