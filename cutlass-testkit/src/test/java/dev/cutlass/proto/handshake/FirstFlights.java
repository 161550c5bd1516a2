package dev.cutlass.proto.handshake;

import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.HandshakePart;
import dev.cutlass.wire.Id128;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;

/** First flights as a flooder makes them who knows the protocol and, for stealth mode, the responder's key. */
public final class FirstFlights {
    private final HandshakeKeys keys;
    private final SecureRandom random;
    private final byte[] message;

    /** @param responderKey its static key; null for normal mode */
    public FirstFlights(byte[] responderKey, SecureRandom random, long wallMillis) {
        this.random = random;
        keys = responderKey == null ? HandshakeKeys.normal() : HandshakeKeys.stealth(responderKey);
        message = genuine(responderKey, wallMillis);
    }

    /** A Noise message that verifies: one is enough for any number of flights, for the padding makes each another one. */
    private byte[] genuine(byte[] responderKey, long wallMillis) {
        final byte[] flight = new byte[Flight.FIRST.messageLength()];
        try (Identity identity = Identity.generate(random)) {
            final HandshakeMode mode = responderKey == null ? HandshakeMode.NORMAL : HandshakeMode.STEALTH;
            final Dial dial = new Dial(
                    mode,
                    new InetSocketAddress("192.0.2.1", 1),
                    0,
                    responderKey == null ? null : identity.id(),
                    responderKey == null ? Bytes.EMPTY : Bytes.of(responderKey),
                    Bytes.EMPTY,
                    Dial.DEFAULT_TIMEOUT);
            final LocalParty party = new LocalParty(
                    identity.id(), identity.device(), new Id128(1, 2), "", List.of(AeadAlgorithm.AES_256_GCM));
            final InitiatorHandshake handshake =
                    InitiatorHandshake.start(dial, party, new Nobody(), random, 0, wallMillis);
            for (HandshakeOutput out = handshake.poll(); out != null; out = handshake.poll()) {
                final byte[] sent = ((HandshakeOutput.Transmit) out).datagram();
                final HandshakePart part = (HandshakePart)
                        HandshakeCodec.open(sent, 0, sent.length, keys.masks().toResponder());
                final int length = Math.min(part.data().length(), flight.length - part.offset());
                System.arraycopy(part.data().toArray(), 0, flight, part.offset(), Math.max(0, length));
            }
            handshake.cancel();
        }
        return flight;
    }

    /** A flight of its own, in parts: complete, and it verifies. */
    public byte[][] next(long wallMillis) {
        final long stamp = keys.mode() == HandshakeMode.STEALTH ? wallMillis : 0;
        return OutgoingFlight.first(message, stamp, random)
                .datagrams(keys, keys.masks().toResponder(), Bytes.EMPTY, random);
    }

    private static final class Nobody implements HandshakeHost {
        @Override
        public byte[] psk(dev.cutlass.crypto.PeerId peer) {
            return null;
        }

        @Override
        public dev.cutlass.crypto.PeerId pskPeer(byte[] staticKey) {
            return null;
        }

        @Override
        public Id128 lastCompleted(dev.cutlass.crypto.PeerId peer, Id128 bootId) {
            return null;
        }

        @Override
        public long newConnectionId() {
            return 1;
        }
    }
}
