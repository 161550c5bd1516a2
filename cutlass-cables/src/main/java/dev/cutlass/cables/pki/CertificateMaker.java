package dev.cutlass.cables.pki;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes the two certificates exactly as the table in section 3 of the protocol wants them, but for the cosmetic URI. */
final class CertificateMaker {
    /** Cables protocol section 3: some fifty years, so that nobody's age shows and nobody has to renew. */
    static final Duration VALIDITY = Duration.ofDays(18_300);

    private static final int SERIAL_BITS = 159; // positive in 20 octets
    private static final String SIGNATURE = "SHA512withRSA";
    private static final X500Name NAME = name();

    private final SecureRandom random;

    CertificateMaker(SecureRandom random) {
        this.random = random;
    }

    X509CertificateHolder ca(PublicKey root, ContentSigner signer, Instant now) {
        final BigInteger serial = serial();
        final X509v3CertificateBuilder builder = builder(serial, root, now);
        try {
            builder.addExtension(Extension.subjectKeyIdentifier, false, keyIdentifier(root));
            builder.addExtension(Extension.authorityKeyIdentifier, false, authority(root, serial));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        } catch (CertIOException e) {
            throw new AssertionError("encoding into memory", e);
        }
        return builder.build(signer);
    }

    X509CertificateHolder verify(PublicKey sign, X509CertificateHolder ca, ContentSigner root, Instant now) {
        final X509v3CertificateBuilder builder = builder(serial(), sign, now);
        try {
            builder.addExtension(Extension.subjectKeyIdentifier, false, keyIdentifier(sign));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new AuthorityKeyIdentifier(
                            SubjectKeyIdentifier.fromExtensions(ca.getExtensions())
                                    .getKeyIdentifier(),
                            new GeneralNames(new GeneralName(ca.getIssuer())),
                            ca.getSerialNumber()));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.extendedKeyUsage, true, new ExtendedKeyUsage(KeyPurposeId.id_kp_emailProtection));
        } catch (CertIOException e) {
            throw new AssertionError("encoding into memory", e);
        }
        return builder.build(root);
    }

    ContentSigner signer(PrivateKey key) {
        try {
            return new JcaContentSignerBuilder(SIGNATURE)
                    .setProvider(Signatures.PROVIDER)
                    .setSecureRandom(random)
                    .build(key);
        } catch (OperatorCreationException e) {
            throw new IllegalArgumentException("key: an RSA key is wanted", e);
        }
    }

    private X509v3CertificateBuilder builder(BigInteger serial, PublicKey key, Instant now) {
        final Instant from = now.truncatedTo(ChronoUnit.DAYS); // the hour of creation is nobody's business
        return new X509v3CertificateBuilder(
                NAME, serial, Date.from(from), Date.from(from.plus(VALIDITY)), NAME, info(key));
    }

    private BigInteger serial() {
        return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
    }

    private static AuthorityKeyIdentifier authority(PublicKey key, BigInteger serial) {
        return new AuthorityKeyIdentifier(
                keyIdentifier(key).getKeyIdentifier(), new GeneralNames(new GeneralName(NAME)), serial);
    }

    private static SubjectKeyIdentifier keyIdentifier(PublicKey key) {
        try {
            return new SubjectKeyIdentifier(MessageDigest.getInstance("SHA-1")
                    .digest(info(key).getPublicKeyData().getBytes())); // RFC 5280 section 4.2.1.2, method 1
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-1", e);
        }
    }

    private static SubjectPublicKeyInfo info(PublicKey key) {
        return SubjectPublicKeyInfo.getInstance(key.getEncoded());
    }

    private static X500Name name() {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, new DERUTF8String("LIBERTE CABLE"))
                .addRDN(BCStyle.CN, new DERUTF8String("Anonymous"))
                .build();
    }
}
