package dev.cutlass.cables.exchange;

import java.time.Duration;
import java.time.Instant;

/**
 * How many notices of messages that never came our user gets: anybody who knows the user name can make them, with any sender. Cables
 * protocol 18.3. Any thread.
 */
final class NoticeAllowance {
    private static final int MAX_A_DAY = 20;
    private static final Duration DAY = Duration.ofDays(1);

    private Instant since = Instant.MIN;
    private int taken;

    synchronized boolean take(Instant now) {
        if (since.equals(Instant.MIN) || !now.isBefore(since.plus(DAY)) || now.isBefore(since)) {
            since = now;
            taken = 0;
        }
        return ++taken <= MAX_A_DAY;
    }
}
