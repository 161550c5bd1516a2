package dev.cutlass.cables.pki;

import java.io.IOException;
import java.io.OutputStream;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.cms.SignerIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessable;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.jspecify.annotations.Nullable;

/** {@code speer.sig} and {@code rpeer.sig}: a Diffie-Hellman key that its owner signed, as CMS SignedData. Cables protocol section 5. */
public final class SignedKey {
    private static final AlgorithmIdentifier SHA_512 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha512);
    private static final AlgorithmIdentifier RSA =
            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
    private static final ASN1Integer VERSION = new ASN1Integer(1);

    private static final Set<ASN1ObjectIdentifier> DIGESTS =
            Set.of(NISTObjectIdentifiers.id_sha256, NISTObjectIdentifiers.id_sha384, NISTObjectIdentifiers.id_sha512);

    /** Signers of one object that are looked at: each costs an RSA operation, and a genuine one has one. */
    private static final int MAX_SIGNERS = 4;

    private SignedKey() {}

    /** Signs as the original does, byte for byte: no signed attributes, no certificates. PEM. */
    static byte[] sign(DhPublicKey key, X509CertificateHolder verify, ContentSigner signer) {
        final byte[] content = key.der();
        try (OutputStream to = signer.getOutputStream()) {
            to.write(content);
        } catch (IOException e) {
            throw new AssertionError("signing in memory", e);
        }
        final SignerIdentifier signedBy =
                new SignerIdentifier(new IssuerAndSerialNumber(verify.getIssuer(), verify.getSerialNumber()));
        final DERSequence signerInfo = new DERSequence(
                new ASN1Encodable[] {VERSION, signedBy, SHA_512, RSA, new DEROctetString(signer.getSignature())});
        final DERSequence signedData = new DERSequence(new ASN1Encodable[] {
            VERSION,
            new DERSet(SHA_512),
            new ContentInfo(PKCSObjectIdentifiers.data, new DEROctetString(content)),
            new DERSet(signerInfo)
        });
        try {
            return Pem.encode(
                    Pem.CMS,
                    new ContentInfo(PKCSObjectIdentifiers.signedData, signedData).getEncoded(ASN1Encoding.DER));
        } catch (IOException e) {
            throw new AssertionError("encoding into memory", e);
        }
    }

    /**
     * The key in what was fetched, if this user signed it.
     *
     * @param now for the validity of a certificate that comes within it
     */
    public static Checked<DhPublicKey> open(byte[] pem, PeerCertificates by, Instant now) {
        final ContentInfo info = Cms.read(pem);
        if (info == null || !PKCSObjectIdentifiers.signedData.equals(info.getContentType())) {
            return Checked.refused(Refusal.NO_CMS);
        }
        try {
            final CMSSignedData signed = new CMSSignedData(info);
            final CMSProcessable content = signed.getSignedContent();
            if (content == null || !(content.getContent() instanceof byte[] der)) {
                return Checked.refused(Refusal.NO_CMS);
            }
            final Refusal refusal = refusal(signed, by, now);
            return refusal == null ? DhPublicKey.parse(der) : Checked.refused(refusal);
        } catch (CMSException | RuntimeException e) { // what Bouncy Castle throws at other shapes
            return Checked.refused(Refusal.NO_CMS);
        }
    }

    private static @Nullable Refusal refusal(CMSSignedData signed, PeerCertificates by, Instant now) {
        final Collection<SignerInformation> signers = signed.getSignerInfos().getSigners();
        if (signers.isEmpty() || signers.size() > MAX_SIGNERS) {
            return Refusal.NO_SIGNER;
        }
        for (SignerInformation signer : signers) { // all must hold, as with the original
            final Refusal refusal = refusal(signed, signer, by, now);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    private static @Nullable Refusal refusal(
            CMSSignedData signed, SignerInformation signer, PeerCertificates by, Instant now) {
        X509CertificateHolder certificate = by.verify();
        if (!signer.getSID().match(certificate)) {
            final List<X509CertificateHolder> embedded = signed.getCertificates().getMatches(null).stream()
                    .filter(signer.getSID()::match)
                    .toList();
            if (embedded.size() != 1) {
                return Refusal.NO_SIGNER;
            }
            certificate = embedded.get(0);
            if (by.refusalOfSigner(certificate, now) != null) {
                return Refusal.NO_SIGNER;
            }
        }
        if (!DIGESTS.contains(signer.getDigestAlgorithmID().getAlgorithm())) {
            return Refusal.WEAK_SIGNATURE;
        }
        return isVerified(signer, certificate) ? null : Refusal.SIGNATURE_WRONG;
    }

    private static boolean isVerified(SignerInformation signer, X509CertificateHolder certificate) {
        try {
            return signer.verify(new JcaSimpleSignerInfoVerifierBuilder()
                    .setProvider(Signatures.PROVIDER)
                    .build(certificate));
        } catch (CMSException | OperatorCreationException | CertificateException | RuntimeException e) {
            return false; // a signature of a shape that cannot be verified
        }
    }
}
