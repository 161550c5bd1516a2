package dev.cutlass.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The payload of a handshake message: TLVs of {@code type (varint) || length (varint) || value}, ended by a zero byte or by
 * the end; the rest is padding. docs/protocol.md section 3.4. Unknown types are skipped.
 * <pre>
 * type  name           value                                                          flights (needed in)
 *    1  VERSIONS       one byte each, descending, at least one                        1 2     (1 2)
 *    2  AEADS          one byte each, no two alike; flight 1: 1 to 16, flight 2: one  1 2     (1 2)
 *    3  CAPABILITIES   varints, ascending                                             1 2 3
 *    4  ROOT_KEY       32 bytes                                                       2 3     (2 3)
 *    5  DEVICE_RECORD  section 1.3: 123 to 137 bytes, an odd number                   2 3
 *    6  BOOT_ID        16 bytes                                                       2 3     (2 3)
 *    7  CONNECTION_ID  8 bytes                                                        2 3     (2 3)
 *    8  NICK           see {@link Nicks}                                              2 3
 *    9  TOKEN          1 to 64 bytes                                                  3
 *   10  SEEN           16 bytes, a handshake id                                       3
 * </pre>
 * A field that the flight needs is there: its accessor throws {@link IllegalStateException} only in a flight without it.
 * Byte values point into the decoded array.
 */
public final class HandshakePayload implements DecodedPayload {
    public static final int ROOT_KEY_LENGTH = 32;
    public static final int MAX_TOKEN = 64;
    public static final int MAX_AEADS = 16;

    /** Section 1.3 with one suite and with eight. */
    public static final int MIN_DEVICE_RECORD = 8 + 8 + 8 + 32 + 1 + 2 + 64;

    public static final int MAX_DEVICE_RECORD = MIN_DEVICE_RECORD + 7 * 2;

    private static final byte END = 0;

    private final int flight;
    private final EnumMap<PayloadField, Bytes> fields;

    private HandshakePayload(int flight, EnumMap<PayloadField, Bytes> fields) {
        this.flight = flight;
        this.fields = fields;
    }

    /**
     * Decodes the payload of a handshake message whose tag verified.
     *
     * @param flight 1 to 3
     */
    public static DecodedPayload decode(int flight, byte[] payload) {
        final EnumMap<PayloadField, Bytes> fields = new EnumMap<>(PayloadField.class);
        final ByteBuffer in = ByteBuffer.wrap(payload);
        while (in.hasRemaining()) {
            final long type = Varint.get(in);
            if (type == END) {
                break;
            }
            final long length = Varint.get(in);
            if (length < 0 || length > in.remaining()) {
                return new Rejected(type, Why.TRUNCATED);
            }
            final Bytes value = Bytes.next(in, (int) length);
            final PayloadField field = PayloadField.of(type);
            if (field == null) {
                continue;
            }
            final Why wrong = field.check(flight, value);
            if (wrong != null) {
                return new Rejected(type, wrong);
            }
            if (fields.put(field, value) != null) {
                return new Rejected(type, Why.REPEATED);
            }
        }
        final PayloadField missing = firstMissing(flight, fields);
        return missing == null ? new HandshakePayload(flight, fields) : new Rejected(missing.type, Why.MISSING);
    }

    private static @Nullable PayloadField firstMissing(int flight, Map<PayloadField, Bytes> fields) {
        for (PayloadField field : PayloadField.values()) {
            if (field.isRequiredIn(flight) && !fields.containsKey(field)) {
                return field;
            }
        }
        return null;
    }

    /** A payload to send in flight 1, 2 or 3. */
    public static Builder builder(int flight) {
        return new Builder(flight);
    }

    /**
     * The TLVs in ascending order, then zero bytes up to {@code length}: the fixed payload length of the flight.
     *
     * @throws IllegalArgumentException if the TLVs do not fit
     */
    public byte[] encode(int length) {
        int needed = 0;
        for (Bytes value : fields.values()) {
            needed += 1 + Varint.length(value.length()) + value.length();
        }
        if (needed > length) {
            throw new IllegalArgumentException("payload of " + needed + " bytes, room for " + length);
        }
        final ByteBuffer out = ByteBuffer.allocate(length);
        fields.forEach((field, value) -> {
            Varint.put(out, field.type);
            Varint.put(out, value.length());
            value.writeTo(out);
        });
        return out.array();
    }

    public int flight() {
        return flight;
    }

    /** Versions of the protocol that the sender speaks, highest first; flights 1 and 2. */
    public Bytes versions() {
        return needed(PayloadField.VERSIONS);
    }

    /** AEAD numbers: in flight 1 all that the sender can, preferred first; in flight 2 the chosen one. */
    public Bytes aeads() {
        return needed(PayloadField.AEADS);
    }

    /** Capability numbers, ascending; empty if there are none. */
    public List<Long> capabilities() {
        final List<Long> numbers = new ArrayList<>();
        final Bytes value = fields.get(PayloadField.CAPABILITIES);
        if (value != null) {
            final ByteBuffer in = value.toBuffer();
            while (in.hasRemaining()) {
                numbers.add(Varint.get(in));
            }
        }
        return Collections.unmodifiableList(numbers);
    }

    /** The sender's root key, not checked yet; flights 2 and 3. */
    public Bytes rootKey() {
        return needed(PayloadField.ROOT_KEY);
    }

    /** The sender's device record, not checked yet, or null. */
    public @Nullable Bytes deviceRecord() {
        return fields.get(PayloadField.DEVICE_RECORD);
    }

    /** Flights 2 and 3. */
    public Id128 bootId() {
        return Id128.read(needed(PayloadField.BOOT_ID).toBuffer());
    }

    /** The sender's connection id number 0; flights 2 and 3. */
    public long connectionId() {
        return needed(PayloadField.CONNECTION_ID).toBuffer().getLong();
    }

    /** Empty if the sender has none. */
    public String nick() {
        final Bytes value = fields.get(PayloadField.NICK);
        return value == null ? "" : Objects.requireNonNull(Nicks.decode(value));
    }

    /** Invitation token, or null. */
    public @Nullable Bytes token() {
        return fields.get(PayloadField.TOKEN);
    }

    /** Handshake id of section 3.7, or null. */
    public @Nullable Id128 seen() {
        final Bytes value = fields.get(PayloadField.SEEN);
        return value == null ? null : Id128.read(value.toBuffer());
    }

    private Bytes needed(PayloadField field) {
        final Bytes value = fields.get(field);
        if (value == null) {
            throw new IllegalStateException("flight " + flight + " has no " + field);
        }
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HandshakePayload that && flight == that.flight && fields.equals(that.fields);
    }

    @Override
    public int hashCode() {
        return 31 * flight + fields.hashCode();
    }

    /** Names of the fields only: tokens and keys must not reach a log. */
    @Override
    public String toString() {
        return "HandshakePayload[flight=" + flight + ", " + fields.keySet() + "]";
    }

    /** Collects the fields of a payload to send; byte arrays are taken over, not copied. */
    public static final class Builder {
        private final int flight;
        private final EnumMap<PayloadField, Bytes> fields = new EnumMap<>(PayloadField.class);

        private Builder(int flight) {
            if (flight < HandshakePart.FLIGHT_1 || flight > HandshakePart.FLIGHT_3) {
                throw new IllegalArgumentException("flight " + flight);
            }
            this.flight = flight;
        }

        public Builder versions(int... versions) {
            return put(PayloadField.VERSIONS, toBytes(versions));
        }

        public Builder aeads(int... aeads) {
            return put(PayloadField.AEADS, toBytes(aeads));
        }

        public Builder capabilities(long... capabilities) {
            final ByteBuffer out = ByteBuffer.allocate(Varint.MAX_LENGTH * capabilities.length);
            for (long capability : capabilities) {
                Varint.put(out, capability);
            }
            return put(PayloadField.CAPABILITIES, Arrays.copyOf(out.array(), out.position()));
        }

        public Builder rootKey(byte[] key) {
            return put(PayloadField.ROOT_KEY, key);
        }

        public Builder deviceRecord(byte[] record) {
            return put(PayloadField.DEVICE_RECORD, record);
        }

        public Builder bootId(Id128 bootId) {
            return put(PayloadField.BOOT_ID, bootId.toArray());
        }

        public Builder connectionId(long connectionId) {
            return put(
                    PayloadField.CONNECTION_ID,
                    ByteBuffer.allocate(Long.BYTES).putLong(connectionId).array());
        }

        /** Takes a nick as {@link Nicks#normalize} answered it. */
        public Builder nick(String nick) {
            return put(PayloadField.NICK, Utf8.encodeChecked("nick", nick, 0, Nicks.MAX_LENGTH));
        }

        public Builder token(byte[] token) {
            return put(PayloadField.TOKEN, token);
        }

        public Builder seen(Id128 handshakeId) {
            return put(PayloadField.SEEN, handshakeId.toArray());
        }

        private static byte[] toBytes(int[] numbers) {
            final byte[] bytes = new byte[numbers.length];
            for (int i = 0; i < numbers.length; i++) {
                bytes[i] = (byte) numbers[i];
            }
            return bytes;
        }

        private Builder put(PayloadField field, byte[] array) {
            final Bytes value = Bytes.of(array);
            final Why wrong = field.check(flight, value);
            if (wrong != null) {
                throw new IllegalArgumentException(field + " in flight " + flight + ": " + wrong);
            }
            fields.put(field, value);
            return this;
        }

        /**
         * The payload.
         *
         * @throws IllegalStateException if a field is missing that the flight needs
         */
        public HandshakePayload build() {
            final PayloadField missing = firstMissing(flight, fields);
            if (missing != null) {
                throw new IllegalStateException("flight " + flight + " needs " + missing);
            }
            return new HandshakePayload(flight, new EnumMap<>(fields));
        }
    }
}
