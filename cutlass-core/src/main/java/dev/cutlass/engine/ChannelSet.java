package dev.cutlass.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.cutlass.spi.DatagramPort;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sockets beside the bound one, each for one connection; any thread. The listener alone reads them. */
final class ChannelSet {
    /** Sockets of their own that connections may have: each is a file descriptor. */
    static final int MAX_CHANNELS = 64;

    private final RankedLock lock = new RankedLock(LockRank.CHANNEL_SET);
    private final DatagramPort port;

    @GuardedBy("lock")
    private final Map<Integer, ConnectionEntry> owners = new HashMap<>();

    ChannelSet(DatagramPort port) {
        this.port = port;
    }

    /** A socket connected to this address; {@link DatagramPort#NONE} if there are too many, or the system refuses. */
    int open(ConnectionEntry owner, InetSocketAddress remote) {
        lock.lock();
        try {
            if (owners.size() >= MAX_CHANNELS) {
                return DatagramPort.NONE;
            }
            final int channel = port.connect(remote);
            if (channel != DatagramPort.NONE) {
                owners.put(channel, owner);
            }
            return channel;
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    ConnectionEntry owner(int channel) {
        lock.lock();
        try {
            return owners.get(channel);
        } finally {
            lock.unlock();
        }
    }

    /** Repeated calls do nothing. */
    void close(int channel) {
        lock.lock();
        try {
            if (owners.remove(channel) != null) {
                port.disconnect(channel);
            }
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return owners.size();
        } finally {
            lock.unlock();
        }
    }
}
