package dev.cutlass.cables.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.CertException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.operator.OperatorCreationException;
import org.jspecify.annotations.Nullable;

/**
 * The two certificates of a user, rule by rule as the table in section 3.1 of the protocol has them: what the original's library refuses in its strict mode. Written out and not left to a path builder: builders differ in what they make of
 * two certificates of one name and one key. Each method returns why not, or {@code null}.
 */
final class CertificateRules {
    /** Below, a key can be broken; the protocol lets us refuse them. */
    private static final int MIN_RSA_BITS = 2048;

    /** Above, one check costs seconds of processor time, and the stranger chooses how often. */
    private static final int MAX_RSA_BITS = 16_384;

    private static final Set<ASN1ObjectIdentifier> STRONG = Set.of(
            PKCSObjectIdentifiers.sha256WithRSAEncryption,
            PKCSObjectIdentifiers.sha384WithRSAEncryption,
            PKCSObjectIdentifiers.sha512WithRSAEncryption,
            PKCSObjectIdentifiers.id_RSASSA_PSS);

    /** What may be critical: what is looked at below, and policies, which bind nobody here. */
    private static final Set<ASN1ObjectIdentifier> KNOWN = Set.of(
            Extension.basicConstraints,
            Extension.keyUsage,
            Extension.extendedKeyUsage,
            Extension.subjectKeyIdentifier,
            Extension.authorityKeyIdentifier,
            Extension.subjectAlternativeName,
            Extension.certificatePolicies);

    private CertificateRules() {}

    /** {@code ca.pem}: a root that signed itself, and may sign certificates and revocation lists. */
    static @Nullable Refusal refusalOfCa(X509CertificateHolder ca, Instant now) {
        final Refusal any = refusalOfAny(ca, now);
        if (any != null) {
            return any;
        }
        final Extensions extensions = ca.getExtensions();
        if (!ca.getIssuer().equals(ca.getSubject())) {
            return Refusal.CA_NOT_SELF_ISSUED;
        }
        final Extension constraints = ca.getExtension(Extension.basicConstraints);
        if (constraints == null
                || !constraints.isCritical()
                || !BasicConstraints.fromExtensions(extensions).isCA()) {
            return Refusal.CA_BASIC_CONSTRAINTS;
        }
        final KeyUsage usage = KeyUsage.fromExtensions(extensions);
        if (usage == null || !usage.hasUsages(KeyUsage.keyCertSign | KeyUsage.cRLSign)) {
            return Refusal.CA_KEY_USAGE;
        }
        if (SubjectKeyIdentifier.fromExtensions(extensions) == null) {
            return Refusal.CA_SUBJECT_KEY_IDENTIFIER;
        }
        final AuthorityKeyIdentifier authority = AuthorityKeyIdentifier.fromExtensions(extensions);
        if (authority != null && !isNamed(ca, authority)) {
            return Refusal.CA_AUTHORITY_KEY_IDENTIFIER;
        }
        if (!isForMail(extensions)) {
            return Refusal.CA_EXTENDED_KEY_USAGE;
        }
        return isSignedBy(ca, ca) ? null : Refusal.CA_SIGNATURE_WRONG;
    }

    /** {@code verify.pem}, or a certificate within a signature: issued by this CA, and may sign mail. */
    static @Nullable Refusal refusalOfSigner(X509CertificateHolder signer, X509CertificateHolder ca, Instant now) {
        final Refusal any = refusalOfAny(signer, now);
        if (any != null) {
            return any;
        }
        final Extensions extensions = signer.getExtensions();
        if (!signer.getIssuer().equals(ca.getSubject())) {
            return Refusal.NOT_ISSUED_BY_CA;
        }
        final AuthorityKeyIdentifier authority =
                extensions == null ? null : AuthorityKeyIdentifier.fromExtensions(extensions);
        if (authority == null
                || authority.getKeyIdentifierOctets() == null
                || authority.getAuthorityCertIssuer() == null
                || authority.getAuthorityCertSerialNumber() == null
                || isNamed(signer, authority)) { // then a path builder takes it for self-signed
            return Refusal.AUTHORITY_KEY_IDENTIFIER;
        }
        if (!isNamed(ca, authority)) {
            return Refusal.NOT_ISSUED_BY_CA;
        }
        final BasicConstraints constraints = BasicConstraints.fromExtensions(extensions);
        if (constraints != null && constraints.isCA()) {
            return Refusal.MARKED_CA;
        }
        final KeyUsage usage = KeyUsage.fromExtensions(extensions);
        if (usage != null && !usage.hasUsages(KeyUsage.digitalSignature) && !usage.hasUsages(KeyUsage.nonRepudiation)) {
            return Refusal.KEY_USAGE;
        }
        if (!isForMail(extensions)) {
            return Refusal.EXTENDED_KEY_USAGE;
        }
        return isSignedBy(signer, ca) ? null : Refusal.NOT_ISSUED_BY_CA;
    }

    private static @Nullable Refusal refusalOfAny(X509CertificateHolder certificate, Instant now) {
        if (now.isBefore(instant(certificate.getNotBefore()))) {
            return Refusal.NOT_YET_VALID;
        }
        if (now.isAfter(instant(certificate.getNotAfter()))) {
            return Refusal.EXPIRED;
        }
        if (!isStrongRsa(certificate)) {
            return Refusal.WEAK_KEY;
        }
        if (!STRONG.contains(certificate.getSignatureAlgorithm().getAlgorithm())) {
            return Refusal.WEAK_SIGNATURE;
        }
        for (Object critical : certificate.getCriticalExtensionOIDs()) {
            if (!KNOWN.contains(critical)) {
                return Refusal.UNKNOWN_CRITICAL_EXTENSION;
            }
        }
        return null;
    }

    private static Instant instant(Date date) {
        return date.toInstant();
    }

    private static boolean isStrongRsa(X509CertificateHolder certificate) {
        if (!PKCSObjectIdentifiers.rsaEncryption.equals(
                certificate.getSubjectPublicKeyInfo().getAlgorithm().getAlgorithm())) {
            return false;
        }
        try {
            final RSAPublicKey key = RSAPublicKey.getInstance(
                    certificate.getSubjectPublicKeyInfo().parsePublicKey());
            final BigInteger modulus = key.getModulus();
            final BigInteger exponent = key.getPublicExponent();
            return modulus.bitLength() >= MIN_RSA_BITS
                    && modulus.bitLength() <= MAX_RSA_BITS
                    && modulus.testBit(0)
                    && exponent.testBit(0)
                    && exponent.compareTo(BigInteger.TWO) > 0
                    && exponent.bitLength() <= Long.SIZE; // a longer one only makes the check slow
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether an authority key identifier, as far as it says something, names this certificate. */
    private static boolean isNamed(X509CertificateHolder certificate, AuthorityKeyIdentifier authority) {
        final byte[] key = authority.getKeyIdentifierOctets();
        final SubjectKeyIdentifier own = certificate.getExtensions() == null
                ? null
                : SubjectKeyIdentifier.fromExtensions(certificate.getExtensions());
        if (key != null && own != null && !Arrays.equals(key, own.getKeyIdentifier())) {
            return false;
        }
        final BigInteger serial = authority.getAuthorityCertSerialNumber();
        if (serial != null && !serial.equals(certificate.getSerialNumber())) {
            return false;
        }
        return authority.getAuthorityCertIssuer() == null
                || Arrays.stream(authority.getAuthorityCertIssuer().getNames())
                        .anyMatch(name -> name.getTagNo() == GeneralName.directoryName
                                && certificate.getIssuer().equals(name.getName()));
    }

    private static boolean isForMail(@Nullable Extensions extensions) {
        final ExtendedKeyUsage usage = extensions == null ? null : ExtendedKeyUsage.fromExtensions(extensions);
        return usage == null || usage.hasKeyPurposeId(KeyPurposeId.id_kp_emailProtection);
    }

    private static boolean isSignedBy(X509CertificateHolder certificate, X509CertificateHolder issuer) {
        try {
            return certificate.isSignatureValid(Signatures.verifierOf(issuer));
        } catch (CertException | OperatorCreationException | RuntimeException e) { // a shape that cannot be verified
            return false;
        }
    }
}
