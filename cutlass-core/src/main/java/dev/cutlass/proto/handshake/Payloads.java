package dev.cutlass.proto.handshake;

import dev.cutlass.crypto.DeviceRecord;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.HandshakePart;
import dev.cutlass.wire.HandshakePayload;
import dev.cutlass.wire.Id128;
import org.jspecify.annotations.Nullable;

/** What goes into the three payloads and how the lists in them are understood. docs/protocol.md section 3.4. */
final class Payloads {
    private Payloads() {}

    static byte[] first(LocalParty local, HandshakeMode mode) {
        int[] offered = local.aeads().stream().mapToInt(AeadAlgorithm::id).toArray();
        return HandshakePayload.builder(HandshakePart.FLIGHT_1)
                .versions(HandshakePart.VERSION)
                .aeads(offered)
                .build()
                .encode(Flight.FIRST.payloadLength(mode));
    }

    static byte[] second(LocalParty local, HandshakeMode mode, AeadAlgorithm chosen, long connectionId) {
        HandshakePayload.Builder payload = HandshakePayload.builder(HandshakePart.FLIGHT_2)
                .versions(HandshakePart.VERSION)
                .aeads(chosen.id());
        return withParty(payload, local, connectionId).build().encode(Flight.SECOND.payloadLength(mode));
    }

    static byte[] third(LocalParty local, HandshakeMode mode, long connectionId, Bytes token, @Nullable Id128 seen) {
        HandshakePayload.Builder payload =
                withParty(HandshakePayload.builder(HandshakePart.FLIGHT_3), local, connectionId);
        if (!token.isEmpty()) {
            payload.token(token.toArray());
        }
        if (seen != null) {
            payload.seen(seen);
        }
        return payload.build().encode(Flight.THIRD.payloadLength(mode));
    }

    static boolean speaksOurVersion(HandshakePayload payload) {
        Bytes versions = payload.versions();
        for (int i = 0; i < versions.length(); i++) {
            if (versions.at(i) == HandshakePart.VERSION) {
                return true;
            }
        }
        return false;
    }

    /** The responder's choice: the first one offered that is fast here too, else the first that we know; null if there is none. */
    static @Nullable AeadAlgorithm choose(HandshakePayload first, LocalParty local) {
        AeadAlgorithm known = null;
        Bytes offered = first.aeads();
        for (int i = 0; i < offered.length(); i++) {
            AeadAlgorithm aead = AeadAlgorithm.of(offered.at(i) & 0xff);
            if (aead != null && isFast(aead, local)) {
                return aead;
            }
            known = known == null ? aead : known;
        }
        return known;
    }

    /** ChaCha20-Poly1305 is fast everywhere; AES-GCM only where it is faster than that. */
    private static boolean isFast(AeadAlgorithm aead, LocalParty local) {
        int place = local.aeads().indexOf(aead);
        int limit = local.aeads().indexOf(AeadAlgorithm.CHACHA20_POLY1305);
        return place >= 0 && (limit < 0 || place <= limit);
    }

    /** What the responder chose, or null if that is not one that we offered. */
    static @Nullable AeadAlgorithm chosenAead(HandshakePayload second, LocalParty local) {
        AeadAlgorithm aead = AeadAlgorithm.of(second.aeads().at(0) & 0xff);
        return aead != null && local.aeads().contains(aead) ? aead : null;
    }

    private static HandshakePayload.Builder withParty(
            HandshakePayload.Builder payload, LocalParty local, long connectionId) {
        payload.rootKey(local.root().bytes()).bootId(local.bootId()).connectionId(connectionId);
        DeviceRecord record = local.device().record();
        if (record != null) {
            payload.deviceRecord(record.encode());
        }
        if (!local.nick().isEmpty()) {
            payload.nick(local.nick());
        }
        return payload;
    }
}
