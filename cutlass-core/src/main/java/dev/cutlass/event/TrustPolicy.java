package dev.cutlass.event;

/** Whom the engine admits without being told, decided after the handshake. docs/protocol.md section 3.8. */
public enum TrustPolicy {
    /** Everybody; who is new is remembered, as with ssh. The default. Also what an attended program uses that shows newcomers. */
    ACCEPT_NEW,
    /** Known peers; about others the application is asked, and without an answer within 120 s they are refused. */
    ASK,
    /** Known peers only; others are refused at once. */
    KNOWN_ONLY
}
