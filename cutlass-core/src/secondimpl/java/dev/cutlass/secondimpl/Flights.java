package dev.cutlass.secondimpl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A Noise message with its padding, cut into parts and put together again: section 3.3. */
final class Flights {
    static final int MAX_TOTAL = 4096;
    static final int MAX_PADDING = 255;
    private static final int MIN_PART = 64;

    /** The flights that are not yet complete. */
    private final Map<String, Assembly> open = new HashMap<>();

    static byte[] id(byte[] flight) {
        return Arrays.copyOf(Primitives.hash(Primitives.label("flight"), flight), 16);
    }

    static byte[] padded(byte[] message, Random random) {
        byte[] padding = new byte[random.nextInt(MAX_PADDING + 1)];
        random.nextBytes(padding);
        return Out.join(message, padding);
    }

    /** The Noise message at the start of a flight. */
    static byte[] message(int number, byte[] flight) {
        int length = Mode.messageLength(number);
        Refused.unless(flight.length >= length && flight.length <= length + MAX_PADDING, "length of flight");
        return Arrays.copyOf(flight, length);
    }

    /** Cuts anew, in random order. */
    static List<Datagrams.Part> cut(
            int type, long stamp, byte[] handshakeId, byte[] flight, byte[] cookie, Random random) {
        int longest = Datagrams.MAX_LENGTH - Datagrams.HEADER - cookie.length;
        int count = (flight.length + longest - 1) / longest + (random.nextInt(4) == 0 ? 1 : 0);
        int[] ends = new int[count];
        do { // uniform among the cuts that fit
            for (int i = 0; i < count - 1; i++) {
                ends[i] = 1 + random.nextInt(flight.length - 1);
            }
            ends[count - 1] = flight.length;
            Arrays.sort(ends);
        } while (!allFit(ends, longest));
        List<Datagrams.Part> parts = new ArrayList<>();
        int start = 0;
        for (int end : ends) {
            byte[] data = Arrays.copyOfRange(flight, start, end);
            parts.add(new Datagrams.Part(type, stamp, handshakeId, id(flight), flight.length, start, cookie, data));
            start = end;
        }
        Collections.shuffle(parts, random);
        return parts;
    }

    private static boolean allFit(int[] ends, int longest) {
        int start = 0;
        for (int end : ends) {
            if (end - start < MIN_PART || end - start > longest) {
                return false;
            }
            start = end;
        }
        return true;
    }

    /** The flight that this part completes, or null. */
    byte @Nullable [] add(Datagrams.Part part) {
        String key = Arrays.toString(part.flightId());
        Assembly assembly = open.computeIfAbsent(key, k -> new Assembly(new byte[part.total()], new TreeSet<>()));
        if (assembly.bytes.length != part.total()) {
            return null; // the later one is dropped
        }
        for (int i = 0; i < part.data().length; i++) {
            if (assembly.have.add(part.offset() + i)) { // the first bytes for an offset are kept
                assembly.bytes[part.offset() + i] = part.data()[i];
            }
        }
        if (assembly.have.size() < part.total()) {
            return null;
        }
        open.remove(key);
        return Arrays.equals(id(assembly.bytes), part.flightId()) ? assembly.bytes : null;
    }

    private record Assembly(byte[] bytes, TreeSet<Integer> have) {}
}
