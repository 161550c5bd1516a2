package dev.cutlass.proto.handshake;

/** Which of the two handshakes. docs/protocol.md section 3.2. */
public enum HandshakeMode {
    /** Anybody who speaks Cutlass gets an answer and learns the responder's key. */
    NORMAL(0, "XXhfs+psk3"),
    /** Who does not know the responder's key gets no byte. */
    STEALTH(1, "XKhfs+psk3");

    private final int id;
    private final String pattern;

    HandshakeMode(int id, String pattern) {
        this.id = id;
        this.pattern = pattern;
    }

    /** The number in the Noise prologue. */
    public int id() {
        return id;
    }

    /** The Noise pattern with its modifiers. */
    public String pattern() {
        return pattern;
    }
}
