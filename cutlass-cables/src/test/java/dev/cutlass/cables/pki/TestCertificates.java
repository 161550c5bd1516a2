package dev.cutlass.cables.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
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
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** One certificate of a pair that is right in all but what a test changes. */
final class TestCertificates {
    static final Instant NOW = Instant.parse("2030-06-01T00:00:00Z");
    static final KeyPair KEY = rsa(2048);
    static final X500Name NAME = new X500Name("O=LIBERTE CABLE,CN=Anonymous");
    static final byte[] KEY_ID = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20};
    static final BigInteger CA_SERIAL = BigInteger.valueOf(1001);
    static final BigInteger VERIFY_SERIAL = BigInteger.valueOf(1002);

    private record Item(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {}

    private final List<Item> extensions = new ArrayList<>();
    private X500Name issuer = NAME;
    private final BigInteger serial;
    private Instant from = NOW.minus(Duration.ofDays(10));
    private Instant until = NOW.plus(Duration.ofDays(10));
    private KeyPair key = KEY;
    private KeyPair signer = KEY;
    private String algorithm = "SHA512withRSA";

    private TestCertificates(BigInteger serial) {
        this.serial = serial;
    }

    static TestCertificates ca() {
        return new TestCertificates(CA_SERIAL)
                .with(Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(KEY_ID))
                .with(Extension.authorityKeyIdentifier, false, authority(KEY_ID, NAME, CA_SERIAL))
                .with(Extension.basicConstraints, true, new BasicConstraints(0))
                .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    }

    static TestCertificates verify() {
        return new TestCertificates(VERIFY_SERIAL)
                .with(Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(KEY_ID))
                .with(Extension.authorityKeyIdentifier, false, authority(KEY_ID, NAME, CA_SERIAL))
                .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .with(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(KeyPurposeId.id_kp_emailProtection));
    }

    static AuthorityKeyIdentifier authority(
            byte @Nullable [] keyId, @Nullable X500Name issuer, @Nullable BigInteger serial) {
        return new AuthorityKeyIdentifier(
                keyId, issuer == null ? null : new GeneralNames(new GeneralName(issuer)), serial);
    }

    /** Puts an extension in, in the place of one of its kind. */
    TestCertificates with(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
        without(oid);
        extensions.add(new Item(oid, critical, value));
        return this;
    }

    TestCertificates without(ASN1ObjectIdentifier oid) {
        extensions.removeIf(item -> item.oid().equals(oid));
        return this;
    }

    TestCertificates valid(Instant validFrom, Instant validUntil) {
        from = validFrom;
        until = validUntil;
        return this;
    }

    TestCertificates issuer(X500Name name) {
        issuer = name;
        return this;
    }

    TestCertificates key(KeyPair pair) {
        key = pair;
        return this;
    }

    TestCertificates signedBy(KeyPair pair, String signatureAlgorithm) {
        signer = pair;
        algorithm = signatureAlgorithm;
        return this;
    }

    byte[] pem() {
        try {
            final X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    issuer,
                    serial,
                    Date.from(from),
                    Date.from(until),
                    NAME,
                    SubjectPublicKeyInfo.getInstance(key.getPublic().getEncoded()));
            for (Item item : extensions) {
                builder.addExtension(item.oid(), item.critical(), item.value());
            }
            return Pem.encode(
                    Pem.CERTIFICATE,
                    builder.build(new JcaContentSignerBuilder(algorithm)
                                    .setProvider(Signatures.PROVIDER)
                                    .build(signer.getPrivate()))
                            .getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    static KeyPair rsa(int bits) {
        try {
            final KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
