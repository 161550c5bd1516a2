package dev.cutlass.cables.pki;

import dev.cutlass.cables.address.UserName;
import dev.cutlass.crypto.primitive.Secrets;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Arrays;
import org.bouncycastle.cert.X509CertificateHolder;

/**
 * Our own user: the root key that makes the user name, the key that signs (the same one, unless it was renewed), and the two
 * certificates. Immutable; any thread. The JVM offers no way to wipe RSA keys.
 */
public final class OwnKeys {
    /** What the original makes. Takes a minute, seldom several. */
    public static final int DEFAULT_BITS = 8192;

    /** Smaller ones are for tests, and whoever asks for them is warned. */
    public static final int LEAST_SOUND_BITS = 3072;

    /** Peers refuse less, and more. */
    public static final int MIN_BITS = 2048;

    /** See {@link #MIN_BITS}. */
    public static final int MAX_BITS = 16_384;

    private static final String RSA = "RSA";

    private final PrivateKey root;
    private final PrivateKey sign;
    private final byte[] caPem;
    private final byte[] verifyPem;
    private final X509CertificateHolder ca;
    private final X509CertificateHolder verify;
    private final PeerCertificates certificates;

    private OwnKeys(
            PrivateKey root,
            PrivateKey sign,
            byte[] caPem,
            byte[] verifyPem,
            X509CertificateHolder ca,
            PeerCertificates certificates) {
        this.root = root;
        this.sign = sign;
        this.caPem = caPem;
        this.verifyPem = verifyPem;
        this.ca = ca;
        this.verify = certificates.verify();
        this.certificates = certificates;
    }

    /**
     * Makes a user.
     *
     * @param rsaBits {@link #MIN_BITS} to {@link #MAX_BITS}
     * @param now the day from which the certificates are valid, for fifty years
     */
    public static OwnKeys create(int rsaBits, SecureRandom random, Instant now) {
        final KeyPair root = keyPair(rsaBits, random);
        final CertificateMaker maker = new CertificateMaker(random);
        final X509CertificateHolder ca = maker.ca(root.getPublic(), maker.signer(root.getPrivate()), now);
        final X509CertificateHolder verify = maker.verify(root.getPublic(), ca, maker.signer(root.getPrivate()), now);
        return made(root.getPrivate(), root.getPrivate(), ca, verify, now);
    }

    /** The same user with a new key that signs, for when the old one may be known to others. The old certificate stays valid where it is known. */
    public OwnKeys withNewSignKey(int rsaBits, SecureRandom random, Instant now) {
        final KeyPair fresh = keyPair(rsaBits, random);
        final CertificateMaker maker = new CertificateMaker(random);
        return made(root, fresh.getPrivate(), ca, maker.verify(fresh.getPublic(), ca, maker.signer(root), now), now);
    }

    private static OwnKeys made(
            PrivateKey root, PrivateKey sign, X509CertificateHolder ca, X509CertificateHolder verify, Instant now) {
        final byte[] caPem = Pem.encode(Pem.CERTIFICATE, encoded(ca));
        final byte[] verifyPem = Pem.encode(Pem.CERTIFICATE, encoded(verify));
        return of(root, sign, caPem, verifyPem, now);
    }

    private static OwnKeys of(PrivateKey root, PrivateKey sign, byte[] caPem, byte[] verifyPem, Instant now) {
        final CertificateReader.Found ca = CertificateReader.first(caPem).orNull();
        if (ca == null) {
            throw new IllegalArgumentException("ca.pem: no certificate");
        }
        final Checked<PeerCertificates> checked =
                PeerCertificates.check(caPem, verifyPem, PeerCertificates.userOf(ca), now);
        if (checked instanceof Checked.Good<PeerCertificates> good) {
            return new OwnKeys(root, sign, caPem.clone(), verifyPem.clone(), ca.certificate(), good.value());
        }
        throw new IllegalArgumentException(
                "ca.pem and verify.pem: " + checked.whyNot().text());
    }

    /**
     * Reads what was written.
     *
     * @throws IllegalArgumentException if they do not belong together, or peers would refuse them; says which and why
     */
    public static OwnKeys read(byte[] rootPem, byte[] signPem, byte[] caPem, byte[] verifyPem, Instant now) {
        final RSAPrivateCrtKey root = privateKey(rootPem, "root.pem");
        final RSAPrivateCrtKey sign = privateKey(signPem, "sign.pem");
        final OwnKeys keys = of(root, sign, caPem, verifyPem, now);
        if (!isOf(root, keys.ca)) {
            throw new IllegalArgumentException("root.pem is not the key of ca.pem");
        }
        if (!isOf(sign, keys.verify)) {
            throw new IllegalArgumentException("sign.pem is not the key of verify.pem");
        }
        return keys;
    }

    private static RSAPrivateCrtKey privateKey(byte[] pem, String file) {
        final byte[] der = Pem.privateKey(pem);
        if (der == null) {
            throw new IllegalArgumentException(file + ": no PEM block PRIVATE KEY (PKCS #8)");
        }
        try {
            if (KeyFactory.getInstance(RSA).generatePrivate(new PKCS8EncodedKeySpec(der))
                    instanceof RSAPrivateCrtKey key) {
                return key;
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(file + ": no RSA key"); // its cause might quote the key
        } finally {
            Secrets.wipe(der);
        }
        throw new IllegalArgumentException(file + ": no RSA key with its primes");
    }

    private static boolean isOf(RSAPrivateCrtKey key, X509CertificateHolder certificate) {
        try {
            final PublicKey its = KeyFactory.getInstance(RSA)
                    .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
            return Arrays.equals(
                    its.getEncoded(), certificate.getSubjectPublicKeyInfo().getEncoded());
        } catch (GeneralSecurityException | IOException e) {
            return false;
        }
    }

    private static KeyPair keyPair(int bits, SecureRandom random) {
        if (bits < MIN_BITS || bits > MAX_BITS) {
            throw new IllegalArgumentException("rsa: " + MIN_BITS + " to " + MAX_BITS + " bits, not " + bits);
        }
        try {
            final KeyPairGenerator generator = KeyPairGenerator.getInstance(RSA);
            generator.initialize(new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM makes no RSA keys of " + bits + " bits", e);
        }
    }

    private static byte[] encoded(X509CertificateHolder certificate) {
        try {
            return certificate.getEncoded();
        } catch (IOException e) {
            throw new AssertionError("encoding into memory", e);
        }
    }

    /** Who this is. */
    public UserName user() {
        return certificates.user();
    }

    /** What is served as {@code certs/ca.pem}. */
    public byte[] caPem() {
        return caPem.clone();
    }

    /** What is served as {@code certs/verify.pem}. */
    public byte[] verifyPem() {
        return verifyPem.clone();
    }

    /** The root key, PKCS #8 in PEM, for the key file; the caller wipes it. */
    public byte[] rootPem() {
        return pem(root);
    }

    /** The key that signs, likewise. */
    public byte[] signPem() {
        return pem(sign);
    }

    private static byte[] pem(PrivateKey key) {
        final byte[] der = key.getEncoded();
        try {
            return Pem.encode(Pem.PRIVATE_KEY, der);
        } finally {
            Secrets.wipe(der);
        }
    }

    /** Signs a key of ours: what is served as {@code rqueue/ID.key} or {@code queue/ID.key}. Takes up to a second with keys of 8,192 bits. */
    public byte[] sign(DhPublicKey key, SecureRandom random) {
        return SignedKey.sign(key, verify, new CertificateMaker(random).signer(sign));
    }

    @Override
    public String toString() {
        return "OwnKeys[" + user() + "]";
    }
}
