package dev.cutlass.cables.exchange;

import java.time.Duration;

/**
 * When a message wants to be visited again. Only haste: if it is lost, the timer visits all.
 *
 * @param delay until then; {@link #TIMER} for "with the others"
 */
public record Next(Duration delay) {
    /** With the others, when the timer comes round. */
    public static final Next TIMER = new Next(Duration.ofDays(1));

    /** At once. */
    public static final Next AT_ONCE = new Next(Duration.ZERO);

    /** After a while. */
    static Next after(Duration delay) {
        return new Next(delay);
    }

    /** Whether it waits for the timer. */
    public boolean isTimer() {
        return this.equals(TIMER);
    }
}
