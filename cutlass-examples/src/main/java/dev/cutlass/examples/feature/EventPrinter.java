package dev.cutlass.examples.feature;

import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.CutlassListener;

/**
 * Prints each kind of event. A program overrides only the methods that it cares about: each does nothing by default. {@link #onEvent} gets every event, too.
 * What the events mean exactly is in docs/handlers.md.
 *
 * <p>Methods are called in order for one peer, and at the same time for different peers. They may block, unless the engine has a direct executor.
 */
public class EventPrinter implements CutlassListener {
    private final String who;

    /**
     * Prints to standard output.
     *
     * @param who whose events these are
     */
    public EventPrinter(String who) {
        this.who = who;
    }

    private void print(String text) {
        System.out.println(who + ": " + text);
    }

    /** Policy ASK: decide with {@code Cutlass.decide}, or in the handler of {@code onConnectionRequest}. */
    @Override
    public void onConnectionRequested(CutlassEvent.ConnectionRequested event) {
        print("connection requested by " + event.nick() + (event.nickClash() ? ", a name that we know already" : ""));
    }

    @Override
    public void onConnected(CutlassEvent.Connected event) {
        print("connected with " + event.nick() + ", " + event.trust() + (event.inbound() ? ", who dialled" : ""));
    }

    /** Also for each attempt of a reconnection: {@code retryIn} says whether another one follows by itself. */
    @Override
    public void onConnectFailed(CutlassEvent.ConnectFailed event) {
        print("connect failed: " + event.failure() + (event.retryIn().isPresent() ? ", will be tried again" : ""));
    }

    /** Ended in order, by the peer or by us. */
    @Override
    public void onDropped(CutlassEvent.Dropped event) {
        print("dropped " + (event.byPeer() ? "by " : "") + event.nick() + ": " + event.reason());
    }

    /** Silence: its machine crashed, or the network between us is gone. */
    @Override
    public void onTimedOut(CutlassEvent.TimedOut event) {
        print("timed out: " + event.nick() + " was silent for "
                + event.silence().toSeconds() + " s");
    }

    @Override
    public void onPeerRestarted(CutlassEvent.PeerRestarted event) {
        print("restarted: " + event.nick());
    }

    /** Take this seriously: somebody else may have the peer's key file. */
    @Override
    public void onCloneSuspected(CutlassEvent.CloneSuspected event) {
        print("clone suspected: two programs use the key of " + event.nick());
    }

    /** Show both fingerprints to the user. Nothing of ours was sent. */
    @Override
    public void onKeyMismatch(CutlassEvent.KeyMismatch event) {
        print("key mismatch: dialled " + event.expected().fingerprint() + ", but "
                + event.answered().fingerprint() + " answered");
    }

    @Override
    public void onNickClash(CutlassEvent.NickClash event) {
        print("nick clash: two peers call themselves " + event.nick());
    }

    @Override
    public void onNickChanged(CutlassEvent.NickChanged event) {
        print("nick changed: " + event.before() + " is now " + event.nick());
    }

    /** Where a peer sees us: our public address, if we are behind NAT and the peer is not. */
    @Override
    public void onAddressObserved(CutlassEvent.AddressObserved event) {
        print("address observed: our packets come from " + event.address().getHostString());
    }

    /** The same as the builder's {@code onMessage}; use whichever suits. */
    @Override
    public void onMessageReceived(CutlassEvent.MessageReceived event) {
        print("message from " + event.nick() + ": " + event.message().text());
    }

    /** Channels have handlers of their own, too: see {@link Channels}. */
    @Override
    public void onChannelOpened(CutlassEvent.ChannelOpened event) {
        print("channel opened: " + event.channel().service() + " with " + event.nick());
    }

    @Override
    public void onChannelMessageReceived(CutlassEvent.ChannelMessageReceived event) {
        print("message from " + event.nick() + " over " + event.channel().service() + ": "
                + event.message().text());
    }

    @Override
    public void onChannelClosed(CutlassEvent.ChannelClosed event) {
        print("channel closed: " + event.channel().service() + " with " + event.nick() + ", " + event.why());
    }

    /** Policy ASK: decide in the handler of {@code onFileOffer}. */
    @Override
    public void onFileOffered(CutlassEvent.FileOffered event) {
        print(event.nick() + " offers " + event.name() + ", " + event.length() + " bytes in " + event.files()
                + " files");
    }

    @Override
    public void onFileRequested(CutlassEvent.FileRequested event) {
        print(event.nick() + " asks for " + event.name());
    }

    @Override
    public void onFileAccepted(CutlassEvent.FileAccepted event) {
        print("accepted " + (event.outgoing() ? "by " : "from ") + event.nick() + ": " + event.name());
    }

    @Override
    public void onFileRejected(CutlassEvent.FileRejected event) {
        print("rejected " + (event.outgoing() ? "by " : "from ") + event.nick() + ": " + event.name() + ", "
                + event.failure());
    }

    /** It will not go on by itself; what the other side has of it may be of use when it is offered or asked for again. */
    @Override
    public void onFileAborted(CutlassEvent.FileAborted event) {
        print("given up: " + event.name() + " with " + event.nick() + ", " + event.failure());
    }

    @Override
    public void onFileSent(CutlassEvent.FileSent event) {
        print(event.nick() + " has " + event.name());
    }

    @Override
    public void onFileReceived(CutlassEvent.FileReceived event) {
        print(event.name() + " came from " + event.nick());
    }

    /** The last event of an engine: it has closed itself. */
    @Override
    public void onFailed(CutlassEvent.Failed event) {
        print("failed: " + event.cause());
    }
}
