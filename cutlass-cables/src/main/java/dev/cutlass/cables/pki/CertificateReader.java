package dev.cutlass.cables.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.cert.X509CertificateHolder;

/** Finds the certificate in what a peer serves: the first of a PEM text, without what follows its DER. Cables protocol section 3.1, point 1. */
final class CertificateReader {
    private CertificateReader() {}

    /** A certificate and the very bytes that its fingerprint is over. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Found(X509CertificateHolder certificate, byte[] der) {}

    static Checked<Found> first(byte[] pem) {
        final byte[] block = Pem.certificate(pem);
        if (block == null) {
            return Checked.refused(Refusal.NO_CERTIFICATE);
        }
        final ByteArrayInputStream bytes = new ByteArrayInputStream(block);
        try (ASN1InputStream in = new ASN1InputStream(bytes, block.length)) {
            final ASN1Primitive object = in.readObject();
            if (object == null) {
                return Checked.refused(Refusal.NO_CERTIFICATE);
            }
            final byte[] der = Arrays.copyOf(block, block.length - bytes.available());
            return Checked.good(new Found(new X509CertificateHolder(Certificate.getInstance(object)), der));
        } catch (IOException | RuntimeException e) { // what Bouncy Castle throws at other shapes
            return Checked.refused(Refusal.NO_CERTIFICATE);
        }
    }
}
