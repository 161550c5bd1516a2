package dev.cutlass.examples.chat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.cutlass.ConnectionRequest;
import dev.cutlass.Cutlass;
import dev.cutlass.Delivery;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.DeliveryFailedException;
import dev.cutlass.event.PeerState;
import dev.cutlass.examples.Console;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A talk of one engine with all its peers: who is here, what was said, what has arrived. Any thread. */
final class ChatRoom {
    /** So much of a message is repeated in a notice about it. */
    private static final int EXCERPT = 40;

    private final Cutlass cutlass;
    private final ChatView view;
    private final String where;
    private final boolean stealth;
    private final Map<PeerId, ConnectionRequest> requests = new ConcurrentHashMap<>();
    private final Tally tally = new Tally();
    private final ChatFiles files;

    /**
     * Has nobody in it yet.
     *
     * @param where how others can reach us, for a person
     * @param stealth whether whom we call is called by stealth
     */
    ChatRoom(Cutlass cutlass, ChatView view, String where, boolean stealth) {
        this.stealth = stealth;
        this.cutlass = cutlass;
        this.where = where;
        this.view = view;
        this.files = new ChatFiles(this, view);
    }

    ChatFiles files() {
        return files;
    }

    Cutlass cutlass() {
        return cutlass;
    }

    /** Where we are, for a person. */
    String where() {
        return where;
    }

    boolean stealth() {
        return stealth;
    }

    /** What was sent, and what became of it. */
    Tally tally() {
        return tally;
    }

    /** Dials, and says what came of it. The future completes normally, with true if the peer is connected. */
    @CanIgnoreReturnValue
    CompletableFuture<Boolean> connect(PeerAddress address) {
        return cutlass.connect(address).handle((peer, failure) -> {
            if (failure != null) {
                view.warning(reason(failure));
            }
            return failure == null;
        });
    }

    /** Says something to everybody who is connected. False if nobody is. */
    boolean say(String text) {
        final List<Peer> here = connected();
        for (Peer peer : here) {
            say(peer, text);
        }
        return !here.isEmpty();
    }

    /** Says something to one peer; it waits for the peer if it is away. */
    void say(Peer peer, String text) {
        final long started = System.nanoTime();
        final Delivery delivery = peer.send(text);
        tally.sent();
        final CompletableFuture<Void> unused = delivery.toCompletableFuture().whenComplete((nothing, failure) -> {
            if (failure == null) {
                view.delivered(nameOf(peer), text, (System.nanoTime() - started) / 1_000_000);
            } else {
                view.failed(nameOf(peer), text, reason(failure));
            }
            tally.settled(failure == null);
        });
    }

    List<Peer> connected() {
        return cutlass.peers().stream()
                .filter(peer -> peer.state() == PeerState.CONNECTED)
                .toList();
    }

    /** Everybody whom a name can mean. */
    List<Peer> all() {
        return cutlass.peers();
    }

    /**
     * The peer that a person means.
     *
     * @param name a nick, or the beginning of a fingerprint or of an address
     */
    Optional<Peer> find(String name) throws AmbiguousNameException {
        final List<Peer> matches = new ArrayList<>();
        for (Peer peer : cutlass.peers()) {
            if (nameOf(peer).equals(name)) {
                return Optional.of(peer); // what we show is always meant
            }
            if (peer.nick().equalsIgnoreCase(name)
                    || peer.id().fingerprint().startsWith(name)
                    || peer.id().text().startsWith(name)) {
                matches.add(peer);
            }
        }
        if (matches.size() > 1) {
            throw new AmbiguousNameException(
                    name, matches.stream().map(this::nameOf).toList());
        }
        return matches.stream().findFirst();
    }

    /** What we call a peer: its nick if nobody else has it, else the nick with the beginning of its fingerprint. */
    String nameOf(Peer peer) {
        return name(peer.id(), peer.nick());
    }

    String name(PeerId id, String nick) {
        final String harmless = Console.harmless(nick).strip();
        final String print = shortPrint(id);
        if (harmless.isEmpty()) {
            return print;
        }
        final boolean shared = harmless.equalsIgnoreCase(cutlass.nick())
                || cutlass.peers().stream()
                        .anyMatch(other -> !other.id().equals(id)
                                && Console.harmless(other.nick()).strip().equalsIgnoreCase(harmless));
        return shared ? harmless + "#" + print : harmless;
    }

    static String shortPrint(PeerId id) {
        final String print = id.fingerprint();
        final int end = print.indexOf(' ');
        return end < 0 ? print : print.substring(0, end);
    }

    void asked(ConnectionRequest request) {
        requests.put(request.event().peer(), request);
    }

    /** Those who wait for a decision. */
    Map<PeerId, ConnectionRequest> requests() {
        return requests;
    }

    static String excerpt(String text) {
        final String harmless = Console.harmless(text);
        return harmless.length() <= EXCERPT ? harmless : harmless.substring(0, EXCERPT - 1) + "…";
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof DeliveryFailedException delivery) {
            return switch (delivery.failure()) {
                case OUTBOX_FULL -> "too many messages wait already";
                case NOT_PERMITTED -> "the other side does not permit it";
                case INVALID -> "the other side could not read it";
                case NO_SUCH_CHANNEL -> "the other side does not know this service";
                case ABANDONED -> "given up";
                case CLOSED -> "closed before the other side confirmed it";
                case FORGOTTEN -> "the peer was forgotten";
            };
        }
        final @Nullable String message = cause.getMessage();
        return message == null ? cause.toString() : message;
    }

    /** More than one peer could be meant. */
    static final class AmbiguousNameException extends Exception {
        private static final long serialVersionUID = 1;

        AmbiguousNameException(String name, List<String> candidates) {
            super("\"" + name + "\" could be " + String.join(" or ", candidates));
        }
    }
}
