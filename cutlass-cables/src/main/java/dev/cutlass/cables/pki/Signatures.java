package dev.cutlass.cables.pki;

import java.security.Provider;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;

/** RSA signatures by Bouncy Castle, through an object of our own: nothing is registered in the embedder's JVM. */
final class Signatures {
    static final Provider PROVIDER = new BouncyCastleProvider();

    private Signatures() {}

    /** Verifies what a certificate's key signed. */
    static ContentVerifierProvider verifierOf(X509CertificateHolder certificate) throws OperatorCreationException {
        try {
            return new JcaContentVerifierProviderBuilder()
                    .setProvider(PROVIDER)
                    .build(new JcaX509CertificateConverter()
                            .setProvider(PROVIDER)
                            .getCertificate(certificate)
                            .getPublicKey());
        } catch (java.security.cert.CertificateException e) {
            throw new OperatorCreationException("a certificate that cannot be read", e);
        }
    }
}
