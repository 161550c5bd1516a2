package dev.cutlass.cables.pki;

import dev.cutlass.crypto.primitive.Secrets;
import java.io.IOException;
import java.math.BigInteger;
import java.util.random.RandomGenerator;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.jspecify.annotations.Nullable;

/**
 * A key of group 18 for one message. Cables protocol section 4.
 *
 * <p>{@link BigInteger} cannot be wiped and its powers do not take constant time; the exponent is used for one message, at most twice,
 * which is what makes both tolerable.
 */
public final class DhKeyPair {
    /**
     * Bits of a private exponent. RFC 3526 section 8 puts group 18 at 190 to 310 bits of strength, and an exponent must have twice as
     * many as that; the original draws 400.
     */
    static final int EXPONENT_BITS = 620;

    private final BigInteger x;
    private final DhPublicKey publicKey;

    private DhKeyPair(BigInteger x) {
        this.x = x;
        this.publicKey = DhPublicKey.ofOwn(DhGroup.G.modPow(x, DhGroup.P));
    }

    /** A fresh one; {@code random} must be one that nobody can guess. Takes some tens of milliseconds. */
    public static DhKeyPair draw(RandomGenerator random) {
        final byte[] bytes = new byte[(EXPONENT_BITS + Byte.SIZE - 1) / Byte.SIZE];
        random.nextBytes(bytes);
        final BigInteger drawn = new BigInteger(1, bytes).setBit(EXPONENT_BITS - 1); // never short, so never guessable
        Secrets.wipe(bytes);
        return new DhKeyPair(drawn);
    }

    /** With an exponent of one's own: test vectors, and tests that need thousands of keys. */
    static DhKeyPair of(BigInteger x) {
        return new DhKeyPair(x);
    }

    /** Reads what {@link #pem} wrote, or the original did; {@code null} if this is no key of the group. */
    public static @Nullable DhKeyPair parse(byte[] pem) {
        final byte[] der = Pem.privateKey(pem);
        if (der == null) {
            return null;
        }
        try {
            final PrivateKeyInfo info = PrivateKeyInfo.getInstance(der);
            final BigInteger x = ASN1Integer.getInstance(info.parsePrivateKey()).getValue();
            final boolean inRange = x.signum() > 0 && x.compareTo(DhGroup.P) < 0;
            return inRange && DhGroup.isNamedBy(info.getPrivateKeyAlgorithm()) ? new DhKeyPair(x) : null;
        } catch (IOException | RuntimeException e) { // what Bouncy Castle throws at other shapes
            return null;
        } finally {
            Secrets.wipe(der);
        }
    }

    /** The private key, PKCS #8 in PEM, to be kept until the message is received. */
    public byte[] pem() {
        try {
            final byte[] der = new PrivateKeyInfo(DhGroup.ALGORITHM, new ASN1Integer(x)).getEncoded(ASN1Encoding.DER);
            final byte[] text = Pem.encode(Pem.PRIVATE_KEY, der);
            Secrets.wipe(der);
            return text;
        } catch (IOException e) {
            throw new AssertionError("encoding into memory", e);
        }
    }

    /** What the peer gets. */
    public DhPublicKey publicKey() {
        return publicKey;
    }

    /** The shared secret: unsigned, big-endian, <em>without</em> leading zero bytes (usually 1,024 bytes). The caller wipes it. */
    byte[] sharedWith(DhPublicKey other) {
        final byte[] signed = other.value().modPow(x, DhGroup.P).toByteArray();
        int start = 0;
        while (start < signed.length - 1 && signed[start] == 0) {
            start++;
        }
        final byte[] bytes = new byte[signed.length - start];
        System.arraycopy(signed, start, bytes, 0, bytes.length);
        Secrets.wipe(signed);
        return bytes;
    }

    @Override
    public String toString() {
        return "DhKeyPair";
    }
}
