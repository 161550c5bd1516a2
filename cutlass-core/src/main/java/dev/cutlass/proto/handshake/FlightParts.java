package dev.cutlass.proto.handshake;

import dev.cutlass.wire.HandshakePart;
import dev.cutlass.wire.Id128;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reassemblies within one handshake: of the genuine flight, and of a few that others may have sent under its name. */
final class FlightParts {
    /** Who can forge parts sees the handshake pass; with more places than this he would be as well off as with this many. */
    static final int MAX_FLIGHTS = 4;

    private final Map<Key, Reassembly> reassemblies = new LinkedHashMap<>();

    /** Adds a part; answers the flight if it is complete and the one that its id names. */
    byte @Nullable [] add(HandshakePart part) {
        Key key = new Key(part.flightId(), part.total());
        Reassembly reassembly = reassemblies.get(key);
        if (reassembly == null) {
            if (reassemblies.size() >= MAX_FLIGHTS) {
                reassemblies.remove(reassemblies.keySet().iterator().next());
            }
            reassembly = new Reassembly(part.total());
            reassemblies.put(key, reassembly);
        }
        if (!reassembly.add(part.offset(), part.data())) {
            return null;
        }
        reassemblies.remove(key);
        return reassembly.take(part.flightId());
    }

    void clear() {
        reassemblies.clear();
    }

    /** Parts that contradict each other never mix. */
    private record Key(Id128 flightId, int total) {}
}
