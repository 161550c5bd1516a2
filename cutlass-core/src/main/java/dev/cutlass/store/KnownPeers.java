package dev.cutlass.store;

import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import java.io.IOException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The peers that this identity has met: the memory of trust on first use. A readable file, a line a peer (see {@link PeerLine}), or the same
 * sealed under a key of the identity, since it is a list of contacts.
 *
 * <p>Threads: {@link #save} belongs to the store's writer; everything else to any thread, without waiting. A change counts in memory at once
 * and is on disk after the next save. When somebody else has changed the file in between, their lines are taken over, except for the
 * peers that we changed ourselves.
 */
public final class KnownPeers {
    /** Name of the file in the home directory; sealed, {@code .sealed} follows. */
    public static final String FILE = "known_peers";

    /** Contacts that are remembered; more stay new. None is ever dropped for another. A person knows far fewer. */
    public static final int MAX_CONTACTS = 10_000;

    /**
     * Peers beside them that came by themselves and that nobody chose. One more, and the eldest of them is forgotten, so that strangers with many keys push out
     * each other and no contact, and the file stays small.
     */
    public static final int MAX_MET = 1_000;

    private static final int MAX_LENGTH = 16 << 20; // what so many with full nicks and places need, more than once
    private static final String PURPOSE = "known-peers";

    /**
     * A line that was not understood, and is kept.
     *
     * @param line counted from 1
     * @param why for people
     */
    public record Damage(int line, String why) {}

    /**
     * @param unsaved the peers that were changed since the last save, and in which generation
     * @param generation counts changes
     */
    private record State(PeerBook book, Map<PeerId, Long> unsaved, long generation) {}

    private final @Nullable HomeFile file;
    private final int maxContacts;
    private final int maxMet;
    private final AtomicReference<State> state;

    private KnownPeers(@Nullable HomeFile file, PeerBook book, int maxContacts, int maxMet) {
        this.file = file;
        this.maxContacts = maxContacts;
        this.maxMet = maxMet;
        this.state = new AtomicReference<>(new State(book, Map.of(), 0));
    }

    /** Known peers that are forgotten with the engine. */
    public static KnownPeers inMemory() {
        return new KnownPeers(null, PeerBook.empty(), MAX_CONTACTS, MAX_MET);
    }

    /**
     * Opens the file of a home directory. Without one there are no known peers. Blocks.
     *
     * @param identity whose key seals the file; it must stay open as long as this is used
     * @param sealed the form in which it is to be kept; the other form is read too, and replaced by the next {@link #save}
     * @throws IOException if it cannot be read: to go on would mean to forget whom to trust
     */
    public static KnownPeers open(Path home, Identity identity, boolean sealed) throws IOException {
        return open(home, identity, sealed, MAX_CONTACTS, MAX_MET);
    }

    /** For tests: ten thousand keys take long to make. */
    static KnownPeers open(Path home, Identity identity, boolean sealed, int maxContacts, int maxMet)
            throws IOException {
        final HomeFile file = new HomeFile(home, FILE, PURPOSE, identity, sealed, MAX_LENGTH);
        final byte[] text = file.read();
        final PeerBook book = text == null ? PeerBook.empty() : PeerBook.parse(text, maxContacts + maxMet);
        return new KnownPeers(file, book, maxContacts, maxMet);
    }

    /** The peer of a key; {@code null} if it is new. */
    public @Nullable KnownPeer find(PeerId id) {
        return book().find(id);
    }

    /** The peers that were reached at a place, {@code host:port}, in whichever mode. */
    public List<KnownPeer> findByPlace(String place) {
        final String folded = place.toLowerCase(Locale.ROOT);
        return select(peer -> peer.places().stream()
                .anyMatch(
                        known -> Places.address(known).toLowerCase(Locale.ROOT).equals(folded)));
    }

    /**
     * The peers with a nick that people would take for this one: compatibility forms and case do not count. Letters of different scripts that
     * look alike do; only a fingerprint tells those apart.
     */
    public List<KnownPeer> findByNick(String nick) {
        final String folded = fold(nick);
        return folded.isEmpty() ? List.of() : select(peer -> fold(peer.nick()).equals(folded));
    }

    /** All of them, in the order of the file. */
    public List<KnownPeer> all() {
        return book().peers();
    }

    /** How many there are. */
    public int size() {
        return book().size();
    }

    /** Whether another contact can be remembered. */
    public boolean hasRoom() {
        return book().contacts() < maxContacts;
    }

    /** The lines that were not understood. */
    public List<Damage> damages() {
        return book().damages();
    }

    /**
     * Remembers a contact, that is a peer which we chose, or what is new about one: the places come before the earlier ones, the nick replaces the earlier one
     * unless it is empty. Who was only met is a contact from now on.
     *
     * @param today in UTC; counts if the peer is new
     * @return {@code false} if there is no room for another contact
     * @throws IllegalArgumentException if a place is not {@code host:port}, or the nick is too long; see {@link KnownPeer}
     */
    public boolean remember(PeerId id, String nick, List<String> places, LocalDate today) {
        final KnownPeer fresh = new KnownPeer(id, KnownPeer.Standing.KNOWN, today, latest(places), nick);
        final State after = change(id, book -> {
            final KnownPeer present = book.find(id);
            if (present != null && present.isContact()) {
                return book.with(present.seenAgain(nick, fresh.places()));
            }
            if (book.contacts() >= maxContacts) {
                return book;
            }
            return book.with(
                    present == null
                            ? fresh
                            : present.seenAgain(nick, fresh.places()).withStanding(KnownPeer.Standing.KNOWN));
        });
        final KnownPeer kept = after.book().find(id);
        return kept != null && kept.isContact();
    }

    /**
     * Remembers a peer that came by itself, or what is new about one that we know, contact or not. The eldest who was only met may be forgotten for it.
     *
     * @param today in UTC; counts if the peer is new
     * @throws IllegalArgumentException as {@link #remember}
     */
    public void meet(PeerId id, String nick, List<String> places, LocalDate today) {
        final KnownPeer fresh = new KnownPeer(id, KnownPeer.Standing.MET, today, latest(places), nick);
        change(id, book -> {
            final KnownPeer present = book.find(id);
            return present == null
                    ? book.with(fresh).withMetAtMost(maxMet)
                    : book.with(present.seenAgain(nick, fresh.places()));
        });
    }

    /**
     * Notes where a peer gets messages while it is away; it is a contact from now on.
     *
     * @param address empty: nowhere
     * @param today in UTC; counts if the peer is new
     * @return {@code false} if there is no room for another contact
     * @throws IllegalArgumentException if it is no address that the file can hold; see {@link KnownPeer}
     */
    public boolean setOfflineAddress(PeerId id, String address, LocalDate today) {
        final KnownPeer fresh = new KnownPeer(id, KnownPeer.Standing.KNOWN, today, List.of(), "", address);
        final State after = change(id, book -> {
            final KnownPeer present = book.find(id);
            if ((present == null || !present.isContact()) && book.contacts() >= maxContacts) {
                return book;
            }
            return book.with(present == null ? fresh : present.withOfflineAddress(address));
        });
        final KnownPeer kept = after.book().find(id);
        return kept != null && kept.offlineAddress().equals(address);
    }

    private static List<String> latest(List<String> places) {
        return places.subList(0, Math.min(places.size(), KnownPeer.MAX_PLACES));
    }

    /**
     * Notes whether somebody has compared the safety numbers, with a contact or with somebody who becomes one by that.
     *
     * @return {@code false} if the peer is not known
     */
    public boolean setVerified(PeerId id, boolean verified) {
        final KnownPeer.Standing standing = verified ? KnownPeer.Standing.VERIFIED : KnownPeer.Standing.KNOWN;
        final State after = change(id, book -> {
            final KnownPeer present = book.find(id);
            return present == null ? book : book.with(present.withStanding(standing));
        });
        return after.book().find(id) != null;
    }

    /** Forgets a peer: it is new again. */
    public void forget(PeerId id) {
        change(id, book -> book.without(id));
    }

    /** For tests: how many changes wait to be saved. */
    int unsaved() {
        return state.get().unsaved().size();
    }

    /** Whether there is something to save. */
    public boolean isUnsaved() {
        return file != null && (!state.get().unsaved().isEmpty() || file.isInOtherForm());
    }

    /**
     * Writes the file if anything has changed. The store's writer only; blocks.
     *
     * @throws IOException nothing is lost: the changes are still there for the next attempt
     */
    public void save() throws IOException {
        final HomeFile target = file;
        if (target == null || !isUnsaved()) {
            return;
        }
        target.locked(() -> {
            final State saving = state.get();
            final byte[] foreign = target.readIfChanged();
            final PeerBook book = foreign == null
                    ? saving.book()
                    : overlay(PeerBook.parse(foreign, maxContacts + maxMet), saving, -1);
            target.write(book.render());
            state.updateAndGet(now -> {
                final Map<PeerId, Long> later = new HashMap<>(now.unsaved());
                later.values().removeIf(generation -> generation <= saving.generation());
                return new State(overlay(book, now, saving.generation()), later, now.generation());
            });
        });
    }

    /** The book with those peers as they are in {@code changed} that were changed there after a generation. */
    private PeerBook overlay(PeerBook book, State changed, long after) {
        PeerBook result = book;
        for (Map.Entry<PeerId, Long> unsaved : changed.unsaved().entrySet()) {
            if (unsaved.getValue() > after) {
                final KnownPeer peer = changed.book().find(unsaved.getKey());
                result = peer == null ? result.without(unsaved.getKey()) : result.with(peer);
            }
        }
        return result.withMetAtMost(maxMet); // who was forgotten for others is so in every copy
    }

    private State change(PeerId id, UnaryOperator<PeerBook> action) {
        return state.updateAndGet(now -> {
            final PeerBook book = action.apply(now.book());
            if (book == now.book()) {
                return now;
            }
            if (file == null) {
                return new State(book, Map.of(), now.generation() + 1); // nothing will be saved
            }
            final Map<PeerId, Long> unsaved = new HashMap<>(now.unsaved());
            unsaved.put(id, now.generation() + 1);
            if (book.size() < now.book().size() + 1) { // somebody was forgotten, whose change needs no saving any more
                unsaved.keySet().removeIf(other -> !other.equals(id) && isForgotten(other, now.book(), book));
            }
            return new State(book, unsaved, now.generation() + 1);
        });
    }

    private static boolean isForgotten(PeerId id, PeerBook before, PeerBook after) {
        return before.find(id) != null && after.find(id) == null;
    }

    private PeerBook book() {
        return state.get().book();
    }

    private List<KnownPeer> select(Predicate<KnownPeer> wanted) {
        return all().stream().filter(wanted).toList();
    }

    private static String fold(String nick) {
        return Normalizer.normalize(nick, Normalizer.Form.NFKC)
                .strip()
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
    }
}
