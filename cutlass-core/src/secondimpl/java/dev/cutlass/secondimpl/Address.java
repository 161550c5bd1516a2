package dev.cutlass.secondimpl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The text that names a peer and where it may be found: section 1.2. */
record Address(byte[] rootKey, List<String> places, boolean stealth) {
    private static final String PREFIX = "cutlass:";
    private static final String STEALTH = "?stealth";
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int LETTER_COUNT = 56;
    private static final int VERSION = 1;
    private static final int DEFAULT_PORT = 8365;

    static Address parse(String text) {
        Refused.unless(text.startsWith(PREFIX), "no address");
        String rest = text.substring(PREFIX.length());
        boolean stealth = rest.endsWith(STEALTH);
        if (stealth) {
            rest = rest.substring(0, rest.length() - STEALTH.length());
        }
        int at = rest.indexOf('@');
        List<String> places = new ArrayList<>();
        if (at >= 0) {
            for (String place : rest.substring(at + 1).split(",", -1)) {
                places.add(withPort(place));
            }
        }
        return new Address(key(at < 0 ? rest : rest.substring(0, at)), places, stealth);
    }

    String format() {
        byte[] head = Out.join(new byte[] {VERSION}, rootKey);
        StringBuilder text = new StringBuilder(PREFIX);
        long bits = 0;
        int count = 0;
        for (byte b : Out.join(head, checksum(head))) {
            bits = bits << 8 | (b & 0xff);
            for (count += 8; count >= 5; count -= 5) {
                text.append(LETTERS.charAt((int) (bits >>> (count - 5)) & 31));
            }
        }
        if (!places.isEmpty()) {
            text.append('@').append(String.join(",", places));
        }
        return text.append(stealth ? STEALTH : "").toString();
    }

    private static byte[] key(String letters) {
        Refused.unless(letters.length() == LETTER_COUNT, "length of address");
        Out out = new Out();
        long bits = 0;
        int count = 0;
        for (char letter : letters.toCharArray()) {
            int value = LETTERS.indexOf(letter);
            Refused.unless(value >= 0, "letter of address");
            bits = bits << 5 | value;
            count += 5;
            if (count >= 8) {
                count -= 8;
                out.integer(1, bits >>> count);
            }
        }
        byte[] bytes = out.toBytes();
        byte[] head = Arrays.copyOf(bytes, 33);
        Refused.unless(head[0] == VERSION, "version of address");
        Refused.unless(Arrays.equals(checksum(head), Arrays.copyOfRange(bytes, 33, 35)), "checksum of address");
        byte[] key = Arrays.copyOfRange(head, 1, 33);
        DeviceRecord.requireRootKey(key);
        return key;
    }

    private static byte[] checksum(byte[] head) {
        return Arrays.copyOf(Primitives.hash(Primitives.label("address"), head), 2);
    }

    private static String withPort(String place) {
        boolean hasPort = place.lastIndexOf(':') > place.lastIndexOf(']');
        return hasPort ? place : place + ":" + DEFAULT_PORT;
    }
}
