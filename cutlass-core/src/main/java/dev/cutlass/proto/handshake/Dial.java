package dev.cutlass.proto.handshake;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.wire.Bytes;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whom to reach, where and how.
 *
 * @param expected the key that must answer; null takes whoever does, in normal mode only
 * @param responderStaticKey stealth mode: the static key of the device to reach, 32 bytes; empty means the X25519 form of the
 *     expected key
 * @param token the invitation to show, 1 to 64 bytes; empty if there is none
 * @param timeout until the dial must be confirmed
 */
public record Dial(
        HandshakeMode mode,
        InetSocketAddress remote,
        int channel,
        @Nullable PeerId expected,
        Bytes responderStaticKey,
        Bytes token,
        Duration timeout) {
    /** How long a dial may take unless somebody says otherwise. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);

    public Dial {
        if (mode == HandshakeMode.STEALTH && expected == null) {
            throw new IllegalArgumentException("a stealth dial must know whom it expects");
        }
    }

    /** A dial on the bound socket without a token. */
    public static Dial to(HandshakeMode mode, InetSocketAddress remote, @Nullable PeerId expected) {
        return new Dial(mode, remote, 0, expected, Bytes.EMPTY, Bytes.EMPTY, DEFAULT_TIMEOUT);
    }

    /** Names neither address nor token. */
    @Override
    public String toString() {
        return "Dial[" + mode + ", expected " + expected + "]";
    }

    /** Stealth mode: the static key that the first flight is meant for. */
    byte[] stealthKey() {
        if (expected == null) {
            throw new AssertionError("checked when the dial was made");
        }
        return responderStaticKey.isEmpty() ? expected.x25519Form() : responderStaticKey.toArray();
    }
}
