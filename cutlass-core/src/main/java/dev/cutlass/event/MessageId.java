package dev.cutlass.event;

import java.util.HexFormat;

/**
 * Names a received message of one peer for good: the same message has the same id when it is seen again after a crash.
 * Unique together with the sender's {@code PeerId}.
 *
 * @param bootHigh first half of the boot id, which the sender's engine drew when it started
 * @param bootLow second half
 * @param channel 0 for the channel that every connection has
 * @param number of the message in its channel, ascending by one from 0
 */
public record MessageId(long bootHigh, long bootLow, long channel, long number) {
    /** Boot id in hex, channel and number. */
    @Override
    public String toString() {
        final HexFormat hex = HexFormat.of();
        return hex.toHexDigits(bootHigh) + hex.toHexDigits(bootLow) + "/" + channel + "/" + number;
    }
}
