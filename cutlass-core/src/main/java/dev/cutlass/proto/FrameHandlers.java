package dev.cutlass.proto;

import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.recovery.LossRecovery;
import dev.cutlass.proto.recovery.LossRecovery.AckResult;
import dev.cutlass.wire.AckFrame;
import dev.cutlass.wire.CloseCode;
import dev.cutlass.wire.CloseFrame;
import dev.cutlass.wire.CryptoFrame;
import dev.cutlass.wire.Frame;
import dev.cutlass.wire.LimitsFrame;
import dev.cutlass.wire.MessageClass;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.NewConnectionIdFrame;
import dev.cutlass.wire.NickFrame;
import dev.cutlass.wire.OpenFrame;
import dev.cutlass.wire.OpenedFrame;
import dev.cutlass.wire.PathChallengeFrame;
import dev.cutlass.wire.PathResponseFrame;
import dev.cutlass.wire.PingFrame;
import dev.cutlass.wire.PongFrame;
import dev.cutlass.wire.ReceiptFrame;
import dev.cutlass.wire.RetireConnectionIdFrame;

/** Reacts to the frames of authentic packets. A frame counts during the call only: what is kept of it is copied. */
final class FrameHandlers implements Frame.Handler {
    /** A peer that starts two connections' worth of PINGs at once still gets its answers. */
    private static final int PONG_BURST = 4;

    private final Connection connection;
    private final Conversation conversation;
    private final PacketSender sender;
    private final Lifecycle lifecycle;
    private final RateLimit pongLimit = new RateLimit(PONG_BURST);
    private final PacketSource source;

    FrameHandlers(
            Connection connection,
            Conversation conversation,
            PacketSender sender,
            Lifecycle lifecycle,
            PacketSource source) {
        this.connection = connection;
        this.conversation = conversation;
        this.sender = sender;
        this.lifecycle = lifecycle;
        this.source = source;
    }

    /** Of the packet that the next frames are from: to be filled before. */
    PacketSource source() {
        return source;
    }

    @Override
    public void onAck(AckFrame frame, long now) {
        final RemoteId remote = connection.remoteIds().bySequence(frame.pathId());
        if (remote == null) {
            if (!connection.remoteIds().wasSeen(frame.pathId())) {
                violation("ACK of an unknown path", now);
            }
            return; // a path that we gave up
        }
        final LossRecovery<SentFrames> recovery = remote.recovery();
        if (recovery == null || recovery.onAck(frame.ranges(), frame.delayMicros(), now) == AckResult.NEVER_SENT) {
            violation("ACK of a packet that was never sent", now);
            return;
        }
        connection.paths().onAck(frame.pathId(), frame.ranges(), now);
    }

    @Override
    public void onClose(CloseFrame frame, long now) {
        lifecycle.onClose(frame, now);
    }

    @Override
    public void onCrypto(CryptoFrame frame, long now) {
        if (!connection.rekeying().receive(frame)) {
            violation("writes too far ahead on the CRYPTO stream", now);
        }
    }

    @Override
    public void onLimits(LimitsFrame frame, long now) {
        if (connection.admission().onLimits(frame)) {
            connection.output(new Output.Admitted());
        }
    }

    @Override
    public void onMessage(MessageFrame frame, long now) {
        connection.rekeying().onData(now);
        if (connection.channels().onImplied(frame.channel())) {
            opened(frame.channel(), OpenedFrame.ACCEPTED); // its OPENED is late, or lost
        }
        final MessageClass messageClass = connection.channels().classOf(frame.channel());
        final Conversation part = conversation.of(messageClass);
        final int started = connection.channels().isOpen(frame.channel())
                ? part.onMessage(connection, frame, now)
                : part.refuseUnknownChannel(connection, frame);
        if (started == Conversation.VIOLATION || !connection.admission().onStartedByPeer(messageClass, started)) {
            connection.end(CloseCode.FLOW_CONTROL, "more messages than the limit allows", now);
        }
    }

    @Override
    public void onReceipt(ReceiptFrame frame, long now) {
        conversation.of(connection.channels().classOf(frame.channel())).onReceipt(connection, frame);
    }

    @Override
    public void onNewConnectionId(NewConnectionIdFrame frame, long now) {
        if (connection.remoteIds().add(frame) == RemoteIds.Added.VIOLATION) {
            violation("too many connection ids, or one number twice", now);
            return;
        }
        for (RemoteId unused : connection.remoteIds().unusedBelow(frame.retirePriorTo())) {
            connection.paths().retire(unused);
        }
        connection.paths().retireBelow(frame.retirePriorTo(), now);
    }

    @Override
    public void onRetireConnectionId(RetireConnectionIdFrame frame, long now) {
        final LocalIds ids = connection.localIds();
        if (!ids.wasIssued(frame.sequence())) {
            violation("retires a connection id that was never issued", now);
            return;
        }
        final LocalId retired = ids.retire(frame.sequence());
        if (retired != null) {
            connection.output(new Output.IdRetired(retired.id()));
        }
        connection.issueIds();
    }

    @Override
    public void onNick(NickFrame frame, long now) {
        connection.output(new Output.RemoteNick(frame.nick()));
    }

    @Override
    public void onOpen(OpenFrame frame, long now) {
        switch (connection.channels().onOpen(frame)) {
            case NEW ->
                connection.output(new Output.OpenRequested(
                        frame.channel(),
                        connection.channels().classOf(frame.channel()),
                        frame.version(),
                        frame.service()));
            case PENDING -> {} // the application's answer is on its way
            case REPEATED -> answer(frame, OpenedFrame.ACCEPTED);
            case TOO_MANY -> answer(frame, OpenedFrame.NOT_PERMITTED);
            case KIND_NOT_SUPPORTED -> answer(frame, OpenedFrame.KIND_NOT_SUPPORTED);
            case VIOLATION -> violation("opens a channel with a number that it may not give", now);
        }
    }

    private void answer(OpenFrame frame, long code) {
        sender.requestControl(new OpenedFrame(frame.channel(), code));
    }

    @Override
    public void onOpened(OpenedFrame frame, long now) {
        if (connection.channels().onOpened(frame)) {
            opened(frame.channel(), frame.code());
        }
    }

    private void opened(long channel, long code) {
        if (code == OpenedFrame.ACCEPTED) {
            conversation.of(connection.channels().classOf(channel)).channelOpened(connection, channel);
        }
        connection.output(new Output.OpenAnswered(channel, code));
    }

    @Override
    public void onPathChallenge(PathChallengeFrame frame, long now) {
        if (connection.paths().onChallenge(frame.data(), source, now) && lifecycle.mayAnswer(now)) {
            sender.requestPing();
        }
    }

    @Override
    public void onPathResponse(PathResponseFrame frame, long now) {
        connection.paths().onResponse(frame.data(), source, now);
    }

    @Override
    public void onPing(PingFrame frame, long now) {
        if (pongLimit.tryPass(now)) {
            sender.requestPong(new PongFrame(frame.token(), source.address()));
        }
    }

    @Override
    public void onPong(PongFrame frame, long now) {
        if (sender.isOurs(frame.token())) {
            connection.output(new Output.AddressSeen(frame.seen()));
        }
    }

    private void violation(String text, long now) {
        connection.end(CloseCode.PROTOCOL_VIOLATION, text, now);
    }
}
