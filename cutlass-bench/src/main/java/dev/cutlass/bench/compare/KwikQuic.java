package dev.cutlass.bench.compare;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import tech.kwik.core.QuicClientConnection;
import tech.kwik.core.QuicConnection;
import tech.kwik.core.QuicStream;
import tech.kwik.core.log.NullLogger;
import tech.kwik.core.server.ApplicationProtocolConnection;
import tech.kwik.core.server.ApplicationProtocolConnectionFactory;
import tech.kwik.core.server.ServerConnectionConfig;
import tech.kwik.core.server.ServerConnector;

/** QUIC with Kwik, pure Java: one stream, a blocking reader on each side. Only the server has a certificate. */
final class KwikQuic implements UdpContender {
    private static final String PROTOCOL = "bench";
    private static final int BUFFER = 1 << 14;
    private static final long STREAM_BYTES = 1 << 20;
    private static final int STREAMS = 100;
    private static final Duration IDLE = Duration.ofMinutes(10);

    @Override
    public String label() {
        return "QUIC, Kwik";
    }

    @Override
    public int port(String address) {
        return Integer.parseInt(address);
    }

    @Override
    public String at(String address, int port) {
        return Integer.toString(port);
    }

    @Override
    public Server serve() throws Exception {
        final Certificate certificate = Certificate.generate();
        final DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        final ServerConnector connector = ServerConnector.builder()
                .withSocket(socket)
                .withPort(socket.getLocalPort())
                .withKeyStore(certificate.store(), Certificate.ALIAS, Certificate.PASSWORD.toCharArray())
                .withConfiguration(ServerConnectionConfig.builder()
                        .maxIdleTimeout((int) IDLE.toMillis())
                        .maxOpenPeerInitiatedBidirectionalStreams(STREAMS)
                        .maxBidirectionalStreamBufferSize(STREAM_BYTES)
                        .maxConnectionBufferSize(STREAM_BYTES)
                        .build())
                .withLogger(new NullLogger())
                .build();
        connector.registerApplicationProtocol(PROTOCOL, new ApplicationProtocolConnectionFactory() {
            @Override
            public ApplicationProtocolConnection createConnection(String protocol, QuicConnection connection) {
                return new ApplicationProtocolConnection() {
                    @Override
                    public void acceptPeerInitiatedStream(QuicStream stream) {
                        final Thread thread = new Thread(() -> run(stream), "kwik-server");
                        thread.setDaemon(true);
                        thread.start();
                    }
                };
            }

            @Override
            public int maxConcurrentPeerInitiatedBidirectionalStreams() {
                return STREAMS;
            }
        });
        connector.start();
        return new Server() {
            @Override
            public String address() {
                return Integer.toString(socket.getLocalPort());
            }

            @Override
            public void close() {
                connector.close();
            }
        };
    }

    private static void run(QuicStream stream) {
        final Sink sink = new Sink();
        try {
            final DataInputStream in = new DataInputStream(new BufferedInputStream(stream.getInputStream(), BUFFER));
            final DataOutputStream out =
                    new DataOutputStream(new BufferedOutputStream(stream.getOutputStream(), BUFFER));
            while (true) {
                final byte[] answer = sink.handle(read(in));
                if (answer != null) {
                    write(out, answer);
                    out.flush();
                }
            }
        } catch (IOException e) {
            return; // the client closed; what it still waits for it will miss by itself
        }
    }

    private static byte[] read(DataInputStream in) throws IOException {
        final byte[] message = new byte[in.readInt()];
        in.readFully(message);
        return message;
    }

    private static void write(DataOutputStream out, byte[] message) throws IOException {
        out.writeInt(message.length);
        out.write(message);
    }

    @Override
    public Client connect(String address) throws Exception {
        final QuicClientConnection connection = QuicClientConnection.newBuilder()
                .uri(URI.create("quic://127.0.0.1:" + address))
                .applicationProtocol(PROTOCOL)
                .maxIdleTimeout(IDLE)
                .noServerCertificateCheck()
                .logger(new NullLogger())
                .build();
        connection.connect();
        final QuicStream stream = connection.createStream(true);
        final DataInputStream in = new DataInputStream(new BufferedInputStream(stream.getInputStream(), BUFFER));
        final DataOutputStream out = new DataOutputStream(new BufferedOutputStream(stream.getOutputStream(), BUFFER));
        return new BlockingClient() {
            @Override
            void send(byte[] message) throws IOException {
                write(out, message);
            }

            @Override
            void flush() throws IOException {
                out.flush();
            }

            @Override
            byte[] receive() throws IOException {
                return read(in);
            }

            @Override
            public void close() {
                connection.close();
            }
        };
    }
}
