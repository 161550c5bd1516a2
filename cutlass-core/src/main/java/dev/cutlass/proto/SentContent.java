package dev.cutlass.proto;

import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.recovery.LossRecovery;
import dev.cutlass.wire.CryptoFrame;
import dev.cutlass.wire.Frame;
import dev.cutlass.wire.LimitsFrame;
import dev.cutlass.wire.MessageClass;
import dev.cutlass.wire.NewConnectionIdFrame;
import dev.cutlass.wire.NickFrame;
import dev.cutlass.wire.OpenFrame;
import dev.cutlass.wire.OpenedFrame;
import dev.cutlass.wire.RetireConnectionIdFrame;
import org.jspecify.annotations.Nullable;

/** What becomes of frames whose packet was acknowledged or lost: content goes out again in new packets, never the packet. */
final class SentContent implements LossRecovery.Listener<SentFrames> {
    private final Connection connection;
    private final Conversation conversation;
    private final PacketSender sender;
    private final long path;

    /** @param path on which the packets leave */
    SentContent(Connection connection, Conversation conversation, PacketSender sender, long path) {
        this.connection = connection;
        this.conversation = conversation;
        this.sender = sender;
        this.path = path;
    }

    @Override
    public void onAcked(SentFrames content, long now) {
        content.rewind();
        while (content.advance()) {
            switch (content.kind()) {
                case ACK -> {
                    final LocalId local = connection.localIds().bySequence(content.pathId());
                    if (local != null && local.acks() != null) {
                        local.acks().onAckOfAck(content.largest());
                    }
                }
                case FRAGMENT -> onFragmentAcked(content);
                case RECEIPT, OTHER -> {} // it arrived, and that is all
            }
        }
        sender.sealer().giveBack(content);
    }

    private void onFragmentAcked(SentFrames content) {
        final MessageClass messageClass = connection.channels().classOf(content.channel());
        conversation.of(messageClass).onFragmentAcked(connection, content.channel(), content.number(), content.back());
        if (messageClass == MessageClass.BULK) {
            final LossRecovery<SentFrames> recovery = recovery();
            if (recovery != null) {
                recovery.onBulkAcked(content.frameLength());
            }
        }
    }

    private @Nullable LossRecovery<SentFrames> recovery() {
        final RemoteId via = connection.remoteIds().bySequence(path);
        return via == null ? null : via.recovery();
    }

    @Override
    public void onPacketLost(long number, long now) {
        connection.trace().packetLost(path, number, now);
    }

    @Override
    public void onLost(SentFrames content, long now) {
        content.rewind();
        while (content.advance()) {
            switch (content.kind()) {
                case ACK -> {} // the next one says the same
                case FRAGMENT -> onFragmentLost(content);
                case RECEIPT ->
                    conversation
                            .of(connection.channels().classOf(content.channel()))
                            .onReceiptLost(connection, content.receipt());
                case OTHER -> onLost(content.other());
            }
        }
        sender.sealer().giveBack(content);
    }

    private void onFragmentLost(SentFrames content) {
        final MessageClass messageClass = connection.channels().classOf(content.channel());
        conversation
                .of(messageClass)
                .onFragmentLost(
                        connection, content.channel(), content.number(), content.offset(), content.dataLength());
        if (messageClass == MessageClass.BULK) {
            final LossRecovery<SentFrames> recovery = recovery();
            if (recovery != null) {
                recovery.onBulkLost(content.frameLength());
            }
        }
    }

    private void onLost(Frame frame) {
        if (frame instanceof LimitsFrame limits) {
            connection.admission().onLimitsLost(limits);
        } else if (frame instanceof NickFrame lost) {
            sender.repeatNick(lost);
        } else if (frame instanceof NewConnectionIdFrame issued) {
            if (connection.localIds().isValid(issued.sequence())) {
                sender.requestControl(issued);
            }
        } else if (frame instanceof RetireConnectionIdFrame
                || frame instanceof CryptoFrame
                || frame instanceof OpenFrame
                || frame instanceof OpenedFrame) {
            sender.requestControl(frame);
        }
    }
}
