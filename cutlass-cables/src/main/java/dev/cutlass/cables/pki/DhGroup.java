package dev.cutlass.cables.pki;

import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.agreement.DHStandardGroups;
import org.bouncycastle.crypto.params.DHParameters;

/** RFC 3526 group 18, the 8192-bit MODP group, and how PKCS #3 names it. Nothing else is spoken. Cables protocol section 4. */
final class DhGroup {
    static final DHParameters PARAMETERS = DHStandardGroups.rfc3526_8192;
    static final BigInteger P = PARAMETERS.getP();
    static final BigInteger G = PARAMETERS.getG();

    static final AlgorithmIdentifier ALGORITHM = new AlgorithmIdentifier(
            PKCSObjectIdentifiers.dhKeyAgreement,
            new DERSequence(new ASN1Integer[] {new ASN1Integer(P), new ASN1Integer(G)}));

    private DhGroup() {}

    /** Whether parameters are this group, with or without the optional length of private values, which the JDK writes. */
    static boolean isNamedBy(AlgorithmIdentifier algorithm) {
        if (!PKCSObjectIdentifiers.dhKeyAgreement.equals(algorithm.getAlgorithm())) {
            return false;
        }
        try {
            final org.bouncycastle.asn1.pkcs.DHParameter named =
                    org.bouncycastle.asn1.pkcs.DHParameter.getInstance(algorithm.getParameters());
            return named != null && P.equals(named.getP()) && G.equals(named.getG());
        } catch (RuntimeException e) { // what Bouncy Castle throws at other shapes
            return false;
        }
    }
}
