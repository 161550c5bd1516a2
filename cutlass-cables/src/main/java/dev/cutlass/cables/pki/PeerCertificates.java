package dev.cutlass.cables.pki;

import dev.cutlass.cables.address.UserName;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.bouncycastle.cert.X509CertificateHolder;
import org.jspecify.annotations.Nullable;

/** The two certificates of a user, checked together: who holds this object may believe them. Cables protocol section 3.1. Immutable. */
public final class PeerCertificates {
    private final X509CertificateHolder ca;
    private final X509CertificateHolder verify;
    private final UserName user;
    private final String pin;

    private PeerCertificates(X509CertificateHolder ca, X509CertificateHolder verify, UserName user, String pin) {
        this.ca = ca;
        this.verify = verify;
        this.user = user;
        this.pin = pin;
    }

    /**
     * Checks what was fetched from a user's {@code certs}.
     *
     * @param expected whose they must be
     * @param now for their validity
     */
    public static Checked<PeerCertificates> check(byte[] caPem, byte[] verifyPem, UserName expected, Instant now) {
        return CertificateReader.first(caPem)
                .then(ca -> CertificateReader.first(verifyPem).then(verify -> check(ca, verify, expected, now)));
    }

    private static Checked<PeerCertificates> check(
            CertificateReader.Found ca, CertificateReader.Found verify, UserName expected, Instant now) {
        final UserName user = userOf(ca);
        if (!user.equals(expected)) {
            return Checked.refused(Refusal.OTHER_USER);
        }
        final Refusal refusal = refusal(ca.certificate(), verify.certificate(), now);
        return refusal == null
                ? Checked.good(new PeerCertificates(
                        ca.certificate(),
                        verify.certificate(),
                        user,
                        HexFormat.of().formatHex(digest("SHA-256", ca.der()))))
                : Checked.refused(refusal);
    }

    static UserName userOf(CertificateReader.Found ca) {
        return UserName.ofFingerprint(digest("SHA-1", ca.der()));
    }

    private static @Nullable Refusal refusal(X509CertificateHolder ca, X509CertificateHolder verify, Instant now) {
        try {
            final Refusal ofCa = CertificateRules.refusalOfCa(ca, now);
            return ofCa == null ? CertificateRules.refusalOfSigner(verify, ca, now) : ofCa;
        } catch (IllegalArgumentException | IllegalStateException e) { // an extension of another shape
            return Refusal.BAD_EXTENSION;
        }
    }

    /** Why another certificate of this user may not sign, or {@code null}: one that came within a signature. */
    @Nullable
    Refusal refusalOfSigner(X509CertificateHolder signer, Instant now) {
        try {
            return CertificateRules.refusalOfSigner(signer, ca, now);
        } catch (IllegalArgumentException | IllegalStateException e) { // an extension of another shape
            return Refusal.BAD_EXTENSION;
        }
    }

    X509CertificateHolder verify() {
        return verify;
    }

    /** Whose they are. */
    public UserName user() {
        return user;
    }

    /** SHA-256 of the CA certificate's DER, in hexadecimal: the user name is only SHA-1, so this is remembered beside it. Cables protocol 18.5. */
    public String pin() {
        return pin;
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has " + algorithm, e);
        }
    }
}
