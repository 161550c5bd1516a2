package dev.cutlass.proto.handshake;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.wire.Id128;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What a handshake wants from its engine. Drain with {@code poll()} after every input. */
public sealed interface HandshakeOutput
        permits HandshakeOutput.Transmit,
                HandshakeOutput.PersistFlight,
                HandshakeOutput.Completed,
                HandshakeOutput.Repeated,
                HandshakeOutput.Failed {

    /** Send a datagram; the array is the receiver's. */
    final class Transmit implements HandshakeOutput {
        private final byte[] datagram;
        private final InetSocketAddress to;
        private final int channel;

        Transmit(byte[] datagram, InetSocketAddress to, int channel) {
            this.datagram = datagram;
            this.to = to;
            this.channel = channel;
        }

        public byte[] datagram() {
            return datagram;
        }

        public InetSocketAddress to() {
            return to;
        }

        public int channel() {
            return channel;
        }
    }

    /**
     * Bring the id of a verified first flight to disk, then call {@link InboundHandshakes#persisted}: nothing is answered before.
     *
     * @param stamp of the flight, milliseconds since 1970
     */
    record PersistFlight(Id128 handshakeId, long stamp) implements HandshakeOutput {}

    /**
     * Both keys are proved and the packet keys are there. For a responder the connection is confirmed with it; an initiator waits for
     * the first packet that verifies and then says so with {@link InitiatorHandshake#confirmed}.
     *
     * @param result the receiver's, who closes it
     * @param validated whether the peer has shown that it receives at this address
     */
    record Completed(HandshakeResult result, InetSocketAddress remote, int channel, boolean validated)
            implements HandshakeOutput {
        /** Names no address. */
        @Override
        public String toString() {
            return "Completed[" + result + ", validated " + validated + "]";
        }
    }

    /** The initiator repeats its last flight: answer with a PING packet on this handshake's connection. */
    record Repeated(Id128 handshakeId, InetSocketAddress remote, int channel) implements HandshakeOutput {
        /** Names no address. */
        @Override
        public String toString() {
            return "Repeated[" + handshakeId + "]";
        }
    }

    /**
     * A dial is over. After {@link Completed} this means that the connection was never confirmed and must go.
     *
     * @param found who answered, if {@link HandshakeFailure#UNEXPECTED_KEY}
     */
    record Failed(HandshakeFailure reason, @Nullable PeerId found) implements HandshakeOutput {}
}
