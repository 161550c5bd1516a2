package dev.cutlass.proto;

import dev.cutlass.proto.message.ConversationLimits;
import dev.cutlass.proto.recovery.Bbr;
import dev.cutlass.proto.recovery.CongestionController;
import dev.cutlass.wire.MessageFrame;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The settings of a connection. Times in nanoseconds.
 *
 * @param quietNanos silence after which a PING goes out: docs/protocol.md section 5.3
 * @param pingNanos least time between two such PINGs
 * @param idleNanos silence after which the connection is over
 * @param admissionNanos how long somebody may take to decide about admission: docs/protocol.md section 3.8
 * @param messageWindow bytes of messages of one class that the peer may have under way and undelivered in the beginning, each counted with
 *     {@link #MESSAGE_OVERHEAD}; at least {@link #MIN_MESSAGE_WINDOW}. On a path that needs more it grows, to at most
 *     {@value dev.cutlass.proto.message.ConversationLimits#MAX_WINDOW_GROWTH} times as much
 * @param epochNanos how long keys are used at most while data of the application flows: docs/protocol.md section 4.6
 * @param datagrams how large they may be
 * @param congestion makes the congestion controller of a path that data begins to flow on
 */
public record ConnectionConfig(
        long quietNanos,
        long pingNanos,
        long idleNanos,
        long admissionNanos,
        long messageWindow,
        long epochNanos,
        DatagramSizes datagrams,
        Supplier<? extends CongestionController> congestion) {
    /** What a message costs beside its bytes: docs/protocol.md section 5.2. */
    public static final int MESSAGE_OVERHEAD = ConversationLimits.OVERHEAD;

    /** Below, a sender could wait for room for one message while the receiver waits for a reason to give some: see Admission. */
    public static final long MIN_MESSAGE_WINDOW = 4L * (MessageFrame.MAX_TOTAL + MESSAGE_OVERHEAD);

    /** Sixteen messages of the greatest length. */
    private static final long DEFAULT_MESSAGE_WINDOW = 16L * (MessageFrame.MAX_TOTAL + MESSAGE_OVERHEAD);

    private static final long MIN_TIME = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MAX_TIME = TimeUnit.DAYS.toNanos(365);

    public ConnectionConfig {
        checkTime("quietNanos", quietNanos);
        checkTime("pingNanos", pingNanos);
        checkTime("idleNanos", idleNanos);
        checkTime("admissionNanos", admissionNanos);
        checkTime("epochNanos", epochNanos);
        if (messageWindow < MIN_MESSAGE_WINDOW || messageWindow > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "messageWindow " + messageWindow + ": " + MIN_MESSAGE_WINDOW + " to " + Integer.MAX_VALUE);
        }
    }

    private static void checkTime(String name, long nanos) {
        if (nanos < MIN_TIME || nanos > MAX_TIME) {
            throw new IllegalArgumentException(name + " " + nanos + ": 1 ms to 365 days");
        }
    }

    /** The times of docs/protocol.md and {@link Bbr}: docs/transport.md says why. */
    public static ConnectionConfig defaults() {
        return new ConnectionConfig(
                TimeUnit.SECONDS.toNanos(15),
                TimeUnit.SECONDS.toNanos(10),
                TimeUnit.SECONDS.toNanos(60),
                TimeUnit.SECONDS.toNanos(120),
                DEFAULT_MESSAGE_WINDOW,
                TimeUnit.MINUTES.toNanos(2),
                DatagramSizes.fixed(DatagramSizes.BASE),
                Bbr::new);
    }

    /** The same with another congestion controller for every new path. */
    public ConnectionConfig withCongestion(Supplier<? extends CongestionController> controllers) {
        return new ConnectionConfig(
                quietNanos, pingNanos, idleNanos, admissionNanos, messageWindow, epochNanos, datagrams, controllers);
    }

    /** The same with other times of silence. */
    public ConnectionConfig withSilence(long quiet, long ping, long idle) {
        return new ConnectionConfig(
                quiet, ping, idle, admissionNanos, messageWindow, epochNanos, datagrams, congestion);
    }

    /** The same with another age of keys. */
    public ConnectionConfig withEpoch(long nanos) {
        return new ConnectionConfig(
                quietNanos, pingNanos, idleNanos, admissionNanos, messageWindow, nanos, datagrams, congestion);
    }

    /** The same with other sizes of datagrams. */
    public ConnectionConfig withDatagrams(DatagramSizes sizes) {
        return new ConnectionConfig(
                quietNanos, pingNanos, idleNanos, admissionNanos, messageWindow, epochNanos, sizes, congestion);
    }
}
