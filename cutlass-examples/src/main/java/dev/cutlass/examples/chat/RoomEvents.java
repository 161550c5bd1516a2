package dev.cutlass.examples.chat;

import dev.cutlass.ConnectionRequest;
import dev.cutlass.FileOffer;
import dev.cutlass.Peer;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.CutlassListener;
import dev.cutlass.event.Message;
import dev.cutlass.event.TrustState;
import dev.cutlass.examples.Console;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** Turns an engine's events into what a person, or a script, is told. On the handler executor. */
final class RoomEvents implements CutlassListener {
    private final ChatView view;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Semaphore arrivals = new Semaphore(0);
    private volatile ChatRoom room; // set once, right after the engine was started; events wait for it

    @SuppressWarnings("NullAway.Init")
    RoomEvents(ChatView view) {
        this.view = view;
    }

    void room(ChatRoom room) {
        this.room = room;
        ready.countDown();
    }

    /** Gets a permit each time a peer is connected. */
    Semaphore arrivals() {
        return arrivals;
    }

    private ChatRoom room() {
        try {
            ready.await(); // an event may be faster than the lines that follow start()
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return room;
    }

    void message(Peer peer, Message message) {
        final String name = room().nameOf(peer);
        if (message.isText()) {
            final String text = message.text();
            // Each line gets the name, so that nobody can speak in another's; an empty message is a line, too.
            for (String line : (text.endsWith("\n") ? text.substring(0, text.length() - 1) : text).split("\n", -1)) {
                view.message(name, line);
            }
        } else {
            view.notice(name + " sent " + message.length() + " bytes of " + Console.harmless(message.contentType())
                    + ", which this program cannot show");
        }
    }

    void offered(FileOffer offer) {
        room().files().offered(offer);
    }

    void asked(ConnectionRequest request) {
        final CutlassEvent.ConnectionRequested event = request.event();
        room().asked(request);
        final String print = ChatRoom.shortPrint(event.peer());
        view.warning((event.inbound() ? "somebody wants to talk: " : "who answered is new: ")
                + named(event.peer(), event.nick())
                + (event.nickClash() ? "; somebody whom you know has the same name" : "") + ". Type /accept " + print
                + " or /refuse " + print);
    }

    @Override
    public void onConnected(CutlassEvent.Connected event) {
        final ChatRoom here = room();
        here.requests().remove(event.peer());
        final TrustState trust =
                here.cutlass().peer(event.peer()).map(Peer::trust).orElse(TrustState.NEW);
        view.notice(here.name(event.peer(), event.nick()) + " is here ("
                + (trust == TrustState.VERIFIED ? "verified" : "not verified; /verify to be sure") + ")");
        arrivals.release();
    }

    @Override
    public void onConnectFailed(CutlassEvent.ConnectFailed event) {
        // A first dial that fails is told by the command that asked for it; attempts that follow by themselves are not
        // news.
    }

    @Override
    public void onDropped(CutlassEvent.Dropped event) {
        view.notice(room().name(event.peer(), event.nick()) + " left"
                + (event.text().isEmpty() ? "" : ": " + Console.harmless(event.text())));
    }

    @Override
    public void onTimedOut(CutlassEvent.TimedOut event) {
        view.notice(room().name(event.peer(), event.nick())
                + " does not answer any more; what you say waits until it is back");
    }

    @Override
    public void onPeerRestarted(CutlassEvent.PeerRestarted event) {
        view.notice(room().name(event.peer(), event.nick()) + " was restarted");
    }

    @Override
    public void onCloneSuspected(CutlassEvent.CloneSuspected event) {
        view.warning("two programs use the key of " + named(event.peer(), event.nick())
                + " at the same time: either its owner copied the key file, or somebody stole it");
    }

    @Override
    public void onKeyMismatch(CutlassEvent.KeyMismatch event) {
        view.warning("ANOTHER KEY answered at " + Console.harmless(event.where()) + ". Nothing was sent to it.");
        view.warning("  expected " + event.expected().fingerprint());
        view.warning("  answered " + event.answered().fingerprint());
        view.warning(
                "  Compare both with the owner over another way. Perhaps the key is new; perhaps somebody sits between you.");
    }

    @Override
    public void onNickClash(CutlassEvent.NickClash event) {
        view.warning(named(event.peer(), event.nick()) + " has the name of another peer whom you know, "
                + event.known().fingerprint() + ": they are not the same");
    }

    @Override
    public void onNickChanged(CutlassEvent.NickChanged event) {
        view.notice(Console.harmless(event.before()) + " is now called " + room().name(event.peer(), event.nick()));
    }

    @Override
    public void onFailed(CutlassEvent.Failed event) {
        view.warning("the engine stopped: " + event.cause());
    }

    private static String named(PeerId id, String nick) {
        return "\"" + Console.harmless(nick) + "\", fingerprint " + id.fingerprint();
    }
}
