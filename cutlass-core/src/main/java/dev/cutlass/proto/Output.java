package dev.cutlass.proto;

import dev.cutlass.event.CloseReason;
import dev.cutlass.wire.MessageClass;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a connection wants, in order: {@link Connection#poll}. */
public sealed interface Output {
    /**
     * Send a datagram. The receiver's to keep, or to {@link Connection#giveBack}: then it is another one later, and nobody may look at it any more.
     */
    final class Transmit implements Output {
        private final byte[] datagram;
        private int length;
        private @Nullable InetSocketAddress to;
        private int channel;

        Transmit(byte[] datagram) {
            this.datagram = datagram;
        }

        void fill(int newLength, InetSocketAddress address, int newChannel) {
            length = newLength;
            to = address;
            channel = newChannel;
        }

        /** Its first {@link #length} bytes count. */
        public byte[] datagram() {
            return datagram;
        }

        public int length() {
            return length;
        }

        public InetSocketAddress to() {
            return Objects.requireNonNull(to);
        }

        public int channel() {
            return channel;
        }

        @Override
        public String toString() {
            return "Transmit[" + length + " bytes, channel " + channel + "]";
        }
    }

    /** The first packet of the peer verified: both sides have the keys. Comes from an initiator's connection only. */
    record Confirmed() implements Output {}

    /** The peer admits us: messages flow as soon as we admit it, too. */
    record Admitted() implements Output {}

    /** Where the peer says that our packets come from. */
    record AddressSeen(InetSocketAddress address) implements Output {
        @Override
        public String toString() {
            return "AddressSeen";
        }
    }

    /** Packets with this id belong to this connection from now on. */
    record IdIssued(long id) implements Output {
        @Override
        public String toString() {
            return "IdIssued";
        }
    }

    /** Packets with this id no longer belong to this connection. The ids that are left end with {@link Closed}. */
    record IdRetired(long id) implements Output {
        @Override
        public String toString() {
            return "IdRetired";
        }
    }

    /** The peer calls itself something else. */
    record RemoteNick(String nick) implements Output {}

    /** From now on packets go there: a probe of ours held, or the peer moved. */
    record PathUsed(InetSocketAddress address, int channel) implements Output {
        @Override
        public String toString() {
            return "PathUsed[channel " + channel + "]";
        }
    }

    /** The connection no longer uses this channel, which is not 0: close it. */
    record ChannelFree(int channel) implements Output {}

    /** The peer asks for a channel with a service; {@link Connection#answerOpen} answers. */
    record OpenRequested(long channel, MessageClass messageClass, long version, String service) implements Output {}

    /** The peer answered our {@link Connection#open}; code 0 means that the channel may be used. docs/protocol.md section 5. */
    record OpenAnswered(long channel, long code) implements Output {}

    /** Three probe timeouts without an answer: dial anew beside this connection, the peer may have been restarted. Once per silence. */
    record Suspect() implements Output {}

    /** New keys are to be made or a proposal answered: call {@link Connection#rekey} on a thread that has a millisecond to spare. */
    record RekeyWaits() implements Output {}

    /** The key has few packets left, and there is no new one: dial anew. Once in an epoch. */
    record RekeyNeeded() implements Output {}

    /**
     * Over for the application: no message comes or goes any more. Comes exactly once, before {@link Closed}.
     *
     * @param orderly somebody wanted it, as opposed to silence
     * @param text what the peer, or we, gave as a reason; may be empty; not to be trusted if it is the peer's
     */
    record Ending(CloseReason reason, boolean orderly, boolean byPeer, String text) implements Output {}

    /** The last output, exactly once: ids, channels and the connection may be forgotten; the keys are wiped. */
    record Closed(CloseReason reason, boolean orderly) implements Output {}
}
