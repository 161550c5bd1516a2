package dev.cutlass.event;

import dev.cutlass.crypto.PeerId;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Something that happened to an engine. Values, for any thread. Events of one peer come in the order in which they happened, and among its
 * messages; between peers there is no order. docs/handlers.md tells each one's quirks.
 */
public sealed interface CutlassEvent {
    /** Calls the one method of the listener that this kind of event has. */
    void dispatchTo(CutlassListener listener);

    /** The peer that it is about; empty if it is about none in particular. */
    Optional<PeerId> subject();

    /** What is about one peer. */
    sealed interface OfPeer extends CutlassEvent {
        PeerId peer();

        @Override
        default Optional<PeerId> subject() {
            return Optional.of(peer());
        }
    }

    /**
     * The policy is {@link TrustPolicy#ASK} and a peer that is not known completed its handshake: it waits for at most 120 s to be admitted or refused.
     * Nothing but keep-alives flows until then.
     *
     * @param nick what it calls itself; a label that anybody may choose
     * @param nickClash a known peer has the same nick: show the fingerprint
     * @param inbound whether it dialled us
     */
    record ConnectionRequested(PeerId peer, String nick, boolean nickClash, InetSocketAddress from, boolean inbound)
            implements OfPeer {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onConnectionRequested(this);
        }
    }

    /** Both sides have admitted each other. Not sent again when a connection silently replaces another. */
    record Connected(PeerId peer, String nick, TrustState trust, InetSocketAddress address, boolean inbound)
            implements OfPeer {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onConnected(this);
        }
    }

    /**
     * A dial, or one attempt of a reconnection, failed.
     *
     * @param where what was dialled, for a person
     * @param retryIn when the next attempt follows by itself; empty if none does
     */
    record ConnectFailed(
            Optional<PeerId> peer, String where, ConnectFailure failure, String detail, Optional<Duration> retryIn)
            implements CutlassEvent {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onConnectFailed(this);
        }

        @Override
        public Optional<PeerId> subject() {
            return peer;
        }
    }

    /**
     * The connection was ended in order, by either side.
     *
     * @param byPeer whether the peer ended it
     * @param text what the side that ended it said, possibly empty; a stranger's words
     */
    record Dropped(PeerId peer, String nick, CloseReason reason, String text, boolean byPeer) implements OfPeer {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onDropped(this);
        }
    }

    /** The connection was ended because the peer was silent for too long. */
    record TimedOut(PeerId peer, String nick, Duration silence) implements OfPeer {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onTimedOut(this);
        }
    }

    /** The peer's program was started anew: an authenticated handshake said so. It remains connected; what it had received may be lost there. */
    record PeerRestarted(PeerId peer, String nick) implements OfPeer {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onPeerRestarted(this);
        }
    }

    /** Two engines use this peer's key at the same time. Either its owner copied the key file, or somebody else has it. */
    record CloneSuspected(PeerId peer, String nick) implements OfPeer {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onCloneSuspected(this);
        }
    }

    /**
     * Where we dialled {@code expected}, {@code answered} answered. Nothing of ours was sent to it and there is no connection. Show both fingerprints.
     *
     * @param where what was dialled, for a person
     */
    record KeyMismatch(PeerId expected, PeerId answered, String where) implements CutlassEvent {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onKeyMismatch(this);
        }

        @Override
        public Optional<PeerId> subject() {
            return Optional.of(expected);
        }
    }

    /** A peer calls itself as one that is known already, {@code known}, does. Show both with their fingerprints. */
    record NickClash(PeerId peer, String nick, PeerId known) implements OfPeer {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onNickClash(this);
        }
    }

    /** A peer has another nick than before. */
    record NickChanged(PeerId peer, String before, String nick) implements OfPeer {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onNickChanged(this);
        }
    }

    /**
     * A peer told from which address it sees the packets of our bound socket come, where others may dial us if no NAT or firewall is in the way; and it is not the address that it told before.
     * One peer alone may be wrong or lie. A peer that we answer from a socket of its own ({@link PeerInfo#backConnected}) tells nothing of that kind.
     */
    record AddressObserved(PeerId peer, InetSocketAddress address) implements OfPeer {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onAddressObserved(this);
        }
    }

    /** A message came. When this is handed to the handler queue the sender's receipt goes out. */
    record MessageReceived(PeerId peer, String nick, Message message) implements OfPeer {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onMessageReceived(this);
        }
    }

    /** A channel can be used for the first time: the other side accepted ours, or we accepted its. */
    record ChannelOpened(PeerId peer, String nick, ChannelInfo channel) implements OfPeer {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onChannelOpened(this);
        }
    }

    /** A message came over a channel other than the default one; as {@link MessageReceived}. */
    record ChannelMessageReceived(PeerId peer, String nick, ChannelInfo channel, Message message) implements OfPeer {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onChannelMessageReceived(this);
        }
    }

    /** A channel is over, or was refused. What was sent over it and not accepted has failed. */
    record ChannelClosed(PeerId peer, String nick, ChannelInfo channel, ChannelEnd why) implements OfPeer {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onChannelClosed(this);
        }
    }

    /** What is about a file, or a folder, on its way. {@link #transfer} is the id of the transfer, 32 hexadecimal digits. */
    sealed interface OfFile extends OfPeer {
        String transfer();

        String name();
    }

    /** A peer offers a file, or a folder, and somebody here has to decide. Expires after 24 hours. The name is safe for a file system, and a stranger's words. */
    record FileOffered(PeerId peer, String nick, String transfer, String name, long length, long files, boolean folder)
            implements OfFile {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onFileOffered(this);
        }
    }

    /** A peer asks for what we share, and somebody here has to decide. */
    record FileRequested(PeerId peer, String nick, String transfer, String name) implements OfFile {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onFileRequested(this);
        }
    }

    /** A transfer begins, or goes on after a restart: this side, or the other one, accepted it. */
    record FileAccepted(PeerId peer, String nick, String transfer, String name, boolean outgoing) implements OfFile {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onFileAccepted(this);
        }
    }

    /** A transfer did not begin: this side, or the other one, said no. */
    record FileRejected(
            PeerId peer, String nick, String transfer, String name, boolean outgoing, TransferFailure failure)
            implements OfFile {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onFileRejected(this);
        }
    }

    /** A transfer that had begun came to nothing. Where the failure says that what was received stays, it can go on. */
    record FileAborted(
            PeerId peer,
            String nick,
            String transfer,
            String name,
            boolean outgoing,
            TransferFailure failure,
            String text)
            implements OfFile {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onFileAborted(this);
        }
    }

    /** The peer has all of what we sent: verified, under its name, and on its disk. */
    record FileSent(PeerId peer, String nick, String transfer, String name, long length) implements OfFile {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onFileSent(this);
        }
    }

    /**
     * All of it is here: verified, under its name, and on disk.
     *
     * @param path where; empty if it went into a sink of the application
     */
    record FileReceived(PeerId peer, String nick, String transfer, String name, long length, Optional<Path> path)
            implements OfFile {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onFileReceived(this);
        }
    }

    /** The engine stopped because of an error of this program or this machine. The last event of an engine; it is closed. */
    record Failed(Throwable cause) implements CutlassEvent {
        @Override
        public void dispatchTo(CutlassListener listener) {
            listener.onFailed(this);
        }

        @Override
        public Optional<PeerId> subject() {
            return Optional.empty();
        }
    }
}
