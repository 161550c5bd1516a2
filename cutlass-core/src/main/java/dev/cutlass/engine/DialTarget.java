package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom to dial and where.
 *
 * @param key whom to expect; null: whoever answers
 * @param text for people; never for a log
 */
public record DialTarget(@Nullable PeerId key, List<Place> places, boolean stealth, String text) {
    /** A host by name or address, and a port. */
    public record Place(String host, int port) {
        /** {@code host:port}, with brackets around an IPv6 address. */
        String text() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** The same, but only for this peer. */
    DialTarget withKey(PeerId expected) {
        return new DialTarget(expected, places, stealth, text);
    }

    /** Fit for a log. */
    @Override
    public String toString() {
        return "DialTarget(" + key + ", " + places.size() + " places)";
    }
}
