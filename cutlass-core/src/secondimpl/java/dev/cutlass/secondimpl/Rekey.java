package dev.cutlass.secondimpl;

import dev.cutlass.crypto.bc.MlKem768;

/** REKEY messages on the CRYPTO stream: section 4.6. */
record Rekey(int kind, long epoch, byte[] ephemeral, byte[] kem) {
    static final int PROPOSE = 1;
    static final int ACCEPT = 2;
    private static final int HEAD = 38;

    byte[] encode() {
        return new Out()
                .integer(1, kind)
                .integer(4, epoch)
                .bytes(ephemeral)
                .integer(1, kem.length == 0 ? 0 : 1)
                .bytes(kem)
                .toBytes();
    }

    /** Bytes of the message that the stream begins with, or 0 if its head is not yet there. */
    static int length(byte[] stream) {
        if (stream.length < HEAD) {
            return 0;
        }
        int kind = stream[0];
        int kem = stream[HEAD - 1];
        Refused.unless(kind == PROPOSE || kind == ACCEPT, "kind of REKEY");
        Refused.unless(kem == 0 || kem == 1, "ML-KEM of REKEY");
        return HEAD + kem * (kind == PROPOSE ? MlKem768.PUBLIC_KEY_LENGTH : MlKem768.CIPHERTEXT_LENGTH);
    }

    static Rekey decode(byte[] message) {
        In in = new In(message);
        int kind = in.octet();
        long epoch = in.integer(4);
        byte[] ephemeral = in.bytes(32);
        in.octet();
        return new Rekey(kind, epoch, ephemeral, in.rest());
    }
}
