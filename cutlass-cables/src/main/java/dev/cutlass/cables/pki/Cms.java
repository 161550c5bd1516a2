package dev.cutlass.cables.pki;

import java.io.IOException;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.jspecify.annotations.Nullable;

/** Reading of the outermost shape of a CMS object (RFC 5652 section 3). */
final class Cms {
    private Cms() {}

    /** The first object of a PEM text; definite or indefinite lengths, what follows it is not looked at; {@code null} if there is none. */
    static @Nullable ContentInfo read(byte[] pem) {
        final byte[] bytes = Pem.cms(pem);
        if (bytes == null) {
            return null;
        }
        try (ASN1InputStream in = new ASN1InputStream(bytes)) {
            return ContentInfo.getInstance(in.readObject());
        } catch (IOException | RuntimeException e) { // what Bouncy Castle throws at other shapes
            return null;
        }
    }
}
