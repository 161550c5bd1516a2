package dev.cutlass.crypto;

import java.nio.charset.StandardCharsets;

/** The strings that separate one use of a key or hash from every other. docs/protocol.md section 2. */
final class Labels {
    static final String ADDRESS = "address";
    static final String FINGERPRINT = "fingerprint";
    static final String SAFETY_NUMBER = "safety-number";
    static final String DEVICE_RECORD = "device-record";

    /** Kinds of application signatures and derived keys are short names; the bound only keeps mistakes out. */
    static final int MAX_KIND_LENGTH = 64;

    private static final String PREFIX = "cutlass2/";

    private Labels() {}

    /**
     * {@code cutlass2/<kind>} and a zero byte, in ASCII. The zero ends the kind, so no kind followed by data can be read as another.
     *
     * @throws IllegalArgumentException unless the kind has 1 to {@value #MAX_KIND_LENGTH} printable ASCII characters
     */
    static byte[] prefix(String kind) {
        if (kind.isEmpty() || kind.length() > MAX_KIND_LENGTH || !kind.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new IllegalArgumentException("kind: 1 to " + MAX_KIND_LENGTH + " printable ASCII characters");
        }
        return (PREFIX + kind + '\0').getBytes(StandardCharsets.US_ASCII);
    }
}
