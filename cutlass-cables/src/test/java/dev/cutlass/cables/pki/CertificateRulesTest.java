package dev.cutlass.cables.pki;

import static dev.cutlass.cables.pki.TestCertificates.CA_SERIAL;
import static dev.cutlass.cables.pki.TestCertificates.KEY_ID;
import static dev.cutlass.cables.pki.TestCertificates.NAME;
import static dev.cutlass.cables.pki.TestCertificates.NOW;
import static dev.cutlass.cables.pki.TestCertificates.VERIFY_SERIAL;
import static dev.cutlass.cables.pki.TestCertificates.authority;
import static dev.cutlass.cables.pki.TestCertificates.ca;
import static dev.cutlass.cables.pki.TestCertificates.rsa;
import static dev.cutlass.cables.pki.TestCertificates.verify;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.cutlass.cables.address.UserName;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row of the table in section 3.1 of the protocol: one pair of certificates that is right in all else. */
final class CertificateRulesTest {
    private static final X500Name OTHER_NAME = new X500Name("CN=Somebody");
    private static final KeyPair OTHER_KEY = rsa(2048);
    private static final ASN1ObjectIdentifier UNKNOWN = new ASN1ObjectIdentifier("1.2.3.4.5");
    private static final CertificatePolicies POLICIES = new CertificatePolicies(new PolicyInformation(UNKNOWN));

    static Stream<Arguments> rowsOfCa() {
        return Stream.of(
                arguments("as the table in section 3 has it", ca(), null),
                arguments("expired", ca().valid(NOW.minusSeconds(9), NOW.minusSeconds(1)), Refusal.EXPIRED),
                arguments("its last second", ca().valid(NOW.minusSeconds(9), NOW), null),
                arguments("its first second", ca().valid(NOW, NOW.plusSeconds(9)), null),
                arguments("not yet valid", ca().valid(NOW.plusSeconds(1), NOW.plusSeconds(9)), Refusal.NOT_YET_VALID),
                arguments(
                        "no basic constraints", ca().without(Extension.basicConstraints), Refusal.CA_BASIC_CONSTRAINTS),
                arguments(
                        "basic constraints not critical",
                        ca().with(Extension.basicConstraints, false, new BasicConstraints(0)),
                        Refusal.CA_BASIC_CONSTRAINTS),
                arguments(
                        "basic constraints of no CA",
                        ca().with(Extension.basicConstraints, true, new BasicConstraints(false)),
                        Refusal.CA_BASIC_CONSTRAINTS),
                arguments(
                        "no path length",
                        ca().with(Extension.basicConstraints, true, new BasicConstraints(true)),
                        null),
                arguments(
                        "no keyCertSign",
                        ca().with(Extension.keyUsage, true, new KeyUsage(KeyUsage.cRLSign)),
                        Refusal.CA_KEY_USAGE),
                arguments(
                        "no cRLSign",
                        ca().with(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign)),
                        Refusal.CA_KEY_USAGE),
                arguments("no key usage", ca().without(Extension.keyUsage), Refusal.CA_KEY_USAGE),
                arguments(
                        "no subject key identifier",
                        ca().without(Extension.subjectKeyIdentifier),
                        Refusal.CA_SUBJECT_KEY_IDENTIFIER),
                arguments("critical policies", ca().with(Extension.certificatePolicies, true, POLICIES), null),
                arguments("no authority key identifier", ca().without(Extension.authorityKeyIdentifier), null),
                arguments(
                        "the authority key identifier of another",
                        ca().with(Extension.authorityKeyIdentifier, false, authority(new byte[20], NAME, CA_SERIAL)),
                        Refusal.CA_AUTHORITY_KEY_IDENTIFIER),
                arguments(
                        "extended key usage with mail",
                        ca().with(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                            KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_emailProtection
                        })),
                        null),
                arguments(
                        "extended key usage without mail",
                        ca().with(
                                        Extension.extendedKeyUsage,
                                        false,
                                        new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth)),
                        Refusal.CA_EXTENDED_KEY_USAGE),
                arguments(
                        "an unknown critical extension",
                        ca().with(UNKNOWN, true, DERNull.INSTANCE),
                        Refusal.UNKNOWN_CRITICAL_EXTENSION),
                arguments("an unknown extension", ca().with(UNKNOWN, false, DERNull.INSTANCE), null),
                arguments("issued by somebody else", ca().issuer(OTHER_NAME), Refusal.CA_NOT_SELF_ISSUED),
                arguments(
                        "signed with another key",
                        ca().signedBy(OTHER_KEY, "SHA512withRSA"),
                        Refusal.CA_SIGNATURE_WRONG),
                arguments(
                        "signed with SHA-1",
                        ca().signedBy(TestCertificates.KEY, "SHA1withRSA"),
                        Refusal.WEAK_SIGNATURE),
                arguments("signed with SHA-256", ca().signedBy(TestCertificates.KEY, "SHA256withRSA"), null),
                arguments("signed with RSASSA-PSS", ca().signedBy(TestCertificates.KEY, "SHA256withRSAandMGF1"), null),
                arguments(
                        "a key usage that cannot be read",
                        ca().with(Extension.keyUsage, true, DERNull.INSTANCE),
                        Refusal.BAD_EXTENSION));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rowsOfCa")
    void aCaCertificate(String what, TestCertificates ca, @Nullable Refusal expected) {
        assertVerdict(expected, ca.pem(), verify().pem());
    }

    static Stream<Arguments> rowsOfVerify() {
        return Stream.of(
                arguments("as the table in section 3 has it", verify(), null),
                arguments("expired", verify().valid(NOW.minusSeconds(9), NOW.minusSeconds(1)), Refusal.EXPIRED),
                arguments(
                        "not yet valid", verify().valid(NOW.plusSeconds(1), NOW.plusSeconds(9)), Refusal.NOT_YET_VALID),
                arguments("issued by another name", verify().issuer(OTHER_NAME), Refusal.NOT_ISSUED_BY_CA),
                arguments(
                        "signed with another key",
                        verify().signedBy(OTHER_KEY, "SHA512withRSA"),
                        Refusal.NOT_ISSUED_BY_CA),
                arguments("a key of its own", verify().key(OTHER_KEY), null),
                arguments(
                        "no authority key identifier",
                        verify().without(Extension.authorityKeyIdentifier),
                        Refusal.AUTHORITY_KEY_IDENTIFIER),
                arguments(
                        "an authority key identifier with the key alone",
                        verify().with(Extension.authorityKeyIdentifier, false, authority(KEY_ID, null, null)),
                        Refusal.AUTHORITY_KEY_IDENTIFIER),
                arguments(
                        "an authority key identifier without the key",
                        verify().with(Extension.authorityKeyIdentifier, false, authority(null, NAME, CA_SERIAL)),
                        Refusal.AUTHORITY_KEY_IDENTIFIER),
                arguments(
                        "self-signed",
                        verify().with(Extension.authorityKeyIdentifier, false, authority(KEY_ID, NAME, VERIFY_SERIAL)),
                        Refusal.AUTHORITY_KEY_IDENTIFIER),
                arguments(
                        "the authority key identifier of another CA",
                        verify().with(
                                        Extension.authorityKeyIdentifier,
                                        false,
                                        authority(new byte[20], NAME, CA_SERIAL)),
                        Refusal.NOT_ISSUED_BY_CA),
                arguments("no subject key identifier", verify().without(Extension.subjectKeyIdentifier), null),
                arguments(
                        "marked as a CA",
                        verify().with(Extension.basicConstraints, false, new BasicConstraints(true)),
                        Refusal.MARKED_CA),
                arguments(
                        "marked as no CA",
                        verify().with(Extension.basicConstraints, false, new BasicConstraints(false)),
                        null),
                arguments("no key usage", verify().without(Extension.keyUsage), null),
                arguments(
                        "key usage nonRepudiation",
                        verify().with(Extension.keyUsage, true, new KeyUsage(KeyUsage.nonRepudiation)),
                        null),
                arguments(
                        "key usage keyEncipherment",
                        verify().with(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyEncipherment)),
                        Refusal.KEY_USAGE),
                arguments("no extended key usage", verify().without(Extension.extendedKeyUsage), null),
                arguments(
                        "extended key usage anything",
                        verify().with(
                                        Extension.extendedKeyUsage,
                                        true,
                                        new ExtendedKeyUsage(KeyPurposeId.anyExtendedKeyUsage)),
                        Refusal.EXTENDED_KEY_USAGE),
                arguments(
                        "an unknown critical extension",
                        verify().with(UNKNOWN, true, DERNull.INSTANCE),
                        Refusal.UNKNOWN_CRITICAL_EXTENSION),
                arguments(
                        "signed with SHA-1",
                        verify().signedBy(TestCertificates.KEY, "SHA1withRSA"),
                        Refusal.WEAK_SIGNATURE),
                arguments("a short key", verify().key(rsa(1024)), Refusal.WEAK_KEY));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rowsOfVerify")
    void aSigningCertificate(String what, TestCertificates verify, @Nullable Refusal expected) {
        assertVerdict(expected, ca().pem(), verify.pem());
    }

    @Test
    void theCaCertificateItselfMaySignNoKeys() {
        final byte[] ca = ca().pem();
        assertVerdict(Refusal.AUTHORITY_KEY_IDENTIFIER, ca, ca);
    }

    @Test
    void anotherUsersCertificatesAreNotTaken() {
        assertEquals(
                Refusal.OTHER_USER,
                PeerCertificates.check(ca().pem(), verify().pem(), new UserName("a".repeat(UserName.LENGTH)), NOW)
                        .whyNot());
    }

    @Test
    void theFirstCertificateCountsWhateverStandsAroundIt() {
        final String first = new String(ca().pem(), StandardCharsets.US_ASCII);
        final String text = "some text\r\n-----BEGIN RUBBISH-----\r\nAAAA\r\n-----END RUBBISH-----\r\n"
                + first.replace("\n", "\r\n")
                + new String(verify().pem(), StandardCharsets.US_ASCII)
                + "more text";
        assertVerdict(null, text.getBytes(StandardCharsets.US_ASCII), verify().pem(), userOf(ca().pem()));
    }

    private static void assertVerdict(@Nullable Refusal expected, byte[] ca, byte[] verify) {
        assertVerdict(expected, ca, verify, userOf(ca));
    }

    private static void assertVerdict(@Nullable Refusal expected, byte[] ca, byte[] verify, UserName user) {
        final Checked<PeerCertificates> verdict = PeerCertificates.check(ca, verify, user, NOW);
        assertEquals(expected, verdict instanceof Checked.Good ? null : verdict.whyNot());
    }

    private static UserName userOf(byte[] ca) {
        try {
            return UserName.ofFingerprint(MessageDigest.getInstance("SHA-1").digest(Pem.certificate(ca)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
