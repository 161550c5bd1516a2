package dev.cutlass.bench.compare;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/** JeroMQ, pure Java, with CURVE; a DEALER talks with a ROUTER. Only the server's key is known beforehand. */
final class JeroMqCurve implements Contender {
    /** So that a lost message is an error and no wait for ever. */
    private static final int PATIENCE_MILLIS = 20_000;

    private static final int LINGER_MILLIS = 0;

    @Override
    public String label() {
        return "JeroMQ, CURVE";
    }

    @Override
    public Server serve() {
        final ZMQ.Curve.KeyPair keys = ZMQ.Curve.generateKeyPair();
        final ZContext context = new ZContext();
        final ZMQ.Socket socket = context.createSocket(SocketType.ROUTER);
        socket.setCurveServer(true);
        socket.setCurvePublicKey(keys.publicKey.getBytes(StandardCharsets.US_ASCII));
        socket.setCurveSecretKey(keys.secretKey.getBytes(StandardCharsets.US_ASCII));
        final int port = socket.bindToRandomPort("tcp://127.0.0.1");
        final Thread thread = new Thread(() -> run(socket), "jeromq-server");
        thread.setDaemon(true);
        thread.start();
        return new Server() {
            @Override
            public String address() {
                return port + ":" + keys.publicKey;
            }

            @Override
            public void close() {
                // The context would wait for the thread in recv; the process ends anyway.
            }
        };
    }

    private static void run(ZMQ.Socket socket) {
        final Map<ByteBuffer, Sink> sinks = new HashMap<>();
        while (true) {
            final byte[] from = socket.recv();
            final byte[] message = socket.recv();
            final byte[] answer = sinks.computeIfAbsent(ByteBuffer.wrap(from), any -> new Sink())
                    .handle(message);
            if (answer != null) {
                socket.sendMore(from);
                socket.send(answer);
            }
        }
    }

    @Override
    public Client connect(String address) {
        final int colon = address.indexOf(':');
        final ZMQ.Curve.KeyPair keys = ZMQ.Curve.generateKeyPair();
        final ZContext context = new ZContext();
        final ZMQ.Socket socket = context.createSocket(SocketType.DEALER);
        socket.setLinger(LINGER_MILLIS);
        socket.setReceiveTimeOut(PATIENCE_MILLIS);
        socket.setCurveServerKey(address.substring(colon + 1).getBytes(StandardCharsets.US_ASCII));
        socket.setCurvePublicKey(keys.publicKey.getBytes(StandardCharsets.US_ASCII));
        socket.setCurveSecretKey(keys.secretKey.getBytes(StandardCharsets.US_ASCII));
        socket.connect("tcp://127.0.0.1:" + address.substring(0, colon));
        return new JeroMqClient(context, socket);
    }

    private static final class JeroMqClient extends BlockingClient {
        private final ZContext context;
        private final ZMQ.Socket socket;

        JeroMqClient(ZContext context, ZMQ.Socket socket) {
            this.context = context;
            this.socket = socket;
        }

        @Override
        void send(byte[] message) {
            if (!socket.send(message)) {
                throw new ZMQException(socket.errno());
            }
        }

        @Override
        void flush() {
            // The library's own thread does.
        }

        @Override
        byte[] receive() {
            final byte[] message = socket.recv();
            if (message == null) {
                throw new ZMQException(socket.errno());
            }
            return message;
        }

        @Override
        public void close() {
            context.close();
        }
    }
}
