package dev.cutlass.proto;

import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.event.ConnectionInfo;
import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.recovery.Deadlines;
import dev.cutlass.wire.CloseCode;
import dev.cutlass.wire.MessageClass;
import dev.cutlass.wire.NewConnectionIdFrame;
import dev.cutlass.wire.NickFrame;
import dev.cutlass.wire.OpenedFrame;
import java.net.InetSocketAddress;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One connection with one peer as a state machine: docs/protocol.md sections 4 and 5. The states are drawn at {@link ConnectionState},
 * the timers listed in {@link Timer}.
 *
 * <p>Inputs are the public methods with a {@code now}; after each of them the caller takes what {@link #poll} has, until it is null, and
 * asks for {@link #nextDeadline}. Every connection ends with exactly one {@link Output.Closed}, after which every input is ignored.
 *
 * <p>Threads: none; one thread at a time. Times are ticker nanos; of two that come in swapped order the later counts.
 */
public final class Connection extends ConnectionParts {
    private final AeadAlgorithm aead;
    private final Conversation conversation;
    private final PacketSender sender;
    private final Paths paths;
    private final PacketReceiver receiver;
    private final Lifecycle lifecycle;
    private final TimerActions timerActions;
    private final Rekeying rekeying;
    private final long createdAt;
    private long latest;

    /**
     * A connection after its handshake.
     *
     * @param start its keys are the connection's from now on
     * @param conversation of the peer; outlives the connection
     * @param remote where the handshake's datagrams came from
     * @param channel on which they came
     */
    public Connection(
            ConnectionConfig config,
            ConnectionStart start,
            Conversation conversation,
            InetSocketAddress remote,
            int channel,
            RandomGenerator random,
            long now) {
        this(config, start, conversation, remote, channel, random, KeyLimits.of(start.aead()), now);
    }

    /** @param limits lower than the protocol's, for tests */
    Connection(
            ConnectionConfig config,
            ConnectionStart start,
            Conversation conversation,
            InetSocketAddress remote,
            int channel,
            RandomGenerator random,
            KeyLimits limits,
            long now) {
        super(config, start, random, limits, now);
        aead = start.aead();
        this.conversation = conversation;
        createdAt = now;
        latest = now;
        rekeying = new Rekeying(this, start, config.epochNanos(), now);
        sender = new PacketSender(this, conversation);
        paths = new Paths(new PathHost(this, config), random, remote, channel);
        lifecycle = new Lifecycle(this, conversation, start.remoteBootId());
        timerActions = new TimerActions(this, lifecycle);
        final FrameHandlers handlers =
                new FrameHandlers(this, conversation, sender, lifecycle, new PacketSource(remote, channel));
        receiver = new PacketReceiver(this, lifecycle, timerActions, handlers);
        timerActions.start(now + config.admissionNanos());
        if (!start.initiator()) {
            lifecycle.open();
            sender.requestPing(); // docs/protocol.md section 3.5: this is what confirms the connection to the initiator
            settle(now);
        }
    }

    /** A datagram came, and no other is there yet: {@link #receive}, which opens it in place, and {@link #flush}. */
    public void handle(byte[] datagram, int offset, int length, InetSocketAddress from, int channel, long now) {
        receive(datagram, offset, length, from, channel, now);
        flush(now);
    }

    /**
     * A datagram came whose first 8 bytes are an id of this connection. Answers to this and to what comes right behind it leave together with the next {@link #flush}, which has
     * to follow soon.
     *
     * @param datagram is opened in place: these bytes are of no use to anybody afterwards
     */
    public void receive(byte[] datagram, int offset, int length, InetSocketAddress from, int channel, long now) {
        final long at = advance(now);
        if (state() == ConnectionState.CLOSED) {
            receiver.drop(PacketDrop.OVER);
        } else {
            receiver.handle(datagram, offset, length, from, channel, at);
        }
    }

    /** Does what is due. Early and repeated calls do nothing. */
    public void handleTimeout(long now) {
        final long at = advance(now);
        timerActions.run(at);
        settle(at);
    }

    /** When {@link #handleTimeout} has something to do; {@link dev.cutlass.proto.recovery.Deadlines#NONE} after the end. */
    public long nextDeadline() {
        return timers.next();
    }

    /** We admit the peer. Messages flow when it admits us, too. Once is enough. */
    public void admit(long now) {
        final long at = advance(now);
        if (state().isLive() && admission.admit()) {
            timers.clear(Timer.ADMISSION);
            settle(at);
        }
    }

    /**
     * Ends the connection in order. What waits and fits into the window goes out first; what is not delivered stays with the conversation.
     *
     * @param text at most 128 bytes of it are sent
     */
    public void close(CloseCode code, String text, long now) {
        final long at = advance(now);
        settle(at);
        lifecycle.close(code, text, at);
        Settling.trace(this, at);
    }

    /** The conversation has something to send, or took something, or datagrams were received: does what the window allows. */
    public void flush(long now) {
        settle(advance(now));
    }

    /** Whether {@link #flush} would do nothing, whatever short messages were offered meanwhile: they wait for others to share a packet with, and a deadline is set. */
    public boolean isAhead(long now) {
        return state().isSending()
                && timers.deadline(Timer.PACE) != Deadlines.NONE
                && sender.isAhead(Math.max(now, latest));
    }

    /** Another connection with the same peer took over: docs/protocol.md section 3.7. */
    public void supersede(long now) {
        lifecycle.supersede(advance(now));
        Settling.trace(this, latest);
    }

    /** Ends at once and without a word: keys are wiped when this returns. */
    public void dispose() {
        lifecycle.dispose();
        Settling.trace(this, latest);
    }

    /** Flight 3 of this connection's handshake came again: the initiator has not heard us. At most one answer per 100 ms. */
    public void repeatConfirmation(long now) {
        final long at = advance(now);
        if (state().isSending() && lifecycle.mayAnswer(at)) {
            sender.requestPing();
            settle(at);
        }
    }

    /** Makes the keys of the next epoch, as far as that is asked for: after {@link Output.RekeyWaits}. Takes a millisecond. */
    public void rekey(long now) {
        final long at = advance(now);
        if (state().isLive()) {
            rekeying.work(at);
            settle(at);
        }
    }

    /** Sends a PING now, whatever the keep-alive says. */
    public void ping(long now) {
        final long at = advance(now);
        if (state().isSending()) {
            sender.requestPing();
            settle(at);
        }
    }

    /** We call ourselves something else. The nick is normalised: {@link dev.cutlass.wire.Nicks}. */
    public void setNick(String nick, long now) {
        sender.requestNick(new NickFrame(nick));
        settle(advance(now));
    }

    /**
     * Tries another way to the peer, under an id that was not used before: a back-connected socket, another network. Once it answered, all
     * goes there ({@link Output.PathUsed}) and the present path is what to fall back to; if it does not, {@link Output.ChannelFree}.
     */
    public void probe(InetSocketAddress address, int channel, long now) {
        final long at = advance(now);
        if (state().isSending()) {
            paths.probe(address, channel, at);
            settle(at);
        }
    }

    /**
     * Our own address may have changed: all goes on at once under an id that was not used before, so that nobody who sees both networks can
     * tell that it is the same connection; over the bound socket, with a window and a packet size that start anew.
     */
    public void networkChanged(long now) {
        final long at = advance(now);
        if (state().isSending()) {
            paths.onNetworkChanged(at);
            settle(at);
        }
    }

    /** The system says that nobody listens at the end of a channel. Anybody can forge that: it costs no more than a PING and the path. */
    public void pathFailed(int channel, long now) {
        final long at = advance(now);
        if (state().isSending()) {
            paths.onFailed(channel, at);
            sender.requestPing();
            settle(at);
        }
    }

    /**
     * Asks for an ordered channel; {@link Output.OpenAnswered} follows. To be repeated on every new connection.
     *
     * @param messageClass of the messages over it, both ways
     * @throws IllegalArgumentException if the number is not ours to give, there are too many, or the name is too long
     */
    public void open(long channel, MessageClass messageClass, long version, String service, long now) {
        sender.requestControl(channels.open(channel, messageClass, version, service));
        opened(messageClass);
        settle(advance(now));
    }

    /** Answers {@link Output.OpenRequested}; code 0 accepts, others say why not: docs/protocol.md section 5. */
    public void answerOpen(long channel, long code, long now) {
        if (channels.answer(channel, code)) {
            if (code == OpenedFrame.ACCEPTED) {
                final MessageClass messageClass = channels.classOf(channel);
                conversation.of(messageClass).channelOpened(this, channel);
                opened(messageClass);
            }
            sender.requestControl(new OpenedFrame(channel, code));
            settle(advance(now));
        }
    }

    private void opened(MessageClass messageClass) {
        if (messageClass == MessageClass.BULK) {
            admission.openBulk();
        }
    }

    /** What it wants next; null if nothing. */
    public @Nullable Output poll() {
        final Output next = outputs.poll();
        if (next == null && !keys.isBusy()) {
            trim(); // so a keep-alive leaves nothing behind
        }
        return next;
    }

    /** A packet that nobody looks at any more: it will be a later one. Not to be called is allowed, and costs an array per packet. */
    public void giveBack(Output.Transmit datagram) {
        sender.sealer().giveBack(datagram);
    }

    /**
     * Bytes for another protocol that both sides of this connection, and nobody else, can compute: docs/protocol.md section 4.1.
     *
     * @throws IllegalArgumentException if the length is out of range
     * @throws IllegalStateException after {@link Output.Closed}
     */
    public byte[] export(String label, byte[] context, int length) {
        return keys.export(label, context, length);
    }

    /** How it does. */
    public ConnectionInfo info(long now) {
        return ConnectionReport.of(this, receiver, aead, createdAt, now);
    }

    /** Who hears of all that happens from now on; {@link ConnectionTrace#NONE} ends that. */
    public void trace(ConnectionTrace listener) {
        trace = listener;
    }

    /** Who hears of all that happens. */
    @Override
    public ConnectionTrace trace() {
        return super.trace();
    }

    /** How many packets were found lost on the present path. */
    public long lostPackets() {
        return paths.primary().recovery().lostPackets();
    }

    /** The largest datagram that may be sent on the present path. */
    public int packetSize() {
        return paths.primary().mtu().size();
    }

    /** Of the keys that packets are sent under, from 0. */
    public long epoch() {
        return keys.epoch();
    }

    /** How many packets were dropped for a reason. */
    public long drops(PacketDrop why) {
        return receiver.drops(why);
    }

    /** The ids under which the peer reaches us: the first one, and those of {@link Output.IdIssued} that were not retired. */
    public void forEachId(LongConsumer action) {
        localIds.forEach(action);
    }

    /** Whether the peer is known to have the keys and nothing has ended the connection. */
    public boolean isOpen() {
        return state() == ConnectionState.OPEN;
    }

    /** Gives back the memory that traffic took, and keeps raw keys only. */
    void rest() {
        keys.rest();
        localIds.closeGaps();
        trim();
    }

    /** Gives back the memory of what is empty. */
    private void trim() {
        outputs.trim();
        sender.trim();
        receiver.trim();
        conversation.trim();
        localIds.trim();
        remoteIds.trim();
    }

    /** Closes with a code; does nothing after the end. */
    void end(CloseCode code, String text, long now) {
        lifecycle.close(code, text, now);
    }

    private void settle(long now) {
        Settling.settle(this, timerActions, now);
    }

    private long advance(long now) {
        latest = Math.max(latest, now);
        return latest;
    }

    /** Gives the peer as many ids as it may have. */
    void issueIds() {
        while (localIds.canIssue()) {
            final NewConnectionIdFrame issued = localIds.issue();
            output(new Output.IdIssued(issued.connectionId()));
            sender.requestControl(issued);
        }
    }

    ConnectionState state() {
        return lifecycle.state();
    }

    PacketSender sender() {
        return sender;
    }

    Paths paths() {
        return paths;
    }

    Rekeying rekeying() {
        return rekeying;
    }
}
