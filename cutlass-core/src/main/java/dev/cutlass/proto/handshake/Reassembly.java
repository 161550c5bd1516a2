package dev.cutlass.proto.handshake;

import dev.cutlass.crypto.primitive.Labels;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import java.security.MessageDigest;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Puts one flight together from its parts, which may come twice, overlap and stem from different cuts. The first byte that came for
 * an offset counts; a flight whose hash is not its id is forgotten whole, so that a forged part costs one round and no more.
 * docs/protocol.md section 3.3.
 */
final class Reassembly {
    private final byte[] data;
    private final BitSet have;

    Reassembly(int total) {
        data = new byte[total];
        have = new BitSet(total);
    }

    /** The id of a flight, padding included. */
    static Id128 idOf(byte[] flight) {
        return Id128.of(Labels.hash("flight", flight), 0);
    }

    int total() {
        return data.length;
    }

    /**
     * Adds a part.
     *
     * @param offset where it belongs; offset and length were checked against the total
     * @return whether every byte of the flight is there now
     */
    boolean add(int offset, Bytes part) {
        int end = offset + part.length();
        for (int from = have.nextClearBit(offset); from < end; ) {
            int next = have.nextSetBit(from);
            int to = next < 0 ? end : Math.min(next, end);
            part.copyTo(from - offset, data, from, to - from);
            have.set(from, to);
            from = have.nextClearBit(to);
        }
        return have.cardinality() == data.length;
    }

    /** The complete flight if it is the one that its id names, else null; either way no part is held any more. */
    byte @Nullable [] take(Id128 id) {
        byte[] flight = data.clone();
        have.clear();
        return MessageDigest.isEqual(idOf(flight).toArray(), id.toArray()) ? flight : null;
    }
}
