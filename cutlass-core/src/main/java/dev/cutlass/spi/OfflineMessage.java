package dev.cutlass.spi;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.Message;
import dev.cutlass.event.MessageId;
import java.time.Instant;
import java.util.Objects;

/**
 * A message of the default channel that goes another way than over a connection.
 *
 * @param peer the other side: to whom it goes, or from whom it came
 * @param message with its id, which is the same whichever way it goes
 * @param base the lowest number that was not settled at its sender when it left: at most its own
 * @param time when it left its sender, by the sender's clock
 */
public record OfflineMessage(PeerId peer, Message message, long base, Instant time) {
    /**
     * Refuses what no engine sends.
     *
     * @throws IllegalArgumentException if the message has no id, or one of another channel, or the base is above its number
     */
    public OfflineMessage {
        Objects.requireNonNull(peer, "peer");
        Objects.requireNonNull(time, "time");
        final MessageId id = message.id();
        if (id == null || id.channel() != 0) {
            throw new IllegalArgumentException("message: one of the default channel, with an id");
        }
        if (base < 0 || base > id.number() || id.number() > MAX_NUMBER) {
            throw new IllegalArgumentException("base: 0 to the number, which is " + id.number());
        }
    }

    /** The highest number of a message: docs/protocol.md section 5. */
    public static final long MAX_NUMBER = (1L << 62) - 1;

    /** Which it is. */
    public MessageId id() {
        return Objects.requireNonNull(message.id());
    }

    /** Names nobody. */
    @Override
    public String toString() {
        return "OfflineMessage[" + message.id() + "]";
    }
}
