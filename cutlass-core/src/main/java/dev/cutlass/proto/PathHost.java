package dev.cutlass.proto;

import dev.cutlass.proto.recovery.LossRecovery;
import dev.cutlass.wire.RetireConnectionIdFrame;

/** What {@link Paths} want of their connection. */
final class PathHost {
    private final Connection connection;
    private final ConnectionConfig config;

    PathHost(Connection connection, ConnectionConfig config) {
        this.connection = connection;
        this.config = config;
    }

    RemoteIds remoteIds() {
        return connection.remoteIds();
    }

    /** An id begins to be used. */
    LossRecovery<SentFrames> recoveryOf(RemoteId via) {
        return via.use(config.congestion(), connection.sender().lossesOn(via.sequence()), connection.random());
    }

    /** What is known of the size of a new path: nothing. */
    PathMtu newMtu() {
        return new PathMtu(config.datagrams(), connection.random());
    }

    /** The peer's id is used no more. */
    void retire(RemoteId via) {
        connection.remoteIds().retire(via);
        connection.sender().requestControl(new RetireConnectionIdFrame(via.sequence()));
    }

    /** Everything goes there from now on. What the last path swallowed should not wait for its timeouts. */
    void used(Path path, long now) {
        path.recovery().setDatagramBytes(path.mtu().size());
        connection.sender().probe(path.recovery(), now);
        connection.output(new Output.PathUsed(path.address(), path.channel()));
    }

    void free(int channel) {
        connection.output(new Output.ChannelFree(channel));
    }
}
