package dev.cutlass;

import dev.cutlass.engine.EngineConfig;
import dev.cutlass.proto.DatagramSizes;
import dev.cutlass.wire.Bytes;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What may be set at a {@link CutlassBuilder}. Each check throws {@link IllegalArgumentException}, which names the setting, its value and what is allowed. Any thread: it has no state.
 */
final class AllowedSettings {
    /** The smallest and the largest of all durations that can be set. */
    private static final Duration SHORTEST = Duration.ofMillis(100);

    private static final Duration LONGEST = Duration.ofHours(24);
    private static final int MAX_PORT = 65_535;
    private static final int PSK_LENGTH = 32;
    private static final int DEVICE_KEY_LENGTH = 32;
    private static final int MAX_OUTBOX_MESSAGES = 1_000_000;
    private static final long MAX_OUTBOX_BYTES = 1L << 40;

    private AllowedSettings() {}

    static void checkPort(int port) {
        require(port >= 0 && port <= MAX_PORT, "port", port, "0 (outbound only) to " + MAX_PORT);
    }

    static void checkTimes(EngineConfig.Times times, EngineConfig.@Nullable Offline offline) {
        checkDuration("quiet", times.quiet());
        checkDuration("pingInterval", times.pingInterval());
        checkDuration("idle", times.idle());
        checkDuration("connectTimeout", times.connectTimeout());
        if (offline != null) {
            checkDuration("offlineDelivery", offline.away());
        }
        require(
                times.idle().compareTo(times.quiet()) > 0,
                "idle",
                times.idle(),
                "more than quiet, which is " + times.quiet());
    }

    private static void checkDuration(String name, Duration value) {
        require(
                value.compareTo(SHORTEST) >= 0 && value.compareTo(LONGEST) <= 0,
                name,
                value,
                SHORTEST + " to " + LONGEST);
    }

    static void checkOutbox(int messages, long bytes, long highWater) {
        require(
                messages >= 1 && messages <= MAX_OUTBOX_MESSAGES,
                "outboxMessages",
                messages,
                "1 to " + MAX_OUTBOX_MESSAGES);
        require(
                bytes >= EngineConfig.MIN_OUTBOX_BYTES && bytes <= MAX_OUTBOX_BYTES,
                "outboxBytes",
                bytes,
                EngineConfig.MIN_OUTBOX_BYTES + " to " + MAX_OUTBOX_BYTES);
        require(
                highWater >= 1 && highWater <= bytes,
                "outboxHighWater",
                highWater,
                "1 to outboxBytes, which is " + bytes);
    }

    static void checkDatagram(String name, int bytes) {
        require(
                bytes >= DatagramSizes.BASE && bytes <= DatagramSizes.LARGEST,
                name,
                bytes,
                DatagramSizes.BASE + " to " + DatagramSizes.LARGEST);
    }

    /** Says their lengths only. */
    static void checkPsks(Collection<byte[]> psks) {
        psks.forEach(psk -> require(psk.length == PSK_LENGTH, "psk", psk.length + " bytes", "32 bytes"));
    }

    static void checkPskDevices(Collection<? extends Collection<Bytes>> devices) {
        devices.forEach(keys -> keys.forEach(
                key -> require(key.length() == DEVICE_KEY_LENGTH, "pskDevice", key.length() + " bytes", "32 bytes")));
    }

    private static void require(boolean condition, String setting, Object value, String allowed) {
        if (!condition) {
            throw new IllegalArgumentException(setting + ": " + value + "; allowed: " + allowed);
        }
    }
}
