package dev.cutlass.proto;

import dev.cutlass.proto.recovery.CongestionController;
import dev.cutlass.proto.recovery.LossRecovery;
import dev.cutlass.wire.Frame;
import dev.cutlass.wire.RetireConnectionIdFrame;
import java.util.function.Supplier;

/** What {@link Paths} want of their connection. */
final class PathHost {
    private final Connection connection;
    private final Supplier<? extends CongestionController> congestion;

    PathHost(Connection connection, Supplier<? extends CongestionController> congestion) {
        this.connection = connection;
        this.congestion = congestion;
    }

    RemoteIds remoteIds() {
        return connection.remoteIds();
    }

    /** An id begins to be used. */
    LossRecovery<Frame[]> recoveryOf(RemoteId via) {
        return via.use(congestion, connection.sender().losses(), connection.random());
    }

    /** The peer's id is used no more. */
    void retire(RemoteId via) {
        connection.remoteIds().retire(via);
        connection.sender().requestControl(new RetireConnectionIdFrame(via.sequence()));
    }

    /** Everything goes there from now on. What the last path swallowed should not wait for its timeouts. */
    void used(Path path, long now) {
        connection.sender().probe(path.recovery(), now);
        connection.output(new Output.PathUsed(path.address(), path.channel()));
    }

    void free(int channel) {
        connection.output(new Output.ChannelFree(channel));
    }
}
