package dev.cutlass.cables.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.DHPublicKeyParameters;
import org.jspecify.annotations.Nullable;

/** A public key of group 18 whose value is in range and in the subgroup. Cables protocol section 4. Immutable. */
public final class DhPublicKey {
    private final BigInteger y;

    private DhPublicKey(BigInteger y) {
        this.y = y;
    }

    /** A value that we computed ourselves. */
    static DhPublicKey ofOwn(BigInteger y) {
        return new DhPublicKey(y);
    }

    /** Reads a DER SubjectPublicKeyInfo of a peer: range and residue are checked, which costs about a millisecond. */
    static Checked<DhPublicKey> parse(byte[] der) {
        final BigInteger y;
        try {
            final SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(der);
            if (!DhGroup.isNamedBy(info.getAlgorithm())) {
                return Checked.refused(Refusal.NO_GROUP_18_KEY);
            }
            y = ASN1Integer.getInstance(info.parsePublicKey()).getValue();
        } catch (IOException | RuntimeException e) { // what Bouncy Castle throws at other shapes
            return Checked.refused(Refusal.NO_GROUP_18_KEY);
        }
        try {
            // 2 <= y <= p-2 and, by the Legendre symbol, y is a square: no small subgroup.
            new DHPublicKeyParameters(y, DhGroup.PARAMETERS);
            return Checked.good(new DhPublicKey(y));
        } catch (IllegalArgumentException e) {
            return Checked.refused(Refusal.KEY_OUT_OF_RANGE);
        }
    }

    BigInteger value() {
        return y;
    }

    /** DER SubjectPublicKeyInfo. */
    public byte[] der() {
        try {
            return new SubjectPublicKeyInfo(DhGroup.ALGORITHM, new ASN1Integer(y)).getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new AssertionError("encoding into memory", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DhPublicKey key && y.equals(key.y);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(y.toByteArray());
    }
}
