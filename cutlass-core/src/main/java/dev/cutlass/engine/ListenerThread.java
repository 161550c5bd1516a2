package dev.cutlass.engine;

import dev.cutlass.event.DropReason;
import dev.cutlass.proto.handshake.Verdict;
import dev.cutlass.spi.DatagramPort;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Thread "cutlass-listener". Sole reader of the port. Nothing asymmetric happens here, and no code of the application but by a direct executor. */
final class ListenerThread implements Runnable, DatagramPort.Receiver {
    /** Bounded, so that one loud peer delays a look at whether the engine ends by some milliseconds only. */
    private static final int BATCH = 256;

    private static final long MAX_WAIT_NANOS = 60_000_000_000L;

    private final Handle handle;
    private final DatagramPort port;
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
        return port.receive(this, BATCH);
    }

    @Override
    public void onDatagram(byte[] buffer, int offset, int length, InetSocketAddress from, int channel) {
        if (length < Long.BYTES) {
            handle.count(DropReason.LENGTH);
            return;
        }
        final long id = ByteBuffer.wrap(buffer, offset, Long.BYTES).getLong();
        final ConnectionEntry entry = handle.table().connection(id);
        if (entry != null) {
            handle.driver().packet(entry, buffer, offset, length, from, channel, now);
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
