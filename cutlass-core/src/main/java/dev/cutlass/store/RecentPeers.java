package dev.cutlass.store;

import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * With whom we were connected lately and where, to dial them again after a restart: they notice it by that. Readable text, a line a
 * peer, the latest first, or the same sealed: {@code cutlass:KEY  2026-01-31T23:59:59Z  host:port,[v6]:port?stealth}. It is a hint and no
 * promise, so lines that are not understood are dropped.
 *
 * <p>Threads: {@link #save} belongs to the store's writer; everything else to any thread, without waiting.
 */
public final class RecentPeers {
    /** Name of the file in the home directory; sealed, {@code .sealed} follows. */
    public static final String FILE = "recent_peers";

    /** Peers that are kept: dialling them all after a restart must be no flood. */
    public static final int MAX_PEERS = 64;

    private static final int MAX_LENGTH = 1 << 20;
    private static final String PURPOSE = "recent-peers";
    private static final int FIELDS = 3;

    /**
     * A peer that we were connected with.
     *
     * @param lastSeen to the second
     * @param places {@code host:port} each, with the mark of {@link Places} or without, the latest first, at most {@link KnownPeer#MAX_PLACES}
     */
    public record RecentPeer(PeerId id, Instant lastSeen, List<String> places) {
        /** Refuses what the file could not hold. */
        public RecentPeer {
            lastSeen = lastSeen.truncatedTo(ChronoUnit.SECONDS);
            places = List.copyOf(places);
            if (places.isEmpty()
                    || places.size() > KnownPeer.MAX_PLACES
                    || !places.stream().allMatch(KnownPeer::isPlace)) {
                throw new IllegalArgumentException("places: 1 to " + KnownPeer.MAX_PLACES + " of the form host:port");
            }
        }

        @Override
        public String toString() {
            return "RecentPeer[" + id + "]";
        }
    }

    /** What is in memory, and whether it is what is on disk; compared by identity. */
    private record State(List<RecentPeer> peers, boolean unsaved) {}

    private final @Nullable HomeFile file;
    private final AtomicReference<State> state;

    private RecentPeers(@Nullable HomeFile file, List<RecentPeer> peers) {
        this.file = file;
        this.state = new AtomicReference<>(new State(List.copyOf(peers), false));
    }

    /** Recent peers that are forgotten with the engine. */
    public static RecentPeers inMemory() {
        return new RecentPeers(null, List.of());
    }

    /**
     * Opens the file of a home directory. Blocks.
     *
     * @param identity whose key seals the file; it must stay open as long as this is used
     * @param sealed the form in which it is to be kept; the other form is read too, and replaced by the next {@link #save}
     */
    public static RecentPeers open(Path home, Identity identity, boolean sealed) throws IOException {
        final HomeFile file = new HomeFile(home, FILE, PURPOSE, identity, sealed, MAX_LENGTH);
        final byte[] text = file.read();
        return new RecentPeers(file, text == null ? List.of() : parse(text));
    }

    /** All of them, the latest first. */
    public List<RecentPeer> all() {
        return state.get().peers();
    }

    /**
     * Notes that we are connected with a peer now.
     *
     * @param place {@code host:port}, marked if it was in stealth mode; it comes before the earlier ones
     * @throws IllegalArgumentException if the place has another form
     */
    public void touch(PeerId id, String place, Instant now) {
        final RecentPeer single = new RecentPeer(id, now, List.of(place));
        state.updateAndGet(before -> {
            final List<RecentPeer> peers = new ArrayList<>();
            RecentPeer latest = single;
            for (RecentPeer peer : before.peers()) {
                if (peer.id().equals(id)) {
                    latest = new RecentPeer(id, now, Places.merge(single.places(), peer.places()));
                } else {
                    peers.add(peer);
                }
            }
            peers.add(0, latest);
            return new State(List.copyOf(peers.subList(0, Math.min(peers.size(), MAX_PEERS))), true);
        });
    }

    /** Does not dial a peer again: it was refused, or the user closed the connection. */
    public void forget(PeerId id) {
        state.updateAndGet(before ->
                before.peers().stream().noneMatch(peer -> peer.id().equals(id))
                        ? before
                        : new State(
                                before.peers().stream()
                                        .filter(peer -> !peer.id().equals(id))
                                        .toList(),
                                true));
    }

    /** Whether there is something to save. */
    public boolean isUnsaved() {
        return file != null && (state.get().unsaved() || file.isInOtherForm());
    }

    /**
     * Writes the file if anything has changed. The store's writer only; blocks.
     *
     * @throws IOException the changes are still there for the next attempt
     */
    public void save() throws IOException {
        final HomeFile target = file;
        if (target != null && isUnsaved()) {
            target.locked(() -> {
                final State saving = state.get();
                target.write(render(saving.peers()));
                state.compareAndSet(saving, new State(saving.peers(), false)); // fails if there is more to save already
            });
        }
    }

    private static byte[] render(List<RecentPeer> peers) {
        final StringBuilder text = new StringBuilder();
        for (RecentPeer peer : peers) {
            text.append(peer.id().text())
                    .append("  ")
                    .append(peer.lastSeen())
                    .append("  ")
                    .append(String.join(",", peer.places()))
                    .append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The peers that these bytes name, whatever they are. */
    static List<RecentPeer> parse(byte[] text) {
        final List<RecentPeer> peers = new ArrayList<>();
        final Set<PeerId> seen = new HashSet<>();
        for (String line : new String(text, StandardCharsets.UTF_8).split("\n", -1)) {
            final RecentPeer peer = parseLine(line);
            if (peer != null && peers.size() < MAX_PEERS && seen.add(peer.id())) {
                peers.add(peer);
            }
        }
        return peers;
    }

    private static @Nullable RecentPeer parseLine(String line) {
        final String[] fields = line.strip().split("\\s+", -1);
        if (fields.length != FIELDS) {
            return null;
        }
        try {
            return new RecentPeer(PeerId.parse(fields[0]), Instant.parse(fields[1]), List.of(fields[2].split(",", -1)));
        } catch (IllegalArgumentException | DateTimeParseException e) {
            return null;
        }
    }
}
