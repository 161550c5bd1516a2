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
            # Peers that this identity has met: key, met (by chance; may be forgotten), known or verified, first seen (UTC), places, nick.
            # Edit it while no engine runs, or at any time: lines that Cutlass does not understand are kept.
            """;

    private final List<PeerLine> lines;
    private final Map<PeerId, Integer> lineOf;
    private final int contacts;

    private PeerBook(List<PeerLine> lines, Map<PeerId, Integer> lineOf) {
        this.lines = lines;
        this.lineOf = lineOf;
        this.contacts = (int) lines.stream()
                .map(PeerLine::peer)
                .filter(peer -> peer != null && peer.isContact())
                .count();
    }

    static PeerBook empty() {
        return parse(PREAMBLE.getBytes(StandardCharsets.UTF_8), 0);
    }

    static PeerBook parse(byte[] text, int maxPeers) {
        final List<PeerLine> lines = new ArrayList<>();
        final Map<PeerId, Integer> lineOf = new HashMap<>();
        final String bytes = new String(text, StandardCharsets.ISO_8859_1);
        for (int start = 0; start < bytes.length(); ) {
            final int feed = bytes.indexOf('\n', start);
            final int end = feed < 0 ? bytes.length() : feed;
            PeerLine line = PeerLine.parse(bytes.substring(start, end));
            final KnownPeer peer = line.peer();
            if (peer != null) {
                final Integer first = lineOf.putIfAbsent(peer.id(), lines.size());
                if (first != null) {
                    line = new PeerLine(line.bytes(), null, "", "the same key stands in line " + (first + 1));
                } else if (lineOf.size() > maxPeers) {
                    lineOf.remove(peer.id());
                    line = new PeerLine(line.bytes(), null, "", "there are more than " + maxPeers + " peers");
                }
            }
            lines.add(line);
            start = end + 1;
        }
        return new PeerBook(lines, lineOf);
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
        int excess = size() - contacts() - max;
        PeerBook trimmed = this;
        for (PeerLine line : lines) {
            final KnownPeer peer = line.peer();
            if (excess > 0 && peer != null && !peer.isContact()) {
                trimmed = trimmed.without(peer.id());
                excess--;
            }
        }
        return trimmed;
    }

    @Nullable
    KnownPeer find(PeerId id) {
        final Integer line = lineOf.get(id);
        return line == null ? null : lines.get(line).peer();
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
        if (peer.equals(find(peer.id()))) {
            return this;
        }
        final List<PeerLine> changed = new ArrayList<>(lines);
        final Integer line = lineOf.get(peer.id());
        if (line != null) {
            changed.set(line, PeerLine.of(peer, lines.get(line).tail()));
            return new PeerBook(changed, lineOf);
        }
        changed.add(PeerLine.of(peer, ""));
        final Map<PeerId, Integer> extended = new HashMap<>(lineOf);
        extended.put(peer.id(), changed.size() - 1);
        return new PeerBook(changed, extended);
    }

    /** Without the line of this peer. */
    PeerBook without(PeerId id) {
        final Integer line = lineOf.get(id);
        if (line == null) {
            return this;
        }
        final List<PeerLine> changed = new ArrayList<>(lines);
        changed.remove((int) line);
        final Map<PeerId, Integer> moved = new HashMap<>();
        lineOf.forEach((other, at) -> {
            if (at < line) {
                moved.put(other, at);
            } else if (at > line) {
                moved.put(other, at - 1);
            }
        });
        return new PeerBook(changed, moved);
    }
}
