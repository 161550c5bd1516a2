package dev.cutlass.crypto.noise;

/** One step of a message pattern (revision 34 section 5.3; the last two: hybrid forward secrecy extension). */
enum Token {
    /** An ephemeral public key. */
    E,
    /** A static public key. */
    S,
    /** DH of both ephemerals. */
    EE,
    /** DH of the initiator's ephemeral and the responder's static key. */
    ES,
    /** DH of the initiator's static and the responder's ephemeral key. */
    SE,
    /** DH of both static keys. */
    SS,
    /** A pre-shared key. */
    PSK,
    /** An encapsulation key. */
    E1,
    /** A ciphertext for it, whose secret is mixed in. */
    EKEM1
}
