package dev.cutlass.cables.pki;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cutlass.cables.address.UserName;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Certificates with any change: refused, unless nothing was changed. Edits of the CA certificate are checked under the name that they make,
 * so that more than the name is looked at. Runs its saved inputs in the normal tests and fuzzes with JAZZER_FUZZ=1.
 */
class CertificatesFuzzTest {
    private static final byte[] CA = Vectors.bytes(Vectors.user("alice").resolve("ca.pem"));
    private static final byte[] VERIFY = Vectors.bytes(Vectors.user("alice").resolve("verify.pem"));

    @Tag("fuzz")
    @FuzzTest(maxDuration = "60s")
    void anyChangeIsRefused(byte[] input) {
        check(input);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void randomChangesAreRefused(long seed) {
        final Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            check(Edited.input(random));
        }
    }

    private static void check(byte[] input) {
        final byte[] verify = Edited.pem(Pem.CERTIFICATE, Edited.derOf(VERIFY), input);
        final UserName alice = new UserName(Vectors.text(Vectors.user("alice").resolve("username")));
        if (PeerCertificates.check(CA, verify, alice, Vectors.NOW) instanceof Checked.Good<PeerCertificates>) {
            assertSameCertificate(VERIFY, verify);
        }
        final byte[] ca = Edited.pem(Pem.CERTIFICATE, Edited.derOf(CA), input);
        if (CertificateReader.first(ca) instanceof Checked.Good<CertificateReader.Found> found
                && PeerCertificates.check(ca, VERIFY, PeerCertificates.userOf(found.value()), Vectors.NOW)
                        instanceof Checked.Good<PeerCertificates>) {
            assertSameCertificate(CA, ca);
        }
    }

    private static void assertSameCertificate(byte[] genuine, byte[] accepted) {
        assertArrayEquals(
                CertificateReader.first(genuine).orNull().der(),
                CertificateReader.first(accepted).orNull().der());
    }
}
