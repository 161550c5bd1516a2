package dev.cutlass.cables.pki;

/** Why something that a peer published is not believed. The rows of the table in section 3.1 of the protocol, and what sections 4 and 5 ask for. */
public enum Refusal {
    /** No PEM block of the kind, or what is in it is no certificate. */
    NO_CERTIFICATE("no readable certificate"),
    /** A certificate twice or half said: two extensions of one kind, or one that cannot be read. */
    BAD_EXTENSION("an extension that cannot be read, or stands twice"),
    EXPIRED("a certificate has expired"),
    NOT_YET_VALID("a certificate is not valid yet"),
    WEAK_KEY("no RSA key of 2,048 to 16,384 bits"),
    WEAK_SIGNATURE("a signature algorithm that is not taken: RSA with SHA-256, SHA-384 or SHA-512 is"),
    UNKNOWN_CRITICAL_EXTENSION("a critical extension that is not known here"),
    CA_NOT_SELF_ISSUED("the CA certificate was issued by somebody else"),
    CA_SIGNATURE_WRONG("the signature of the CA certificate is wrong"),
    CA_BASIC_CONSTRAINTS("the CA certificate is not marked as one, critically"),
    CA_KEY_USAGE("the CA certificate may not sign certificates and revocation lists"),
    CA_SUBJECT_KEY_IDENTIFIER("the CA certificate has no subject key identifier"),
    CA_AUTHORITY_KEY_IDENTIFIER("the authority key identifier of the CA certificate names another certificate"),
    CA_EXTENDED_KEY_USAGE("the CA certificate is not for mail"),
    NOT_ISSUED_BY_CA("the signing certificate was not issued by the CA certificate"),
    AUTHORITY_KEY_IDENTIFIER(
            "the authority key identifier of the signing certificate does not name key, issuer and serial number of the CA certificate"),
    MARKED_CA("the signing certificate is marked as a CA"),
    KEY_USAGE("the signing certificate may not sign"),
    EXTENDED_KEY_USAGE("the signing certificate is not for mail"),
    /** The fingerprint of the CA certificate is another user's. */
    OTHER_USER("the CA certificate is another user's"),
    /** No CMS object of the kind that is wanted. */
    NO_CMS("no readable CMS object"),
    NO_SIGNER("signed by no certificate of this user"),
    SIGNATURE_WRONG("the signature is wrong"),
    /** Not a Diffie-Hellman key of RFC 3526 group 18 as PKCS #3 writes it. */
    NO_GROUP_18_KEY("no Diffie-Hellman key of the 8192-bit group"),
    /** 0, 1, p-1, more, or no square. */
    KEY_OUT_OF_RANGE("a Diffie-Hellman key out of range"),
    TOO_LONG("longer than allowed"),
    /** It does not decrypt, or what comes out does not have the MAC. One reason for both: they must not be told apart. */
    NOT_AUTHENTIC("it does not decrypt to what was announced");

    private final String text;

    Refusal(String text) {
        this.text = text;
    }

    /** For a person. */
    public String text() {
        return text;
    }
}
