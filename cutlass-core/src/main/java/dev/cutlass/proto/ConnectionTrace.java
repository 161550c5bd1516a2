package dev.cutlass.proto;

import dev.cutlass.proto.recovery.LossRecovery;
import dev.cutlass.wire.Frame;
import java.util.List;

/**
 * Hears all that a connection does, while somebody wants to know. The calls come in the midst of it: they must be quick, must not call back, and must keep no frame, for frames
 * carry what people say. Times are ticker nanos; a path is named by the sequence number of its id.
 */
public interface ConnectionTrace {
    /** The usual one: nobody listens. */
    ConnectionTrace NONE = new ConnectionTrace() {};

    /**
     * A packet left.
     *
     * @param bytes of the whole datagram
     */
    default void packetSent(long path, long number, int bytes, List<Frame> frames, long now) {}

    /**
     * An authentic packet came and was acted on.
     *
     * @param frames those of types that we know
     */
    default void packetReceived(long path, long number, int bytes, List<Frame> frames, long now) {}

    default void packetLost(long path, long number, long now) {}

    /**
     * An input was dealt with.
     *
     * @param state in capitals, as {@code OPEN}
     * @param epoch of the keys that packets are sent under
     * @param recovery of the present path
     */
    default void settled(String state, long epoch, LossRecovery<?> recovery, long now) {}
}
