package dev.cutlass.secondimpl;

/** Everything that Noise's Split grows into: sections 4.1 and 4.6. */
record KeySchedule(byte[] exporterSecret, byte[] ratchetRoot, byte[] trafficInitiator, byte[] trafficResponder) {
    static KeySchedule of(byte[] k1, byte[] k2, byte[] handshakeHash) {
        byte[] root = Primitives.extract(handshakeHash, Out.join(k1, k2));
        return of(root, derive(root, "exporter"));
    }

    private static KeySchedule of(byte[] root, byte[] exporterSecret) {
        return new KeySchedule(
                exporterSecret, derive(root, "ratchet"), derive(root, "traffic i"), derive(root, "traffic r"));
    }

    private static byte[] derive(byte[] secret, String label) {
        return Primitives.expandLabel(secret, label, Primitives.EMPTY, 32);
    }

    byte[] traffic(boolean fromInitiator) {
        return fromInitiator ? trafficInitiator : trafficResponder;
    }

    byte[] export(byte[] label, byte[] context, int length) {
        byte[] info = Out.join(Primitives.label("export"), Primitives.hash(label), Primitives.hash(context));
        return Primitives.expand(exporterSecret, info, length);
    }

    /**
     * The schedule of the next epoch.
     *
     * @param kemSecret empty where the messages carry no ML-KEM
     */
    KeySchedule ratchet(byte[] ee, byte[] es, byte[] se, byte[] kemSecret, byte[] propose, byte[] accept) {
        byte[] transcript = Primitives.hash(Primitives.label("rekey"), propose, accept);
        byte[] root = Primitives.extract(ratchetRoot, Out.join(ee, es, se, kemSecret, transcript));
        return of(root, exporterSecret);
    }
}
