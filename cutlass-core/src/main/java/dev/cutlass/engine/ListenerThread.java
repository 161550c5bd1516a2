package dev.cutlass.engine;

import dev.cutlass.event.DropReason;
import dev.cutlass.proto.handshake.Verdict;
import dev.cutlass.spi.DatagramPort;
import dev.cutlass.wire.PacketHeader;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Thread "cutlass-listener". Sole reader of the port. Nothing asymmetric happens here, and no code of the application but by a direct executor. */
final class ListenerThread implements Runnable, DatagramPort.Receiver {
    /** Datagrams that are looked at before answers to them leave. More would make the ACKs of a fast sender late and their bursts long. */
    private static final int BATCH = 32;

    private static final long MAX_WAIT_NANOS = 60_000_000_000L;

    private final Handle handle;
    private final DatagramPort port;
    private final List<ConnectionEntry> unsettled = new ArrayList<>();
    private long now;

    ListenerThread(Handle handle, DatagramPort port) {
        this.handle = handle;
        this.port = port;
    }

    @Override
    public void run() {
        try {
            while (!handle.isOver()) {
                port.await(MAX_WAIT_NANOS); // the only place where this thread blocks
                turn(handle.now());
            }
        } catch (Throwable t) { // the edge of a thread is the one place that catches all
            handle.ending().fail(t);
        } finally {
            handle.ending().listenerEnded();
        }
    }

    /** Looks at what has arrived; returns how much that was. */
    int turn(long time) {
        now = time;
        final int count = port.receive(this, BATCH);
        for (int i = 0; i < unsettled.size(); i++) {
            handle.driver().settle(unsettled.get(i), now);
        }
        unsettled.clear();
        return count;
    }

    @Override
    public void onDatagram(byte[] buffer, int offset, int length, InetSocketAddress from, int channel) {
        if (length < Long.BYTES) {
            handle.count(DropReason.LENGTH);
            return;
        }
        final long id = PacketHeader.connectionId(buffer, offset);
        now = handle.now(); // of the turn's begin this may be an answer to a packet that had not left by then: a
        // round trip of 0
        final ConnectionEntry entry = handle.table().connection(id);
        if (entry != null) {
            if (handle.driver().packet(entry, buffer, offset, length, from, channel, now)) {
                unsettled.add(entry);
            }
        } else {
            onHandshake(handle.handshakes().check(buffer, offset, length, from, now), from, channel);
        }
    }

    private void onHandshake(Verdict verdict, InetSocketAddress from, int channel) {
        if (verdict instanceof Verdict.Rejected rejected) {
            handle.count(reason(rejected));
        } else if (verdict instanceof Verdict.Demand demand) {
            handle.count(DropReason.COOKIE);
            port.send(demand.answer(), 0, demand.answer().length, from, channel);
        } else {
            handle.arrived(new Arrival(verdict, from, channel));
        }
    }

    private static DropReason reason(Verdict.Rejected rejected) {
        return switch (rejected) {
            case LENGTH -> DropReason.LENGTH;
            case MAC -> DropReason.NOT_CUTLASS;
            case STALE -> DropReason.STAMP;
            case NO_COOKIE -> DropReason.COOKIE;
            case LAYOUT, UNKNOWN_HANDSHAKE -> DropReason.HANDSHAKE;
        };
    }

    @Override
    public void onUnreachable(int channel) {
        final ConnectionEntry entry = handle.channels().owner(channel);
        if (entry == null) {
            handle.count(DropReason.UNREACHABLE);
        } else {
            handle.driver().step(entry, (failing, time) -> failing.connection.pathFailed(channel, time), now);
        }
    }
}
