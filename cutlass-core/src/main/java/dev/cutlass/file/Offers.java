package dev.cutlass.file;

import dev.cutlass.crypto.PeerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The offers of one content that are answered. A sender that is restarted without a memory makes a new one each time; what it offered before is only kept while there is room. One thread at a time.
 */
final class Offers {
    /** Of one peer: whoever offers the same content more often at once has to wait. */
    static final int MAX_OF_PEER = 16;

    /** Of all peers: as many as are kept in mind as holders. */
    static final int MAX = 64;

    /** In the order in which they came; true: of a run of the peer that is over, and not made again since. */
    private final Map<Download.From, Boolean> offers = new LinkedHashMap<>();

    Offers(Download.From first) {
        offers.put(first, false);
    }

    /** Makes room, if that is needed, with what is of no more use. False if there is none: it is not answered as the others are. */
    boolean add(Download.From offer) {
        if (!offers.containsKey(offer)
                && (isFullOf(offer.peer()) || offers.size() >= MAX)
                && !forgetOne(offer.peer())) {
            return false;
        }
        offers.put(offer, false);
        return true;
    }

    private boolean isFullOf(PeerId peer) {
        return offers.keySet().stream()
                        .filter(offer -> offer.peer().equals(peer))
                        .count()
                >= MAX_OF_PEER;
    }

    /** The oldest of this peer's that is over; or of anybody's, if the peer may have more. */
    private boolean forgetOne(PeerId peer) {
        final boolean isFull = isFullOf(peer);
        final var candidates = offers.entrySet().iterator();
        while (candidates.hasNext()) {
            final var candidate = candidates.next();
            if (candidate.getValue() && (!isFull || candidate.getKey().peer().equals(peer))) {
                candidates.remove();
                return true;
            }
        }
        return false;
    }

    /** One is taken back: whatever its peer offered in earlier runs is none any more, either. */
    void remove(Download.From offer) {
        offers.remove(offer);
        offers.entrySet()
                .removeIf(each -> each.getValue() && each.getKey().peer().equals(offer.peer()));
    }

    /** A peer was restarted: what it offered it may not know any more. */
    void restarted(PeerId peer) {
        offers.replaceAll((offer, isOver) -> isOver || offer.peer().equals(peer));
    }

    boolean isOfferedBy(PeerId peer) {
        return offers.keySet().stream().anyMatch(offer -> offer.peer().equals(peer));
    }

    List<Download.From> all() {
        return new ArrayList<>(offers.keySet());
    }
}
