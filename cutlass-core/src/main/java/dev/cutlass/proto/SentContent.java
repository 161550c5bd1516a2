package dev.cutlass.proto;

import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.recovery.LossRecovery;
import dev.cutlass.wire.AckFrame;
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
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What becomes of frames whose packet was acknowledged or lost: content goes out again in new packets, never the packet. */
final class SentContent implements LossRecovery.Listener<Frame[]> {
    private static final Frame[] NOTHING = {};

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

    /** What somebody wants to hear about later; null if nothing. */
    static Frame @Nullable [] of(List<Frame> frames) {
        final Frame[] all = frames.toArray(NOTHING);
        int count = 0;
        for (Frame frame : all) {
            if (isContent(frame)) {
                all[count++] = frame;
            }
        }
        return count == 0 ? null : count == all.length ? all : Arrays.copyOf(all, count);
    }

    /** PING, PONG and PATH frames are not repeated: their senders ask anew. */
    private static boolean isContent(Frame frame) {
        return !(frame instanceof PingFrame
                || frame instanceof PongFrame
                || frame instanceof PathChallengeFrame
                || frame instanceof PathResponseFrame
                || frame instanceof CloseFrame);
    }

    @Override
    public void onAcked(Frame[] content, long now) {
        for (Frame frame : content) {
            if (frame instanceof MessageFrame fragment) {
                onAcked(fragment);
            } else if (frame instanceof AckFrame ack) {
                final LocalId local = connection.localIds().bySequence(ack.pathId());
                if (local != null && local.acks() != null) {
                    local.acks().onAckOfAck(ack.largest());
                }
            }
        }
    }

    private void onAcked(MessageFrame fragment) {
        final MessageClass messageClass = connection.channels().classOf(fragment.channel());
        conversation.of(messageClass).onFragmentAcked(connection, fragment);
        if (messageClass == MessageClass.BULK) {
            final LossRecovery<Frame[]> recovery = recovery();
            if (recovery != null) {
                recovery.onBulkAcked(fragment.encodedLength());
            }
        }
    }

    private @Nullable LossRecovery<Frame[]> recovery() {
        final RemoteId via = connection.remoteIds().bySequence(path);
        return via == null ? null : via.recovery();
    }

    private void onLost(MessageFrame fragment) {
        final MessageClass messageClass = connection.channels().classOf(fragment.channel());
        conversation.of(messageClass).onFragmentLost(connection, fragment);
        if (messageClass == MessageClass.BULK) {
            final LossRecovery<Frame[]> recovery = recovery();
            if (recovery != null) {
                recovery.onBulkLost(fragment.encodedLength());
            }
        }
    }

    @Override
    public void onPacketLost(long number, long now) {
        connection.trace().packetLost(path, number, now);
    }

    @Override
    public void onLost(Frame[] content, long now) {
        for (Frame frame : content) {
            if (frame instanceof MessageFrame fragment) {
                onLost(fragment);
            } else if (frame instanceof ReceiptFrame receipt) {
                conversation
                        .of(connection.channels().classOf(receipt.channel()))
                        .onReceiptLost(connection, receipt);
            } else if (frame instanceof LimitsFrame limits) {
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
}
