package dev.cutlass.examples.chat;

import dev.cutlass.ConnectionRequest;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.ConnectionInfo;
import dev.cutlass.event.PeerInfo;
import dev.cutlass.event.PeerState;
import dev.cutlass.event.TrustState;
import dev.cutlass.examples.CommandFailure;
import dev.cutlass.examples.Console;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What a person can type that begins with a slash. On the thread that reads the terminal. */
final class ChatCommands {
    static final List<String> NAMES = List.of(
            "/help",
            "/peers",
            "/connect",
            "/verify",
            "/info",
            "/msg",
            "/nick",
            "/send",
            "/get",
            "/transfers",
            "/accept",
            "/refuse",
            "/forget",
            "/quit");

    private static final String HELP = """
              /peers              who is here, who is away
              /connect ADDRESS    call somebody: cutlass:KEY@host:port, or host:port to trust whoever answers
              /msg NICK TEXT      say something to one peer only; it waits if the peer is away
              /verify NICK        show the safety number to compare; /verify NICK ok remembers that it was right
              /info NICK          everything about the connection with a peer
              /send [NICK] FILE   send a file or folder; NICK may be left out if only one is here
              /get [NICK] NAME    get something that a peer shares, into the current folder
              /transfers          how files are going
              /accept, /refuse X  decide about a file (X: its number), or somebody who waits (X: how the fingerprint begins)
              /nick NAME          change how you call yourself
              /forget NICK        end it with a peer and forget its key
              /quit               leave, as Ctrl-D does
              Tab completes commands and names; the arrow keys bring back what you typed.""";

    private final ChatRoom room;
    private final TerminalChat view;
    private boolean quit;

    ChatCommands(ChatRoom room, TerminalChat view) {
        this.room = room;
        this.view = view;
    }

    boolean wantsToQuit() {
        return quit;
    }

    void run(String line) {
        final String[] words = line.strip().split("\\s+", 2);
        final String rest = words.length > 1 ? words[1].strip() : "";
        try {
            switch (words[0].toLowerCase(Locale.ROOT)) {
                case "/help" -> view.page(HELP);
                case "/peers" -> peers();
                case "/connect" -> connect(rest);
                case "/verify" -> verify(rest);
                case "/info" -> info(peer(rest, "/info NICK"));
                case "/msg" -> msg(rest);
                case "/nick" -> nick(rest);
                case "/accept" -> decide(rest, true);
                case "/refuse" -> decide(rest, false);
                case "/send" -> room.files().send(rest);
                case "/get" -> room.files().get(rest);
                case "/transfers" -> transfers();
                case "/forget" -> forget(rest);
                case "/quit", "/exit" -> quit = true;
                default -> view.warning("there is no " + Console.harmless(words[0]) + "; /help lists what there is");
            }
        } catch (CommandFailure | ChatRoom.AmbiguousNameException failure) {
            view.warning(String.valueOf(failure.getMessage()));
        }
    }

    private Peer peer(String name, String usage) throws CommandFailure, ChatRoom.AmbiguousNameException {
        if (name.isEmpty()) {
            throw new CommandFailure("usage: " + usage);
        }
        return room.find(name)
                .orElseThrow(() -> new CommandFailure(
                        "nobody is known as \"" + Console.harmless(name) + "\"; /peers lists the names"));
    }

    private void peers() {
        final List<Peer> all = room.all();
        if (all.isEmpty()) {
            view.notice("nobody yet: /connect ADDRESS calls somebody; others can call you at your address");
        }
        for (Peer peer : all) {
            view.page("  " + room.nameOf(peer) + "  " + words(peer.state()) + ", " + words(peer.trust()) + ", "
                    + peer.id().fingerprint());
        }
    }

    private void connect(String text) throws CommandFailure {
        if (text.isEmpty()) {
            throw new CommandFailure("usage: /connect ADDRESS, as cutlass:KEY@host:port");
        }
        final PeerAddress address = ChatCommand.address(text, room.stealth());
        view.notice("calling " + Console.harmless(address.text()));
        room.connect(address);
    }

    private void verify(String text) throws CommandFailure, ChatRoom.AmbiguousNameException {
        final boolean ok = text.endsWith(" ok");
        final Peer peer = peer(ok ? text.substring(0, text.length() - 3).strip() : text, "/verify NICK [ok]");
        if (ok) {
            peer.verify();
            view.notice(room.nameOf(peer) + " is verified");
            return;
        }
        view.page("  The safety number of you and " + room.nameOf(peer) + ":\n\n"
                + peer.safetyNumber().text().indent(4)
                + "\n  Compare it by telephone or face to face. If both of you see the same, nobody sits between you: /verify "
                + room.nameOf(peer) + " ok");
    }

    private void info(Peer peer) {
        final PeerInfo info = peer.info();
        final StringBuilder page = new StringBuilder();
        row(page, "name", room.nameOf(peer));
        row(page, "address", peer.id().text());
        row(page, "fingerprint", peer.id().fingerprint());
        row(page, "trust", words(info.trust()));
        row(page, "state", words(info.state()));
        if (info.state() == PeerState.CONNECTED) {
            row(
                    page,
                    "path",
                    info.address().map(ChatCommands::place).orElse("?")
                            + (info.backConnected() ? ", socket of its own" : "")
                            + (info.initiator() ? ", called by you" : ", called you"));
            row(
                    page,
                    "handshake",
                    info.pattern() + ", " + info.suite()
                            + (info.handshakeTime().isZero() ? "" : ", took " + millis(info.handshakeTime())));
            info.connection().ifPresent(connection -> connectionRows(page, connection));
            row(
                    page,
                    "connected",
                    "for " + info.age().toSeconds() + " s, last heard of "
                            + info.silence().toSeconds() + " s ago");
            info.ownAddress().ifPresent(own -> row(page, "sees you at", place(own)));
        }
        row(
                page,
                "outbox",
                Console.count(info.queuedMessages(), "message") + ", " + Console.count(info.queuedBytes(), "byte"));
        row(
                page,
                "held",
                Console.count(info.heldMessages(), "message") + ", " + Console.count(info.heldBytes(), "byte"));
        view.page(page.toString().stripTrailing());
    }

    private static void connectionRows(StringBuilder page, ConnectionInfo connection) {
        row(
                page,
                "round trip",
                millis(Duration.ofNanos(connection.roundTrip())) + ", varies by "
                        + millis(Duration.ofNanos(connection.roundTripVariance())) + ", least "
                        + millis(Duration.ofNanos(connection.leastRoundTrip())));
        row(
                page,
                "loss",
                String.format(
                        Locale.ROOT,
                        "%d of %s (%.2f %%)",
                        connection.lost(),
                        Console.count(connection.sent(), "packet"),
                        100 * connection.lossShare()));
        row(
                page,
                "congestion",
                (connection.controller().isEmpty() ? "at rest" : connection.controller()) + ", "
                        + Console.count(connection.inFlight(), "byte") + " of " + connection.window() + " under way"
                        + (connection.pacingRate() == 0 ? "" : ", paced to " + connection.pacingRate() + " bytes/s"));
        if (connection.bulkWindow() > 0) {
            row(
                    page,
                    "bulk",
                    Console.count(connection.bulkInFlight(), "byte") + " of " + connection.bulkWindow() + " under way");
        }
        row(
                page,
                "packets",
                "sent " + connection.packetsSent() + ", received " + connection.packetsReceived() + ", of up to "
                        + Console.count(connection.packetSize(), "byte"));
        row(
                page,
                "keys",
                "epoch " + connection.epoch() + ", since " + TimeUnit.NANOSECONDS.toSeconds(connection.keyAge())
                        + " s");
    }

    private static void row(StringBuilder page, String name, String value) {
        page.append(String.format(Locale.ROOT, "  %-12s %s%n", name, value));
    }

    private static String place(InetSocketAddress address) {
        return address.toString().replaceFirst("^.*/", ""); // the name, if any, before the slash, the numbers after it
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.2f ms", duration.toNanos() / 1e6);
    }

    private void msg(String text) throws CommandFailure, ChatRoom.AmbiguousNameException {
        final String[] words = text.split("\\s+", 2);
        if (words.length < 2) {
            throw new CommandFailure("usage: /msg NICK TEXT");
        }
        final Peer peer = peer(words[0], "/msg NICK TEXT");
        try {
            room.say(peer, words[1]);
        } catch (IllegalArgumentException tooLong) {
            throw new CommandFailure(tooLong);
        }
        view.notice("to " + room.nameOf(peer) + ": " + words[1]);
    }

    private void nick(String name) throws CommandFailure {
        try {
            room.cutlass().setNick(name);
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailure(wrong);
        }
        view.notice(name.isEmpty() ? "you have no name now" : "you are now called " + name);
    }

    private void transfers() {
        final List<String> all = room.files().list();
        if (all.isEmpty()) {
            view.notice("no files yet: /send FILE sends one");
        }
        all.forEach(line -> view.page("  " + line));
    }

    /** About a file, if there is one with this number, or if nothing is said and nobody waits; else about a peer. */
    private void decide(String what, boolean accept) throws CommandFailure {
        final Set<Integer> offers = room.files().offers().keySet();
        final List<Integer> meant = offers.stream()
                .filter(number -> what.isEmpty() ? room.requests().isEmpty() : what.equals(String.valueOf(number)))
                .toList();
        if (meant.size() > 1) {
            throw new CommandFailure("more than one file waits: add its number, " + meant);
        }
        if (meant.isEmpty()) {
            decidePeer(what, accept);
        } else if (!room.files().decide(meant.get(0), accept)) {
            throw new CommandFailure("that was decided already");
        }
    }

    private void decidePeer(String print, boolean accept) throws CommandFailure {
        final Map<PeerId, ConnectionRequest> waiting = room.requests();
        final List<PeerId> meant = waiting.keySet().stream()
                .filter(id -> print.isEmpty() || id.fingerprint().startsWith(print))
                .toList();
        if (meant.size() != 1) {
            throw new CommandFailure(
                    meant.isEmpty()
                            ? "nobody waits" + (print.isEmpty() ? "" : " whose fingerprint begins so")
                            : "more than one waits: add how the fingerprint begins");
        }
        final ConnectionRequest request = waiting.remove(meant.get(0));
        if (request == null) {
            throw new CommandFailure("that was decided already");
        }
        if (accept) {
            request.accept();
        } else {
            request.refuse();
        }
    }

    private void forget(String name) throws CommandFailure, ChatRoom.AmbiguousNameException {
        final Peer peer = peer(name, "/forget NICK");
        final String shown = room.nameOf(peer);
        peer.forget();
        view.notice(shown + " is forgotten");
    }

    private static String words(PeerState state) {
        return switch (state) {
            case AWAY -> "away";
            case CONNECTING -> "being called";
            case UNDECIDED -> "waits for a decision";
            case CONNECTED -> "here";
        };
    }

    private static String words(TrustState trust) {
        return switch (trust) {
            case NEW -> "new";
            case KNOWN -> "known, not verified";
            case VERIFIED -> "verified";
        };
    }
}
