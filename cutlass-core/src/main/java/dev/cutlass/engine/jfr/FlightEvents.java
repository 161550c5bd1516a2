package dev.cutlass.engine.jfr;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.CloseReason;
import org.jspecify.annotations.Nullable;

/**
 * What is worth an event of the flight recorder: docs/observe.md. Calls cost next to nothing while no recording asks for the event. Times in nanoseconds; peers
 * appear as {@link PeerId#toString} shortens them; addresses and keys never.
 */
public interface FlightEvents {
    /** Hears everything and tells nobody. */
    FlightEvents NONE = new FlightEvents() {};

    /** To the flight recorder; to nobody where the JDK's module {@code jdk.jfr} is missing. */
    static FlightEvents ofThisRuntime() {
        try {
            Class.forName("jdk.jfr.Event", false, FlightEvents.class.getClassLoader());
            return new RecordedEvents();
        } catch (ClassNotFoundException | LinkageError missing) {
            return NONE;
        }
    }

    /**
     * Both sides have the keys.
     *
     * @param nanos since we dialled; 0 if the peer did
     */
    default void handshakeDone(PeerId peer, boolean dialled, String pattern, long nanos) {}

    /**
     * A handshake that we began came to nothing.
     *
     * @param peer who was expected; null if anybody was welcome
     */
    default void handshakeFailed(@Nullable PeerId peer, String pattern, String reason, long nanos) {}

    /**
     * Packets go another way.
     *
     * @param channel the socket by which they leave now; 0 is the bound one
     */
    default void pathChanged(PeerId peer, int channel) {}

    /**
     * One ACK or deadline told that packets are lost.
     *
     * @param total so far, on the present path
     */
    default void packetsLost(PeerId peer, long packets, long total) {}

    /**
     * Packets may be of another size than before.
     *
     * @param size of the largest datagram in bytes, without headers of IP and UDP
     * @param cause {@code search}: so large ones passed; {@code black_hole}: large ones do not arrive any more; {@code path}: packets go another way
     */
    default void packetSizeChanged(PeerId peer, int before, int size, String cause) {}

    /** Packets are sent under the keys of this epoch. */
    default void rekeyed(PeerId peer, long epoch) {}

    default void closed(PeerId peer, CloseReason reason, boolean byPeer, long age) {}
}
