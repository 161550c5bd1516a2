package dev.cutlass.cables.pki;

import dev.cutlass.crypto.primitive.Secrets;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.EncryptedContentInfo;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/**
 * {@code message.enc}: CMS EncryptedData (RFC 5652 section 8), version 0, AES-256-CBC. Nothing in it is authentic by itself: what is opened must have the send MAC before anybody looks at it.
 */
public final class SealedMail {
    private static final int IV_LENGTH = 16;
    private static final String AES = "AES";
    private static final String CBC = "AES/CBC/PKCS5Padding";

    private SealedMail() {}

    /** Seals compressed mail, as PEM. */
    public static byte[] seal(ExchangeSecrets secrets, byte[] compressed, RandomGenerator random) {
        final byte[] iv = new byte[IV_LENGTH];
        random.nextBytes(iv);
        return seal(secrets, compressed, iv);
    }

    static byte[] seal(ExchangeSecrets secrets, byte[] compressed, byte[] iv) {
        final byte[] key = secrets.encryptionKey();
        try {
            final byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, iv).doFinal(compressed);
            final AlgorithmIdentifier algorithm =
                    new AlgorithmIdentifier(NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(iv));
            final EncryptedContentInfo content =
                    new EncryptedContentInfo(PKCSObjectIdentifiers.data, algorithm, new DEROctetString(sealed));
            final DERSequence encrypted =
                    new DERSequence(new org.bouncycastle.asn1.ASN1Encodable[] {new ASN1Integer(0), content});
            return Pem.encode(
                    Pem.CMS,
                    new ContentInfo(PKCSObjectIdentifiers.encryptedData, encrypted).getEncoded(ASN1Encoding.DER));
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError("every JDK has " + CBC, e);
        } finally {
            Secrets.wipe(key);
        }
    }

    /**
     * Opens it and compares the MAC; nothing of it is given out before that.
     *
     * @param sendMac what the sender announced with snd
     */
    public static Checked<byte[]> open(ExchangeSecrets secrets, byte[] pem, dev.cutlass.cables.address.Mac sendMac) {
        final byte[] compressed = decrypt(secrets, pem);
        if (compressed == null) {
            return Checked.refused(Refusal.NOT_AUTHENTIC);
        }
        if (!secrets.sendMac(compressed).equals(sendMac)) {
            Secrets.wipe(compressed);
            return Checked.refused(Refusal.NOT_AUTHENTIC);
        }
        return Checked.good(compressed);
    }

    private static byte @org.jspecify.annotations.Nullable [] decrypt(ExchangeSecrets secrets, byte[] pem) {
        final byte[] key = secrets.encryptionKey();
        try {
            final ContentInfo info = Cms.read(pem);
            if (info == null || !PKCSObjectIdentifiers.encryptedData.equals(info.getContentType())) {
                return null;
            }
            final EncryptedContentInfo content = EncryptedContentInfo.getInstance(
                    ASN1Sequence.getInstance(info.getContent()).getObjectAt(1));
            final AlgorithmIdentifier algorithm = content.getContentEncryptionAlgorithm();
            if (!NISTObjectIdentifiers.id_aes256_CBC.equals(algorithm.getAlgorithm())) {
                return null;
            }
            final byte[] iv =
                    ASN1OctetString.getInstance(algorithm.getParameters()).getOctets();
            final ASN1OctetString sealed = content.getEncryptedContent();
            return sealed == null || iv.length != IV_LENGTH
                    ? null
                    : cipher(Cipher.DECRYPT_MODE, key, iv).doFinal(sealed.getOctets());
        } catch (GeneralSecurityException
                | RuntimeException e) { // bad padding, or what Bouncy Castle throws at other shapes
            return null;
        } finally {
            Secrets.wipe(key);
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] iv) throws GeneralSecurityException {
        final Cipher cipher = Cipher.getInstance(CBC);
        cipher.init(mode, new SecretKeySpec(key, AES), new IvParameterSpec(iv));
        return cipher;
    }
}
