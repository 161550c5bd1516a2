package dev.cutlass.bench.compare;

import dev.cutlass.Cutlass;
import dev.cutlass.CutlassBuilder;
import dev.cutlass.Delivery;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Cutlass, with receipts as always. */
final class CutlassContender implements UdpContender {
    private static final String TYPE = "application/octet-stream";

    /** Sent and without a receipt: under the limits of the outbox at their defaults, 10,000 and 16 MiB. */
    private static final int MAX_MESSAGES = 8_000;

    private static final int MAX_BYTES = 12 << 20;

    /** The size of packets is what Cutlass does by itself. */
    static final int UNSET = 0;

    private final boolean direct;
    private final int datagram;

    /** @param datagram the greatest size of packets, told to both sides as to a program on one machine; or {@link #UNSET} */
    CutlassContender(boolean direct, int datagram) {
        this.direct = direct;
        this.datagram = datagram;
    }

    @Override
    public String label() {
        final String handlers = direct ? "Cutlass, direct handlers" : "Cutlass, default handlers";
        return datagram == UNSET ? handlers : handlers + ", packets of " + datagram;
    }

    @Override
    public int port(String address) {
        return PeerAddress.parse(address).places().get(0).port();
    }

    @Override
    public String at(String address, int port) {
        return address(PeerAddress.parse(address).key().orElseThrow(), port);
    }

    static String address(PeerId key, int port) {
        return PeerAddress.of(key, new PeerAddress.Place("127.0.0.1", port)).text();
    }

    private CutlassBuilder builder(Identity identity) {
        final CutlassBuilder builder = builder(identity, datagram);
        return direct ? builder.handlerExecutor(Runnable::run) : builder;
    }

    static CutlassBuilder builder(Identity identity, int datagram) {
        final CutlassBuilder builder = Cutlass.builder().identity(identity).bind(InetAddress.getLoopbackAddress());
        return datagram == UNSET ? builder : builder.maxDatagram(datagram).fixedDatagram(datagram);
    }

    @Override
    public Server serve() throws IOException {
        final Map<Peer, Sink> sinks = new ConcurrentHashMap<>();
        final Identity identity = Identity.generate();
        final Cutlass cutlass = builder(identity)
                .anyPort()
                .onMessage((peer, message) -> {
                    final byte[] answer =
                            sinks.computeIfAbsent(peer, any -> new Sink()).handle(message.content());
                    if (answer != null) {
                        peer.send(Message.bytes(TYPE, answer));
                    }
                })
                .start();
        return new Server() {
            @Override
            public String address() {
                return CutlassContender.address(cutlass.id(), cutlass.localPort());
            }

            @Override
            public void close() {
                cutlass.close();
                identity.close();
            }
        };
    }

    /** A new identity and a new engine each: what a program does that starts and says something. */
    @Override
    public Client connect(String address) throws IOException {
        return new CutlassClient(Identity.generate(), PeerAddress.parse(address));
    }

    private final class CutlassClient extends CallbackClient {
        private final Identity identity;
        private final Cutlass cutlass;
        private final Peer peer;

        /** Used by whoever sends: the measuring thread, or one handler after the other with never more than one on the way. */
        private final ArrayDeque<Delivery> underWay = new ArrayDeque<>();

        CutlassClient(Identity identity, PeerAddress address) throws IOException {
            this.identity = identity;
            this.cutlass = builder(identity)
                    .port(0)
                    .onMessage((from, message) -> arrived(message.content()))
                    .start();
            this.peer = cutlass.connect(address).join();
        }

        @Override
        void send(byte[] message) {
            final int limit = Math.min(MAX_MESSAGES, MAX_BYTES / message.length);
            if (underWay.size() >= limit) {
                waitForOldest(limit / 2);
            }
            underWay.addLast(peer.send(Message.bytes(TYPE, message)));
        }

        /** Receipts come in order, so the last of these stands for all: one wake-up for many. */
        private void waitForOldest(int count) {
            for (int i = 1; i < count; i++) {
                underWay.removeFirst();
            }
            underWay.removeFirst().join();
        }

        @Override
        void flush() {
            // There is nothing to flush: what may leave has left.
        }

        @Override
        public void close() {
            cutlass.close();
            identity.close();
        }
    }
}
