package dev.cutlass.engine;

import dev.cutlass.crypto.Identity;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.Permissions;
import dev.cutlass.event.TrustPolicy;
import dev.cutlass.proto.ConnectionConfig;
import dev.cutlass.proto.DatagramSizes;
import dev.cutlass.spi.OfflineDelivery;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The checked settings of an engine. What each means is said at the builder of the same name.
 *
 * @param inbound whether strangers who dial us are answered
 * @param handlerExecutor null: the engine's own
 * @param offline null: messages go over connections only
 * @param sink gets every event, on the handler executor
 * @param outboxHighWater bytes of a class, at most {@code outboxBytes}
 * @param maxDatagram the largest datagram that is tried where the port does not fragment
 * @param fixedDatagram the size of datagrams where it does
 * @param psks belong to the engine, which wipes them when it closes
 */
public record EngineConfig(
        Identity identity,
        String nick,
        int port,
        boolean inbound,
        @Nullable InetAddress bindAddress,
        boolean stealth,
        TrustPolicy trustPolicy,
        Permissions defaultPermissions,
        @Nullable Path home,
        boolean sealKnownPeers,
        Times times,
        int outboxMessages,
        long outboxBytes,
        long outboxHighWater,
        int maxDatagram,
        int fixedDatagram,
        @Nullable Executor handlerExecutor,
        @Nullable Offline offline,
        Consumer<CutlassEvent> sink,
        PreSharedKeys psks,
        EngineSeams seams) {
    /** Room for one message of the greatest length. */
    public static final long MIN_OUTBOX_BYTES = 128 << 10;

    /** The settings of time. */
    public record Times(Duration quiet, Duration pingInterval, Duration idle, Duration connectTimeout) {}

    /** How messages go to peers that are away for longer than this. */
    public record Offline(OfflineDelivery delivery, Duration away) {}

    /** What of this a connection follows. */
    ConnectionConfig connections(boolean isUnfragmented) {
        return ConnectionConfig.defaults()
                .withSilence(
                        times.quiet().toNanos(),
                        times.pingInterval().toNanos(),
                        times.idle().toNanos())
                .withDatagrams(isUnfragmented ? DatagramSizes.upTo(maxDatagram) : DatagramSizes.fixed(fixedDatagram));
    }

    /** Holds secrets. */
    @Override
    public String toString() {
        return "EngineConfig";
    }
}
