package dev.cutlass.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The TLVs of a handshake payload with their rules: docs/protocol.md section 3.4. */
enum PayloadField {
    VERSIONS(1, "1 2", "1 2", 1, 255),
    AEADS(2, "1 2", "1 2", 1, HandshakePayload.MAX_AEADS),
    CAPABILITIES(3, "1 2 3", "", 0, Integer.MAX_VALUE),
    ROOT_KEY(4, "2 3", "2 3", HandshakePayload.ROOT_KEY_LENGTH, HandshakePayload.ROOT_KEY_LENGTH),
    DEVICE_RECORD(5, "2 3", "", HandshakePayload.MIN_DEVICE_RECORD, HandshakePayload.MAX_DEVICE_RECORD),
    BOOT_ID(6, "2 3", "2 3", Id128.LENGTH, Id128.LENGTH),
    CONNECTION_ID(7, "2 3", "2 3", PacketHeader.CONNECTION_ID_LENGTH, PacketHeader.CONNECTION_ID_LENGTH),
    NICK(8, "2 3", "", 0, Nicks.MAX_LENGTH),
    TOKEN(9, "3", "", 1, HandshakePayload.MAX_TOKEN),
    SEEN(10, "3", "", Id128.LENGTH, Id128.LENGTH);

    private static final PayloadField[] FIELDS = values();

    final int type;
    private final String flights;
    private final String requiredIn;
    private final int minLength;
    private final int maxLength;

    PayloadField(int type, String flights, String requiredIn, int minLength, int maxLength) {
        this.type = type;
        this.flights = flights;
        this.requiredIn = requiredIn;
        this.minLength = minLength;
        this.maxLength = maxLength;
    }

    static @Nullable PayloadField of(long type) {
        return type >= 1 && type <= FIELDS.length ? FIELDS[(int) type - 1] : null;
    }

    boolean isRequiredIn(int flight) {
        return requiredIn.indexOf('0' + flight) >= 0;
    }

    /** What is wrong with {@code value} in {@code flight}; null if nothing is. */
    DecodedPayload.@Nullable Why check(int flight, Bytes value) {
        if (flights.indexOf('0' + flight) < 0) {
            return DecodedPayload.Why.MISPLACED;
        }
        if (value.length() < minLength || value.length() > maxLength) {
            return DecodedPayload.Why.LENGTH;
        }
        final boolean valid = switch (this) {
            case VERSIONS -> isDescending(value);
            case AEADS -> flight == 2 ? value.length() == 1 : isWithoutRepeats(value);
            case CAPABILITIES -> isAscendingVarints(value);
            case DEVICE_RECORD -> (value.length() - minLength) % Short.BYTES == 0;
            case NICK -> Nicks.decode(value) != null;
            case ROOT_KEY, BOOT_ID, CONNECTION_ID, TOKEN, SEEN -> true;
        };
        return valid ? null : DecodedPayload.Why.VALUE;
    }

    private static boolean isDescending(Bytes value) {
        for (int i = 1; i < value.length(); i++) {
            if ((value.at(i) & 0xff) >= (value.at(i - 1) & 0xff)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWithoutRepeats(Bytes value) {
        for (int i = 1; i < value.length(); i++) {
            for (int j = 0; j < i; j++) {
                if (value.at(i) == value.at(j)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isAscendingVarints(Bytes value) {
        final ByteBuffer in = value.toBuffer();
        long last = -1;
        while (in.hasRemaining()) {
            final long next = Varint.get(in);
            if (next <= last) {
                return false; // a truncated one is -1
            }
            last = next;
        }
        return true;
    }
}
