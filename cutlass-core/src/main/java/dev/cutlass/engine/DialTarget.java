package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.store.Places;
import java.util.ArrayList;
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
        /** Those that a file names. */
        static List<Place> parseAll(List<String> texts) {
            final List<Place> places = new ArrayList<>();
            for (String text : texts) {
                final String address = Places.address(text);
                final int colon = address.lastIndexOf(':');
                final String host = address.substring(0, colon);
                places.add(new Place(
                        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                        Integer.parseInt(address.substring(colon + 1))));
            }
            return places;
        }

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
