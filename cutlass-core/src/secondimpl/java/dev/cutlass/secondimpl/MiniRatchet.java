package dev.cutlass.secondimpl;

import dev.cutlass.crypto.bc.MlKem768;
import dev.cutlass.crypto.bc.MlKem768KeyPair;
import dev.cutlass.crypto.bc.X25519;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The packet keys of a connection through its epochs, and the CRYPTO stream that changes them: section 4.6. */
final class MiniRatchet {
    /** Small enough for a packet that has an ACK too. */
    private static final int CHUNK = 900;

    /** A ratchet that we proposed. */
    private record Proposal(byte[] ephemeralPrivate, byte @Nullable [] kemSeed, byte[] message) {}

    private final MiniHandshake.Result session;
    private final Random random;
    private final Map<Long, Packets> receiving = new TreeMap<>();
    private KeySchedule keys;
    private Packets sending;
    private long sendEpoch;
    private long epoch; // of keys, ahead of sendEpoch until the peer is seen to have them
    private @Nullable Proposal proposal;

    // The CRYPTO stream, both ways.
    private final Map<Long, Byte> arrived = new HashMap<>();
    private long readTo;
    private long writtenTo;

    MiniRatchet(MiniHandshake.Result session, Random random) {
        this.session = session;
        this.random = random;
        keys = session.keys();
        sending = packets(session.initiator());
        receiving.put(0L, packets(!session.initiator()));
    }

    private Packets packets(boolean fromInitiator) {
        byte[] first = session.keys().traffic(fromInitiator);
        return new Packets(session.aead(), keys.traffic(fromInitiator), first);
    }

    long sendEpoch() {
        return sendEpoch;
    }

    byte[] protect(byte[] connectionId, long pathId, long number, long largestAcked, byte[] plain) {
        return sending.protect(connectionId, pathId, (int) (sendEpoch % 4), number, largestAcked, plain);
    }

    /** Path 0 only, since we issue no connection ids. */
    Packets.Opened open(byte[] packet, long largest) {
        int bits = epochBits(packet);
        for (Map.Entry<Long, Packets> candidate : receiving.entrySet()) {
            if (candidate.getKey() % 4 == bits) {
                Packets.Opened opened = candidate.getValue().open(packet, 0, largest);
                if (candidate.getKey() > sendEpoch) {
                    sendUnder(candidate.getKey());
                }
                return opened;
            }
        }
        throw new Refused("an epoch without a key");
    }

    /** The epoch bits of a packet. The key of header protection is the same in all epochs. */
    private int epochBits(byte[] packet) {
        return receiving.values().iterator().next().header(packet).epochBits();
    }

    private void sendUnder(long next) {
        sendEpoch = next;
        sending = packets(session.initiator());
        receiving.keySet().removeIf(old -> old < next - 1);
    }

    List<Frame> propose(boolean withKem) {
        byte[] ephemeral = Self.bytes(random, 32);
        byte[] seed = withKem ? Self.bytes(random, MlKem768KeyPair.SEED_LENGTH) : null;
        byte[] kem = seed == null ? Primitives.EMPTY : MlKem768KeyPair.of(seed).publicKey();
        byte[] message = new Rekey(Rekey.PROPOSE, epoch + 1, X25519.publicKey(ephemeral), kem).encode();
        proposal = new Proposal(ephemeral, seed, message);
        return write(message);
    }

    private List<Frame> write(byte[] message) {
        List<Frame> frames = new ArrayList<>();
        for (int at = 0; at < message.length; at += CHUNK) {
            byte[] chunk = Arrays.copyOfRange(message, at, Math.min(message.length, at + CHUNK));
            frames.add(new Frame.Crypto(writtenTo, chunk));
            writtenTo += chunk.length;
        }
        return frames;
    }

    /** What the stream makes us send. */
    List<Frame> receive(Frame.Crypto frame) {
        for (int i = 0; i < frame.data().length; i++) {
            if (frame.offset() + i >= readTo) {
                arrived.put(frame.offset() + i, frame.data()[i]);
            }
        }
        List<Frame> answers = new ArrayList<>();
        while (true) {
            Out stream = new Out();
            for (long at = readTo; arrived.containsKey(at); at++) {
                stream.integer(1, arrived.get(at));
            }
            int length = Rekey.length(stream.toBytes());
            if (length == 0 || length > stream.size()) {
                return answers;
            }
            for (int i = 0; i < length; i++) {
                arrived.remove(readTo++);
            }
            answers.addAll(onMessage(Arrays.copyOf(stream.toBytes(), length)));
        }
    }

    private List<Frame> onMessage(byte[] message) {
        Rekey rekey = Rekey.decode(message);
        if (rekey.kind() == Rekey.ACCEPT) {
            onAccept(rekey, message);
            return List.of();
        }
        if (proposal != null && session.initiator()) {
            return List.of(); // ours counts
        }
        Refused.unless(rekey.epoch() == epoch + 1, "epoch of REKEY");
        proposal = null;
        return write(accept(rekey, message));
    }

    private byte[] accept(Rekey propose, byte[] proposeBytes) {
        byte[] ephemeral = Self.bytes(random, 32);
        byte[] ciphertext = Primitives.EMPTY;
        byte[] secret = Primitives.EMPTY;
        if (propose.kem().length > 0) {
            MlKem768.Encapsulation made = Noise.encapsulate(propose.kem(), Self.bytes(random, 32));
            ciphertext = made.ciphertext();
            secret = made.secret();
        }
        byte[] message = new Rekey(Rekey.ACCEPT, propose.epoch(), X25519.publicKey(ephemeral), ciphertext).encode();
        ratchet(
                Primitives.agree(ephemeral, propose.ephemeral()),
                Primitives.agree(session.self().noisePrivate(), propose.ephemeral()),
                Primitives.agree(ephemeral, session.remoteStatic()),
                secret,
                proposeBytes,
                message);
        return message;
    }

    private void onAccept(Rekey accept, byte[] acceptBytes) {
        Proposal ours = proposal;
        Refused.unless(ours != null && accept.epoch() == epoch + 1, "nothing to accept");
        Objects.requireNonNull(ours);
        proposal = null;
        byte[] secret = Primitives.EMPTY;
        byte[] seed = ours.kemSeed;
        if (seed != null) {
            byte[] decapsulated = MlKem768KeyPair.of(seed).decapsulate(accept.kem());
            Refused.unless(decapsulated != null, "ML-KEM ciphertext is missing");
            secret = Objects.requireNonNull(decapsulated);
        }
        ratchet(
                Primitives.agree(ours.ephemeralPrivate, accept.ephemeral()),
                Primitives.agree(ours.ephemeralPrivate, session.remoteStatic()),
                Primitives.agree(session.self().noisePrivate(), accept.ephemeral()),
                secret,
                ours.message,
                acceptBytes);
        sendUnder(epoch);
    }

    private void ratchet(byte[] ee, byte[] es, byte[] se, byte[] kem, byte[] propose, byte[] accept) {
        keys = keys.ratchet(ee, es, se, kem, propose, accept);
        epoch++;
        receiving.put(epoch, packets(!session.initiator()));
    }
}
