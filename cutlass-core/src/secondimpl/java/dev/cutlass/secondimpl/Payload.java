package dev.cutlass.secondimpl;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The TLVs of a flight: section 3.4. Values under their type numbers. */
record Payload(Map<Integer, byte[]> fields) {
    static final int VERSIONS = 1;
    static final int AEADS = 2;
    static final int CAPABILITIES = 3;
    static final int ROOT_KEY = 4;
    static final int DEVICE_RECORD = 5;
    static final int BOOT_ID = 6;
    static final int CONNECTION_ID = 7;
    static final int NICK = 8;
    static final int TOKEN = 9;
    static final int SEEN = 10;
    private static final int MAX_AEADS = 16;
    private static final int MAX_NICK = 63;
    private static final int MAX_TOKEN = 64;

    /** What a flight must have. */
    private static final List<List<Integer>> REQUIRED = List.of(
            List.of(VERSIONS, AEADS),
            List.of(VERSIONS, AEADS, ROOT_KEY, BOOT_ID, CONNECTION_ID),
            List.of(ROOT_KEY, BOOT_ID, CONNECTION_ID));

    private static final List<Set<Integer>> ALLOWED = List.of(
            Set.of(VERSIONS, AEADS, CAPABILITIES),
            Set.of(VERSIONS, AEADS, CAPABILITIES, ROOT_KEY, DEVICE_RECORD, BOOT_ID, CONNECTION_ID, NICK),
            Set.of(CAPABILITIES, ROOT_KEY, DEVICE_RECORD, BOOT_ID, CONNECTION_ID, NICK, TOKEN, SEEN));

    byte[] get(int type) {
        byte[] value = fields.get(type);
        Refused.unless(value != null, "TLV " + type + " is missing");
        return Objects.requireNonNull(value);
    }

    boolean has(int type) {
        return fields.containsKey(type);
    }

    /** In ascending order of types, filled with zeros to the length. */
    byte[] encode(int length) {
        Out out = new Out();
        new TreeMap<>(fields)
                .forEach((type, value) -> out.varint(type).varint(value.length).bytes(value));
        Refused.unless(out.size() <= length, "too much for the payload");
        return out.bytes(new byte[length - out.size()]).toBytes();
    }

    static Payload decode(int flight, byte[] bytes) {
        In in = new In(bytes);
        Map<Integer, byte[]> fields = new TreeMap<>();
        while (!in.isEmpty()) {
            long type = in.varint();
            if (type == 0) {
                break;
            }
            byte[] value = in.bytes(in.varint());
            if (type <= SEEN) {
                Refused.unless(ALLOWED.get(flight - 1).contains((int) type), "TLV in the wrong flight");
                Refused.unless(fields.put((int) type, value) == null, "TLV twice");
                check((int) type, value);
            }
        }
        Payload payload = new Payload(fields);
        REQUIRED.get(flight - 1).forEach(payload::get);
        Refused.unless(flight != 2 || payload.get(AEADS).length == 1, "one AEAD is chosen");
        return payload;
    }

    private static void check(int type, byte[] value) {
        boolean fits = switch (type) {
            case VERSIONS -> value.length >= 1 && descends(value);
            case AEADS -> value.length >= 1 && value.length <= MAX_AEADS && differ(value);
            case CAPABILITIES -> ascends(value);
            case ROOT_KEY -> value.length == 32;
            case BOOT_ID, SEEN -> value.length == 16;
            case CONNECTION_ID -> value.length == 8;
            case NICK -> isNick(value);
            case TOKEN -> value.length >= 1 && value.length <= MAX_TOKEN;
            default -> true; // a device record is checked where its key is
        };
        Refused.unless(fits, "bad TLV " + type);
    }

    private static boolean ascends(byte[] value) {
        In in = new In(value);
        for (long last = -1; !in.isEmpty(); ) {
            long next = in.varint();
            if (next <= last) {
                return false;
            }
            last = next;
        }
        return true;
    }

    private static boolean descends(byte[] value) {
        return IntStream.range(1, value.length).allMatch(i -> (value[i - 1] & 0xff) > (value[i] & 0xff));
    }

    private static boolean differ(byte[] value) {
        return IntStream.range(0, value.length).map(i -> value[i]).distinct().count() == value.length;
    }

    static boolean isNick(byte[] value) {
        String nick = Normalizer.normalize(new In(value).restAsText(), Normalizer.Form.NFC);
        return text(nick).length <= MAX_NICK && nick.codePoints().noneMatch(Payload::isForbidden);
    }

    private static boolean isForbidden(int point) {
        return point <= 0x1f
                || point >= 0x7f && point <= 0x9f
                || point >= 0x2028 && point <= 0x202e
                || point >= 0x2066 && point <= 0x2069
                || point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE
                || Set.of(0x061c, 0x200e, 0x200f, 0xfeff).contains(point);
    }

    static byte[] text(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }
}
