package dev.cutlass.cables.pki;

import dev.cutlass.cables.address.HostName;
import dev.cutlass.crypto.primitive.Secrets;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/**
 * The Ed25519 key of an onion service of version 3: who has it has the name. Immutable but for {@link #close}; any thread.
 */
public final class OnionKey implements AutoCloseable {
    private static final int SEED_LENGTH = Ed25519PrivateKeyParameters.KEY_SIZE;
    private static final int EXPANDED_LENGTH = 64;

    private final byte[] seed;

    private OnionKey(byte[] seed) {
        this.seed = seed;
    }

    /** A new one. */
    public static OnionKey draw(SecureRandom random) {
        final byte[] seed = new byte[SEED_LENGTH];
        random.nextBytes(seed);
        return new OnionKey(seed);
    }

    /**
     * Reads what {@link #pem} wrote, or {@code openssl genpkey -algorithm ed25519}.
     *
     * @throws IllegalArgumentException if it is none; says so without a byte of it
     */
    public static OnionKey read(byte[] pem) {
        final byte[] der = Pem.privateKey(pem);
        if (der == null) {
            throw new IllegalArgumentException("there is no block \"PRIVATE KEY\" in it");
        }
        try {
            final PrivateKeyInfo info = PrivateKeyInfo.getInstance(der);
            final byte[] seed =
                    ASN1OctetString.getInstance(info.parsePrivateKey()).getOctets();
            if (!info.getPrivateKeyAlgorithm().getAlgorithm().equals(EdECObjectIdentifiers.id_Ed25519)
                    || seed.length != SEED_LENGTH) {
                throw new IllegalArgumentException("it is no Ed25519 key");
            }
            return new OnionKey(seed.clone());
        } catch (IOException | IllegalStateException | ClassCastException e) {
            throw new IllegalArgumentException("it is no private key"); // without the cause, which may quote it
        } finally {
            Secrets.wipe(der);
        }
    }

    /** PKCS #8 (RFC 8410). To be wiped. */
    public byte[] pem() {
        try {
            final byte[] der = new PrivateKeyInfo(
                            new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519), new DEROctetString(seed))
                    .getEncoded();
            try {
                return Pem.encode(Pem.PRIVATE_KEY, der);
            } finally {
                Secrets.wipe(der);
            }
        } catch (IOException e) {
            throw new AssertionError("written to memory", e);
        }
    }

    /** The name that it proves. */
    public HostName host() {
        return HostName.ofOnionKey(
                new Ed25519PrivateKeyParameters(seed, 0).generatePublicKey().getEncoded());
    }

    /** As Tor wants it: the scalar and the prefix of RFC 8032 section 5.1.5, 64 bytes. To be wiped. */
    public byte[] expanded() {
        final byte[] expanded = new byte[EXPANDED_LENGTH];
        final SHA512Digest hash = new SHA512Digest();
        hash.update(seed, 0, seed.length);
        hash.doFinal(expanded, 0);
        expanded[0] &= (byte) 0xf8;
        expanded[31] &= 0x7f;
        expanded[31] |= 0x40;
        return expanded;
    }

    /** Wipes it. */
    @Override
    public void close() {
        Arrays.fill(seed, (byte) 0);
    }
}
