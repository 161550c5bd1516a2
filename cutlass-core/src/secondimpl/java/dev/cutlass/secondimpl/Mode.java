package dev.cutlass.secondimpl;

/** How one dials: section 3.2. */
public enum Mode {
    /** Knows nothing of the responder. */
    NORMAL("Noise_XXhfs+psk3_25519+MLKEM768_ChaChaPoly_SHA256", 0, "e e1", "e ee ekem1 s es", "s se psk", 592),
    /** Knows the responder's static key, and gets no answer without it. */
    STEALTH("Noise_XKhfs+psk3_25519+MLKEM768_ChaChaPoly_SHA256", 1, "e es e1", "e ee ekem1", "s se psk", 640);

    private static final int[] MESSAGE_LENGTHS = {1408, 1792, 704};

    final String protocolName;
    final int number;
    private final String[] tokens;
    private final int[] payloadLengths;

    Mode(String protocolName, int number, String first, String second, String third, int secondPayload) {
        this.protocolName = protocolName;
        this.number = number;
        this.tokens = new String[] {first, second, third};
        this.payloadLengths = new int[] {160, secondPayload, 640};
    }

    /** The tokens of a message, 1 to 3. */
    String[] tokens(int message) {
        return tokens[message - 1].split(" ");
    }

    int payloadLength(int flight) {
        return payloadLengths[flight - 1];
    }

    /** Bytes of the Noise message at the start of a flight; up to {@link Flights#MAX_PADDING} random bytes follow it. */
    static int messageLength(int flight) {
        return MESSAGE_LENGTHS[flight - 1];
    }
}
