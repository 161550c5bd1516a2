package dev.cutlass.proto.handshake;

import dev.cutlass.crypto.primitive.Hash;
import dev.cutlass.crypto.primitive.Hmac;
import dev.cutlass.crypto.primitive.Labels;
import dev.cutlass.crypto.primitive.Secrets;
import java.nio.charset.StandardCharsets;

/**
 * What a mode and, in stealth mode, a responder's static key give: the key of mac1 and the masks of the mode secret. docs/protocol.md
 * section 3.1. No secrets of ours: whoever knows the responder's address can compute them. But who finds
 * them learns whom we dialled, so those of stealth mode are wiped in the end. Any thread; what is made of them during or after {@link #close} fits nothing.
 */
public final class HandshakeKeys implements AutoCloseable {
    private static final int KEY_LENGTH = 32;
    private static final HandshakeKeys NORMAL = new HandshakeKeys(HandshakeMode.NORMAL, normalSecret());

    private final HandshakeMode mode;
    private final byte[] macKey;
    private final MaskKeys masks;

    private HandshakeKeys(HandshakeMode mode, byte[] modeSecret) {
        this.mode = mode;
        macKey = Labels.expand(modeSecret, "mac1", KEY_LENGTH);
        masks = MaskKeys.of(modeSecret);
    }

    /** The public keys of normal mode. */
    public static HandshakeKeys normal() {
        return NORMAL;
    }

    /**
     * The keys of stealth mode towards one responder.
     *
     * @param responderStaticKey 32 bytes
     */
    public static HandshakeKeys stealth(byte[] responderStaticKey) {
        byte[] secret = Labels.hash("stealth", responderStaticKey);
        HandshakeKeys keys = new HandshakeKeys(HandshakeMode.STEALTH, secret);
        Secrets.wipe(secret);
        return keys;
    }

    public HandshakeMode mode() {
        return mode;
    }

    MaskKeys masks() {
        return masks;
    }

    /** For mac1; for one thread at a time. */
    Hmac newMac() {
        return new Hmac(Hash.SHA_256, macKey);
    }

    /** Wipes them, unless they are those of normal mode, which are everybody's. Repeated calls do nothing. */
    @Override
    public void close() {
        if (mode == HandshakeMode.STEALTH) {
            Secrets.wipe(macKey);
            masks.close();
        }
    }

    @Override
    public String toString() {
        return "HandshakeKeys[" + mode + "]";
    }

    /** No data follows the label, and no zero byte: docs/protocol.md section 3.1. */
    private static byte[] normalSecret() {
        return Hash.SHA_256.of("cutlass2/normal".getBytes(StandardCharsets.US_ASCII));
    }
}
