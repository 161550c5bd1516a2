package dev.cutlass.proto;

import dev.cutlass.proto.recovery.AckTracker;
import dev.cutlass.wire.CloseCode;
import dev.cutlass.wire.CloseFrame;
import dev.cutlass.wire.Decoded;
import dev.cutlass.wire.Frame;
import dev.cutlass.wire.FrameReader;
import dev.cutlass.wire.Malformed;
import dev.cutlass.wire.NewConnectionIdFrame;
import dev.cutlass.wire.PacketHeader;
import dev.cutlass.wire.PathChallengeFrame;
import dev.cutlass.wire.PathResponseFrame;
import dev.cutlass.wire.UnknownFrame;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens datagrams: docs/protocol.md section 4.3. Nothing is acted on before the tag held; until then nothing but a counter of drops
 * changes. Works in place; what is kept of a packet is copied.
 */
final class PacketReceiver {
    private final Connection connection;
    private final Lifecycle lifecycle;
    private final TimerActions timerActions;
    private final FrameHandlers handlers;
    private long @Nullable [] drops; // most connections never drop anything

    // For one packet after the other; null at rest.
    private @Nullable PacketHeader spareHeader;
    private @Nullable FrameReader spareReader;

    private long packets;
    private long bytes;

    /** The id that packets of the primary path name. */
    private long primaryPathId;

    PacketReceiver(Connection connection, Lifecycle lifecycle, TimerActions timerActions, FrameHandlers handlers) {
        this.connection = connection;
        this.lifecycle = lifecycle;
        this.timerActions = timerActions;
        this.handlers = handlers;
    }

    @SuppressWarnings("EnumOrdinal") // the index of an array of our own
    long drops(PacketDrop reason) {
        return drops == null ? 0 : drops[reason.ordinal()];
    }

    @SuppressWarnings("EnumOrdinal") // the index of an array of our own
    void drop(PacketDrop reason) {
        long[] counts = drops;
        if (counts == null) {
            counts = new long[PacketDrop.values().length];
            drops = counts;
        }
        counts[reason.ordinal()]++;
    }

    private PacketHeader header() {
        PacketHeader present = spareHeader;
        if (present == null) {
            present = new PacketHeader();
            spareHeader = present;
        }
        return present;
    }

    /** Frames that are traced are objects of their own: others count until the next one is read. */
    private FrameReader reader(byte[] datagram, int offset, int length) {
        if (connection.trace() != ConnectionTrace.NONE) {
            return new FrameReader(datagram, offset, length);
        }
        FrameReader present = spareReader;
        if (present == null) {
            present = new FrameReader();
            spareReader = present;
        }
        present.begin(datagram, offset, length);
        return present;
    }

    /** Gives back the memory that reading takes. */
    void trim() {
        spareHeader = null;
        spareReader = null;
    }

    long packets() {
        return packets;
    }

    long bytes() {
        return bytes;
    }

    void handle(byte[] datagram, int offset, int length, InetSocketAddress from, int channel, long now) {
        if (length < PacketHeader.MIN_PACKET_LENGTH) {
            drop(PacketDrop.LENGTH);
            return;
        }
        final LocalId local = connection.localIds().find(PacketHeader.connectionId(datagram, offset));
        if (local == null) {
            drop(PacketDrop.UNKNOWN_ID);
            return;
        }
        final EpochKeys keys = connection.keys();
        keys.unprotect(datagram, offset);
        final PacketHeader header = header();
        header.reread(datagram, offset);
        if (header.length() + PacketHeader.TAG_LENGTH > length) {
            drop(PacketDrop.LENGTH);
            return;
        }
        final long number = header.restoreNumber(local.largest());
        if (!keys.canOpen(header.epoch())) {
            drop(PacketDrop.NO_KEY);
            return;
        }
        if (!local.isFresh(number)) {
            drop(PacketDrop.REPLAYED);
            return;
        }
        final int plain =
                keys.open(header.epoch(), local.sequence(), number, datagram, offset, header.length(), length, now);
        if (plain < 0) {
            drop(PacketDrop.FORGED);
            if (keys.isForgeryLimitReached()) {
                connection.end(CloseCode.KEY_LIMIT, "too many packets failed to open", now);
            }
            return;
        }
        connection.rekeying().onOpened(header.epoch(), now);
        packets++;
        bytes += length;
        final boolean newest = local.commit(number);
        handlers.source().fill(from, channel, local.sequence() != primaryPathId, length);
        final FrameReader frames = reader(datagram, offset + header.length(), plain);
        onAuthentic(local, header, number, newest, frames, now);
        frames.end();
    }

    private void onAuthentic(
            LocalId local, PacketHeader header, long number, boolean newest, FrameReader frames, long now) {
        if (!lifecycle.onAuthentic(now)) {
            drop(PacketDrop.OVER);
            lifecycle.onStraggler(hasClose(frames), now);
            return;
        }
        timerActions.onReceived(now);
        if (header.reserved() != 0) {
            connection.end(CloseCode.PROTOCOL_VIOLATION, "reserved bits", now);
            return;
        }
        final PacketSource source = handlers.source();
        connection.paths().onReceived(source);
        final AckTracker acks = local.startAcks();
        boolean eliciting = false;
        boolean more = false;
        final List<Frame> traced = connection.trace() == ConnectionTrace.NONE ? null : new ArrayList<>();
        for (Decoded decoded = frames.next(); decoded != null; decoded = frames.next()) {
            if (traced != null && decoded instanceof Frame frame) {
                traced.add(frame);
            }
            more |= !isPathFrame(decoded);
            eliciting |= !(decoded instanceof Frame frame) || frame.isAckEliciting();
            dispatch(decoded, now);
            if (!connection.state().isLive()) {
                return;
            }
        }
        acks.onReceived(number, eliciting, now);
        if (traced != null) {
            connection.trace().packetReceived(local.sequence(), number, source.bytes(), traced, now);
        }
        if (newest && more) {
            connection.paths().onNewest(source, now);
            if (connection.paths().primary().address().equals(source.address())) {
                primaryPathId = local.sequence();
            }
        }
    }

    private void dispatch(Decoded decoded, long now) {
        if (decoded instanceof Frame frame) {
            if (connection.admission().accepts(frame)) {
                if (connection.admission().onImplied(frame)) {
                    connection.output(new Output.Admitted());
                }
                frame.dispatchTo(handlers, now);
            } else {
                connection.end(CloseCode.FLOW_CONTROL, "not admitted yet", now);
            }
        } else if (decoded instanceof UnknownFrame unknown) {
            if (!unknown.isIgnorable()) {
                connection.end(CloseCode.UNKNOWN_FRAME, "", now);
            }
        } else if (decoded instanceof Malformed) {
            connection.end(CloseCode.PROTOCOL_VIOLATION, "malformed frame", now);
        }
    }

    /** RFC 9000 section 9.1: a packet with nothing but these is a probe and moves nothing. */
    private static boolean isPathFrame(Decoded decoded) {
        return decoded instanceof PathChallengeFrame
                || decoded instanceof PathResponseFrame
                || decoded instanceof NewConnectionIdFrame;
    }

    private static boolean hasClose(FrameReader frames) {
        for (Decoded decoded = frames.next(); decoded != null; decoded = frames.next()) {
            if (decoded instanceof CloseFrame) {
                return true;
            }
        }
        return false;
    }
}
