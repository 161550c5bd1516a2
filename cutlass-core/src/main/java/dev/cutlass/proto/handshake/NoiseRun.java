package dev.cutlass.proto.handshake;

import dev.cutlass.crypto.Device;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.crypto.noise.HandshakeState;
import dev.cutlass.crypto.noise.NoiseProtocol;
import dev.cutlass.crypto.noise.PskLookup;
import dev.cutlass.crypto.noise.Role;
import dev.cutlass.crypto.packet.KeySchedule;
import dev.cutlass.crypto.primitive.Labels;
import dev.cutlass.crypto.primitive.Secrets;
import dev.cutlass.crypto.primitive.StaticKey;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The Noise side of one handshake: prologue, pattern and psk as docs/protocol.md section 3.2 has them, and messages of fixed length.
 * One thread at a time.
 */
final class NoiseRun implements AutoCloseable {
    private static final byte VERSION = 2;
    private static final byte[] SUITE = {0x00, 0x01};

    private final HandshakeState state;
    private final HandshakeHost host;
    private final Role role;
    private byte @Nullable [] psk; // only while a message is read or written
    private @Nullable PeerId pskPeer; // null: 32 zero bytes stand for the psk

    private NoiseRun(
            Role role,
            HandshakeMode mode,
            Device device,
            byte @Nullable [] responderKey,
            HandshakeHost host,
            SecureRandom random) {
        this.role = role;
        this.host = host;
        boolean normal = mode == HandshakeMode.NORMAL;
        HandshakeState.Builder builder = HandshakeState.builder(
                        normal ? NoiseProtocol.NORMAL : NoiseProtocol.STEALTH, role, random)
                .prologue(prologue(mode))
                .localStatic(staticKey(device))
                .psk(this::lookUpPsk);
        if (responderKey != null) {
            builder.remoteStatic(responderKey);
        }
        state = builder.start();
    }

    /**
     * The initiator's side.
     *
     * @param responderKey stealth mode: the static key to reach, else null
     */
    static NoiseRun initiator(
            HandshakeMode mode,
            Device device,
            byte @Nullable [] responderKey,
            HandshakeHost host,
            SecureRandom random) {
        return new NoiseRun(Role.INITIATOR, mode, device, responderKey, host, random);
    }

    /** The responder's side. */
    static NoiseRun responder(HandshakeMode mode, Device device, HandshakeHost host, SecureRandom random) {
        return new NoiseRun(Role.RESPONDER, mode, device, null, host, random);
    }

    /** Writes the next message. The payload is wiped, for it may hold a token. */
    byte[] write(byte[] payload) {
        try {
            return state.writeMessage(payload);
        } finally {
            Secrets.wipe(payload);
            wipePsk();
        }
    }

    /** The payload, or null if the flight is not what the other side wrote; then nothing has changed. */
    byte @Nullable [] read(Flight type, byte[] flight) {
        if (!type.allowsTotal(flight.length)) {
            return null;
        }
        try {
            return state.readMessage(Arrays.copyOf(flight, type.messageLength()));
        } finally {
            wipePsk();
        }
    }

    /** What the other side proved to have; known from the message on that carried it. */
    byte[] remoteStaticKey() {
        byte[] key = state.remoteStatic();
        if (key == null) {
            throw new AssertionError("asked before the message that carries it");
        }
        return key;
    }

    /** The initiator's third message, which goes to this peer, is under its psk. To be said before it is written. */
    void usePskOf(PeerId peer) {
        pskPeer = peer;
    }

    /** Whether the third message, once read, was under the psk that is set for this peer, or under none if none is. */
    boolean usedPskOf(PeerId peer) {
        if (pskPeer != null) {
            return pskPeer.equals(peer);
        }
        byte[] needed = host.psk(peer);
        Secrets.wipe(needed);
        return needed == null;
    }

    /** The masks of flights 2 and 3 in stealth mode; to be asked for between the first message and the second. */
    MaskKeys masks() {
        byte[] secret = state.exportSecret("mask");
        MaskKeys masks = MaskKeys.of(secret);
        Secrets.wipe(secret);
        return masks;
    }

    /** The connection's secrets, after the third message; ends the run. */
    KeySchedule finish() {
        return new KeySchedule(state.split());
    }

    @Override
    public void close() {
        state.close();
        wipePsk();
    }

    @Override
    public String toString() {
        return "NoiseRun[" + state + "]";
    }

    private byte[] lookUpPsk(byte @Nullable [] remoteStaticKey) {
        if (role == Role.RESPONDER && remoteStaticKey != null) {
            pskPeer = host.pskPeer(remoteStaticKey);
        }
        byte[] found = pskPeer == null ? null : host.psk(pskPeer);
        psk = found;
        return found == null ? new byte[PskLookup.LENGTH] : found;
    }

    private void wipePsk() {
        Secrets.wipe(psk);
        psk = null;
    }

    /** {@code "cutlass2/prologue" || 0x00 || version || mode || suite}. */
    private static byte[] prologue(HandshakeMode mode) {
        byte[] label = Labels.prefix("prologue");
        byte[] prologue = Arrays.copyOf(label, label.length + 2 + SUITE.length);
        prologue[label.length] = VERSION;
        prologue[label.length + 1] = (byte) mode.id();
        System.arraycopy(SUITE, 0, prologue, label.length + 2, SUITE.length);
        return prologue;
    }

    private static StaticKey staticKey(Device device) {
        return new StaticKey() {
            @Override
            public byte[] publicKey() {
                return device.publicKey();
            }

            @Override
            public byte @Nullable [] agree(byte[] remotePublicKey) {
                return device.agree(remotePublicKey);
            }
        };
    }
}
