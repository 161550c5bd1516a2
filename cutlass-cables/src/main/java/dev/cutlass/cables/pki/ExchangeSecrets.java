package dev.cutlass.cables.pki;

import dev.cutlass.cables.address.Mac;
import dev.cutlass.crypto.primitive.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the two keys of a message give: the encryption key and the three MACs. Cables protocol section 6: the label is the HMAC's key, the
 * shared secret its message, and the MACs are over the compressed mail. One thread; closing wipes.
 */
public final class ExchangeSecrets implements AutoCloseable {
    private static final String SHA256 = "HmacSHA256";
    private static final String SHA512 = "HmacSHA512";

    private final byte[] shared;

    private ExchangeSecrets(byte[] shared) {
        this.shared = shared;
    }

    /** Of our key and the peer's. Takes some tens of milliseconds. */
    public static ExchangeSecrets of(DhKeyPair own, DhPublicKey peer) {
        return new ExchangeSecrets(own.sharedWith(peer));
    }

    /** Of a shared secret that is known: test vectors. */
    static ExchangeSecrets ofShared(byte[] shared) {
        return new ExchangeSecrets(shared.clone());
    }

    /** 32 bytes for AES-256; the caller wipes them. */
    byte[] encryptionKey() {
        return hmac(SHA256, label("encrypt"), shared);
    }

    /** What the sender says with snd. */
    public Mac sendMac(byte[] compressed) {
        return macOf("send", compressed);
    }

    /** What the recipient says with rcp. */
    public Mac recvMac(byte[] compressed) {
        return macOf("recv", compressed);
    }

    /** What the sender says with ack; the mail is not in it. */
    public Mac ackMac() {
        return Mac.of(hmac(SHA512, label("ack"), shared));
    }

    private Mac macOf(String label, byte[] compressed) {
        final byte[] key = hmac(SHA512, label(label), shared);
        try {
            return Mac.of(hmac(SHA512, key, compressed));
        } finally {
            Secrets.wipe(key);
        }
    }

    private static byte[] label(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] hmac(String algorithm, byte[] key, byte[] data) {
        try {
            final javax.crypto.Mac mac = javax.crypto.Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has " + algorithm, e);
        }
    }

    @Override
    public void close() {
        Secrets.wipe(shared);
    }

    @Override
    public String toString() {
        return "ExchangeSecrets";
    }
}
