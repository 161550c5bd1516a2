package dev.cutlass.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Places of peers as the files name them: {@code host:port}, and {@code ?stealth} behind it if the peer was reached there in stealth mode. Such a peer may answer nothing else, and a dial in
 * normal mode would show on the wire what was to be hidden; so a mark that is there stays there. Any thread.
 */
public final class Places {
    static final String STEALTH = "?stealth";

    private Places() {}

    /**
     * A place with its mark.
     *
     * @param address {@code host:port}
     */
    public static String of(String address, boolean stealth) {
        return stealth ? address + STEALTH : address;
    }

    /** {@code host:port} alone. */
    public static String address(String place) {
        return isStealth(place) ? place.substring(0, place.length() - STEALTH.length()) : place;
    }

    /** Whether the peer was reached there in stealth mode. */
    public static boolean isStealth(String place) {
        return place.endsWith(STEALTH);
    }

    /** Whether a peer with these places is to be dialled in stealth mode, which every engine answers that can be dialled at all. */
    public static boolean needStealth(List<String> places) {
        return places.stream().anyMatch(Places::isStealth);
    }

    /** The later ones first, no address twice, and no more than a file keeps. */
    static List<String> merge(List<String> later, List<String> earlier) {
        final Map<String, Boolean> marks = new LinkedHashMap<>();
        for (List<String> places : List.of(later, earlier)) {
            for (String place : places) {
                marks.merge(address(place), isStealth(place), Boolean::logicalOr);
            }
        }
        final List<String> merged = new ArrayList<>();
        marks.forEach((address, stealth) -> merged.add(of(address, stealth)));
        return merged.subList(0, Math.min(merged.size(), KnownPeer.MAX_PLACES));
    }
}
