package dev.cutlass.engine.jfr;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.CloseReason;
import java.util.Locale;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** The events as the flight recorder knows them. Names and fields are API: docs/observe.md lists them. */
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
final class RecordedEvents implements FlightEvents {
    /** What all have in common. */
    @Category("Cutlass")
    @StackTrace(false)
    private abstract static class PeerEvent extends Event {
        @Label("Peer")
        @Description("How its address begins; empty if anybody was welcome")
        String peer = "";
    }

    @Name("dev.cutlass.Handshake")
    @Label("Handshake")
    @Description("Both sides of a connection have its keys, or the side that dialled gave up")
    private static final class HandshakeEvent extends PeerEvent {
        @Label("Succeeded")
        boolean succeeded;

        @Label("Dialled by Us")
        boolean dialled;

        @Label("Pattern")
        String pattern = "";

        @Label("Reason of Failure")
        String reason = "";

        @Label("Time Taken")
        @Description("Since we dialled; 0 if the peer did")
        @Timespan(Timespan.NANOSECONDS)
        long took;
    }

    @Name("dev.cutlass.PathChange")
    @Label("Path Change")
    @Description("Packets of a connection go another way")
    private static final class PathChangeEvent extends PeerEvent {
        @Label("Channel")
        @Description("The socket by which they leave; 0 is the bound one")
        int channel;
    }

    @Name("dev.cutlass.PacketLoss")
    @Label("Packet Loss")
    @Description("Packets that were found lost at once")
    private static final class PacketLossEvent extends PeerEvent {
        @Label("Packets")
        long packets;

        @Label("Total")
        @Description("So far, on the present path")
        long total;
    }

    @Name("dev.cutlass.MtuChange")
    @Label("MTU Change")
    @Description("The largest datagram that is sent has another size")
    private static final class MtuChangeEvent extends PeerEvent {
        @Label("Before")
        @DataAmount
        int before;

        @Label("Size")
        @Description("Without headers of IP and UDP")
        @DataAmount
        int size;

        @Label("Cause")
        @Description(
                "search: larger ones passed; black_hole: they do not arrive any more; path: packets go another way")
        String cause = "";
    }

    @Name("dev.cutlass.Rekey")
    @Label("Rekey")
    @Description("Packets are sent under new keys")
    private static final class RekeyEvent extends PeerEvent {
        @Label("Epoch")
        long epoch;
    }

    @Name("dev.cutlass.Close")
    @Label("Close")
    @Description("A connection is over")
    private static final class CloseEvent extends PeerEvent {
        @Label("Reason")
        String reason = "";

        @Label("By Peer")
        boolean byPeer;

        @Label("Age")
        @Timespan(Timespan.NANOSECONDS)
        long age;
    }

    @Override
    public void handshakeDone(PeerId peer, boolean dialled, String pattern, long nanos) {
        final HandshakeEvent event = new HandshakeEvent();
        if (event.shouldCommit()) {
            event.peer = peer.toString();
            event.succeeded = true;
            event.dialled = dialled;
            event.pattern = pattern;
            event.took = nanos;
            event.commit();
        }
    }

    @Override
    public void handshakeFailed(@Nullable PeerId peer, String pattern, String reason, long nanos) {
        final HandshakeEvent event = new HandshakeEvent();
        if (event.shouldCommit()) {
            event.peer = peer == null ? "" : peer.toString();
            event.dialled = true;
            event.pattern = pattern;
            event.reason = reason.toLowerCase(Locale.ROOT);
            event.took = nanos;
            event.commit();
        }
    }

    @Override
    public void pathChanged(PeerId peer, int channel) {
        final PathChangeEvent event = new PathChangeEvent();
        if (event.shouldCommit()) {
            event.peer = peer.toString();
            event.channel = channel;
            event.commit();
        }
    }

    @Override
    public void packetsLost(PeerId peer, long packets, long total) {
        final PacketLossEvent event = new PacketLossEvent();
        if (event.shouldCommit()) {
            event.peer = peer.toString();
            event.packets = packets;
            event.total = total;
            event.commit();
        }
    }

    @Override
    public void packetSizeChanged(PeerId peer, int before, int size, String cause) {
        final MtuChangeEvent event = new MtuChangeEvent();
        if (event.shouldCommit()) {
            event.peer = peer.toString();
            event.before = before;
            event.size = size;
            event.cause = cause;
            event.commit();
        }
    }

    @Override
    public void rekeyed(PeerId peer, long epoch) {
        final RekeyEvent event = new RekeyEvent();
        if (event.shouldCommit()) {
            event.peer = peer.toString();
            event.epoch = epoch;
            event.commit();
        }
    }

    @Override
    public void closed(PeerId peer, CloseReason reason, boolean byPeer, long age) {
        final CloseEvent event = new CloseEvent();
        if (event.shouldCommit()) {
            event.peer = peer.toString();
            event.reason = reason.name().toLowerCase(Locale.ROOT);
            event.byPeer = byPeer;
            event.age = age;
            event.commit();
        }
    }
}
