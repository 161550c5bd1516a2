package dev.cutlass.proto;

import dev.cutlass.proto.message.LazyQueue;
import java.util.random.RandomGenerator;

/** What the parts of a {@link Connection} share: keys, ids, admission, channels, timers, and where outputs go. */
abstract class ConnectionParts {
    final RandomGenerator random;
    final EpochKeys keys;
    final LocalIds localIds;
    final RemoteIds remoteIds;
    final Admission admission;
    final Channels channels;
    final KeepAlive keepAlive;
    final TimerTable timers = new TimerTable();
    final LazyQueue<Output> outputs = new LazyQueue<>();
    ConnectionTrace trace = ConnectionTrace.NONE;

    ConnectionParts(
            ConnectionConfig config, ConnectionStart start, RandomGenerator random, KeyLimits limits, long now) {
        this.random = random;
        keys = new EpochKeys(start, limits);
        localIds = new LocalIds(start.localId(), random);
        remoteIds = new RemoteIds(start.remoteId());
        admission = new Admission(config.messageWindow());
        channels = new Channels(start.evenChannels());
        keepAlive = new KeepAlive(config, random, now);
    }

    /** A further output, for the next {@link Connection#poll}. */
    void output(Output output) {
        outputs.add(output);
    }

    /** Who hears of all that happens. */
    ConnectionTrace trace() {
        return trace;
    }

    EpochKeys keys() {
        return keys;
    }

    LocalIds localIds() {
        return localIds;
    }

    RemoteIds remoteIds() {
        return remoteIds;
    }

    Admission admission() {
        return admission;
    }

    Channels channels() {
        return channels;
    }

    KeepAlive keepAlive() {
        return keepAlive;
    }

    TimerTable timers() {
        return timers;
    }

    RandomGenerator random() {
        return random;
    }
}
