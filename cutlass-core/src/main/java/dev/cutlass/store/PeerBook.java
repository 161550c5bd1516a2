package dev.cutlass.store;

import dev.cutlass.crypto.PeerId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lines of {@code known_peers} and which of them is whose. Immutable; a change copies the list, which has thousands of lines at most. */
final class PeerBook {
    private static final String PREAMBLE = """
            # Peers that this identity has met: key, met (by chance; may be forgotten), known or verified, first seen (UTC), places, nick, and offline=ADDRESS if there is one.
            # Edit it while no engine runs, or at any time: lines that Cutlass does not understand are kept.
            """;

    private final List<PeerLine> lines;
    private final Map<PeerId, PeerLine> lineOf;
    private final int contacts;

    private PeerBook(List<PeerLine> lines, Map<PeerId, PeerLine> lineOf, int contacts) {
        this.lines = lines;
        this.lineOf = lineOf;
        this.contacts = contacts;
    }

    static PeerBook empty() {
        return parse(PREAMBLE.getBytes(StandardCharsets.UTF_8), 0);
    }

    static PeerBook parse(byte[] text, int maxPeers) {
        final List<PeerLine> lines = new ArrayList<>();
        final Map<PeerId, PeerLine> lineOf = new HashMap<>();
        int contacts = 0;
        final String bytes = new String(text, StandardCharsets.ISO_8859_1);
        for (int start = 0; start < bytes.length(); ) {
            final int feed = bytes.indexOf('\n', start);
            final int end = feed < 0 ? bytes.length() : feed;
            PeerLine line = PeerLine.parse(bytes.substring(start, end));
            final KnownPeer peer = line.peer();
            if (peer != null) {
                final PeerLine first = lineOf.get(peer.id());
                if (first != null) {
                    line = new PeerLine(
                            line.bytes(), null, "", "the same key stands in line " + (lines.indexOf(first) + 1));
                } else if (lineOf.size() >= maxPeers) {
                    line = new PeerLine(line.bytes(), null, "", "there are more than " + maxPeers + " peers");
                } else {
                    lineOf.put(peer.id(), line);
                    contacts += countOf(peer);
                }
            }
            lines.add(line);
            start = end + 1;
        }
        return new PeerBook(lines, lineOf, contacts);
    }

    private static int countOf(@Nullable KnownPeer peer) {
        return peer != null && peer.isContact() ? 1 : 0;
    }

    byte[] render() {
        final StringBuilder bytes = new StringBuilder();
        lines.forEach(line -> bytes.append(line.bytes()).append('\n'));
        return bytes.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    int size() {
        return lineOf.size();
    }

    /** How many of them are contacts. */
    int contacts() {
        return contacts;
    }

    /** Without the eldest, those in the first lines, of the peers that are no contacts and are more than these. */
    PeerBook withMetAtMost(int max) {
        int excess = size() - contacts - max;
        if (excess <= 0) {
            return this;
        }
        final List<PeerLine> kept = new ArrayList<>(lines.size());
        final Map<PeerId, PeerLine> left = new HashMap<>(lineOf);
        for (PeerLine line : lines) {
            final KnownPeer peer = line.peer();
            if (excess > 0 && peer != null && !peer.isContact()) {
                left.remove(peer.id());
                excess--;
            } else {
                kept.add(line);
            }
        }
        return new PeerBook(kept, left, contacts);
    }

    @Nullable
    KnownPeer find(PeerId id) {
        final PeerLine line = lineOf.get(id);
        return line == null ? null : line.peer();
    }

    /** All peers, in the order of their lines. */
    List<KnownPeer> peers() {
        final List<KnownPeer> peers = new ArrayList<>(size());
        for (PeerLine line : lines) {
            final KnownPeer peer = line.peer();
            if (peer != null) {
                peers.add(peer);
            }
        }
        return Collections.unmodifiableList(peers);
    }

    List<KnownPeers.Damage> damages() {
        final List<KnownPeers.Damage> damages = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            final String why = lines.get(i).damage();
            if (why != null) {
                damages.add(new KnownPeers.Damage(i + 1, why));
            }
        }
        return Collections.unmodifiableList(damages);
    }

    /** With this peer in its line, or in a new one at the end. An equal one leaves its line as somebody may have formatted it. */
    PeerBook with(KnownPeer peer) {
        final PeerLine present = lineOf.get(peer.id());
        if (present != null && peer.equals(present.peer())) {
            return this;
        }
        final PeerLine fresh = PeerLine.of(peer, present == null ? "" : present.tail());
        final List<PeerLine> changed = new ArrayList<>(lines.size() + 1);
        changed.addAll(lines);
        if (present == null) {
            changed.add(fresh);
        } else {
            changed.set(lines.indexOf(present), fresh);
        }
        final Map<PeerId, PeerLine> extended = new HashMap<>(lineOf);
        extended.put(peer.id(), fresh);
        return new PeerBook(
                changed, extended, contacts + countOf(peer) - (present == null ? 0 : countOf(present.peer())));
    }

    /** Without the line of this peer. */
    PeerBook without(PeerId id) {
        final PeerLine line = lineOf.get(id);
        if (line == null) {
            return this;
        }
        final List<PeerLine> changed = new ArrayList<>(lines);
        changed.remove(lines.indexOf(line));
        final Map<PeerId, PeerLine> left = new HashMap<>(lineOf);
        left.remove(id);
        return new PeerBook(changed, left, contacts - countOf(line.peer()));
    }
}
