package dev.cutlass.cables.pki;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.bouncycastle.cert.X509CertificateHolder;
import org.junit.jupiter.api.Test;

final class OwnKeysTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant NOW = Instant.parse("2026-11-22T13:14:15Z");
    private static final OwnKeys KEYS = OwnKeys.create(OwnKeys.MIN_BITS, RANDOM, NOW);

    @Test
    void peersAcceptWhatIsMade() {
        final PeerCertificates checked = certificates(KEYS);
        assertEquals(KEYS.user(), checked.user());
    }

    @Test
    void theFieldsAreThoseOfTheOriginals() {
        for (String file : new String[] {"ca.pem", "verify.pem"}) {
            final X509CertificateHolder theirs =
                    certificate(Vectors.bytes(Vectors.user("bob").resolve(file)));
            final X509CertificateHolder ours = certificate(file.equals("ca.pem") ? KEYS.caPem() : KEYS.verifyPem());
            assertEquals(theirs.getIssuer(), ours.getIssuer());
            assertEquals(theirs.getSubject(), ours.getSubject());
            assertEquals(theirs.getSignatureAlgorithm(), ours.getSignatureAlgorithm());
            assertEquals(theirs.getCriticalExtensionOIDs(), ours.getCriticalExtensionOIDs());
            for (Object critical : theirs.getCriticalExtensionOIDs()) {
                final org.bouncycastle.asn1.ASN1ObjectIdentifier oid =
                        (org.bouncycastle.asn1.ASN1ObjectIdentifier) critical;
                assertEquals(theirs.getExtension(oid), ours.getExtension(oid), file + " " + oid);
            }
            assertEquals(
                    Duration.ofDays(18_300),
                    Duration.between(
                            ours.getNotBefore().toInstant(), ours.getNotAfter().toInstant()));
            assertEquals(
                    NOW.truncatedTo(java.time.temporal.ChronoUnit.DAYS),
                    ours.getNotBefore().toInstant());
            assertTrue(ours.getSerialNumber().toByteArray().length <= 20);
        }
        assertNotEquals(
                certificate(KEYS.caPem()).getSerialNumber(),
                certificate(KEYS.verifyPem()).getSerialNumber());
    }

    @Test
    void whatIsWrittenIsRead() {
        final OwnKeys read = OwnKeys.read(KEYS.rootPem(), KEYS.signPem(), KEYS.caPem(), KEYS.verifyPem(), NOW);
        assertEquals(KEYS.user(), read.user());
        assertArrayEquals(KEYS.rootPem(), read.rootPem());
        assertArrayEquals(KEYS.verifyPem(), read.verifyPem());
    }

    @Test
    void aNewSigningKeyServesTheSameUser() {
        final OwnKeys renewed = KEYS.withNewSignKey(OwnKeys.MIN_BITS, RANDOM, NOW);
        assertEquals(KEYS.user(), renewed.user());
        assertArrayEquals(KEYS.caPem(), renewed.caPem());
        assertFalse(Arrays.equals(KEYS.signPem(), renewed.signPem()));

        final DhPublicKey key = DhKeyPair.draw(RANDOM).publicKey();
        final byte[] signed = renewed.sign(key, RANDOM);
        assertEquals(key, SignedKey.open(signed, certificates(renewed), NOW).orNull());
        assertEquals(
                Refusal.NO_SIGNER,
                SignedKey.open(signed, certificates(KEYS), NOW).whyNot());
    }

    @Test
    void keysThatDoNotBelongTogetherAreNamed() {
        final OwnKeys renewed = KEYS.withNewSignKey(OwnKeys.MIN_BITS, RANDOM, NOW);
        assertEquals(
                "sign.pem is not the key of verify.pem",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> OwnKeys.read(
                                        KEYS.rootPem(), KEYS.signPem(), KEYS.caPem(), renewed.verifyPem(), NOW))
                        .getMessage());
        assertEquals(
                "root.pem is not the key of ca.pem",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> OwnKeys.read(
                                        renewed.signPem(), KEYS.signPem(), KEYS.caPem(), KEYS.verifyPem(), NOW))
                        .getMessage());
        assertEquals(
                "sign.pem: no PEM block PRIVATE KEY (PKCS #8)",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> OwnKeys.read(KEYS.rootPem(), new byte[9], KEYS.caPem(), KEYS.verifyPem(), NOW))
                        .getMessage());
    }

    @Test
    void sizesOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> OwnKeys.create(OwnKeys.MIN_BITS - 1, RANDOM, NOW));
        assertThrows(IllegalArgumentException.class, () -> OwnKeys.create(OwnKeys.MAX_BITS + 1, RANDOM, NOW));
    }

    @Test
    void nothingOfAKeyIsPrinted() {
        assertEquals("OwnKeys[" + KEYS.user() + "]", KEYS.toString());
        assertEquals("DhKeyPair", DhKeyPair.draw(RANDOM).toString());
    }

    private static PeerCertificates certificates(OwnKeys keys) {
        return Objects.requireNonNull(PeerCertificates.check(keys.caPem(), keys.verifyPem(), keys.user(), NOW)
                .orNull());
    }

    private static X509CertificateHolder certificate(byte[] pem) {
        return Objects.requireNonNull(CertificateReader.first(pem).orNull()).certificate();
    }
}
