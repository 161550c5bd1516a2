package dev.cutlass.proto.handshake;

/**
 * What may still be sent to an address that has not proved that it receives there: three times what came from it. docs/protocol.md
 * section 3.5, as RFC 9000 section 8.1. Counts payloads of UDP datagrams.
 */
final class AmplificationBudget {
    static final int FACTOR = 3;

    private long received;
    private long sent;

    void received(int bytes) {
        received += bytes;
    }

    /** Spends the bytes of one datagram if they are there. */
    boolean trySpend(int bytes) {
        if (sent + bytes > FACTOR * received) {
            return false;
        }
        sent += bytes;
        return true;
    }
}
