package dev.cutlass.secondimpl;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Messages about files, as the tables of docs/files.md sections 2.2 and 2.3 have them: field after field. */
public final class FileMessages {
    /** Name, type, then fields: a number of bytes, v for a varint, t for text with its length, r for the rest. */
    private static final List<String> TABLE = List.of(
            "OFFER 1 id:16 flags:1 root:32 length:v files:v total:v modified:v name:t",
            "ANSWER 2 id:16 code:v present:v",
            "PROGRESS 3 id:16 present:v flags:1",
            "DONE 4 id:16 code:v",
            "CHANGE 5 id:16 state:v code:v",
            "ASK 6 id:16 name:t",
            "LIST 7 question:v under:t after:t",
            "LISTING 8 question:v flags:1 entries:r",
            "FIND 9 question:v roots:r",
            "HELD 10 question:v roots:r",
            "GET 11 request:v root:32 kind:1 first:v count:v skip:v",
            "STOP 12 first:v last:v",
            "REFUSED 13 number:v code:v",
            "WRONG 14 root:32 block:v",
            "HASHES 16 request:v chapter:v n:1 hashes:r",
            "CHUNK 17 request:v block:v offset:v data:r");

    private FileMessages() {}

    private static String[] row(int column, String wanted) {
        for (String line : TABLE) {
            final String[] row = line.split(" ", -1);
            if (row[column].equals(wanted)) {
                return row;
            }
        }
        throw new Refused("no message " + wanted);
    }

    /** Values are numbers (Long) or bytes, by the names of their fields. */
    public static byte[] encode(String name, Map<String, Object> values) {
        final String[] row = row(0, name);
        final Out out = new Out().integer(1, Integer.parseInt(row[1]));
        for (int i = 2; i < row.length; i++) {
            final String[] field = row[i].split(":", -1);
            final Object value = values.get(field[0]);
            if (value instanceof Long number) {
                if (field[1].equals("v")) {
                    out.varint(number);
                } else {
                    out.integer(Integer.parseInt(field[1]), number);
                }
            } else if (value instanceof byte[] bytes) {
                if (field[1].equals("t")) {
                    out.varint(bytes.length);
                }
                out.bytes(bytes);
            } else {
                throw new Refused(name + " without " + field[0]);
            }
        }
        return out.toBytes();
    }

    /** The reverse; the name of the message is under an empty key. */
    public static Map<String, Object> decode(byte[] message) {
        final In in = new In(message);
        final String[] row = row(1, Integer.toString(in.octet()));
        final Map<String, Object> values = new LinkedHashMap<>();
        values.put("", row[0]);
        for (int i = 2; i < row.length; i++) {
            final String[] field = row[i].split(":", -1);
            values.put(
                    field[0],
                    switch (field[1]) {
                        case "v" -> in.varint();
                        case "1" -> in.integer(1);
                        case "t" -> in.bytes(in.varint());
                        case "r" -> in.rest();
                        default -> in.bytes(Integer.parseInt(field[1]));
                    });
        }
        in.end();
        return values;
    }
}
