package dev.cutlass.cables.pki;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What came from a peer, after a look: usable, or refused with a reason.
 *
 * @param <T> what it is if it is usable
 */
public sealed interface Checked<T> {
    /** Usable. */
    record Good<T>(T value) implements Checked<T> {}

    /** Refused. */
    record Refused<T>(Refusal why) implements Checked<T> {}

    /** Usable. */
    static <T> Checked<T> good(T value) {
        return new Good<>(value);
    }

    /** Refused. */
    static <T> Checked<T> refused(Refusal why) {
        return new Refused<>(why);
    }

    /** Looks further if it is usable so far. */
    default <U> Checked<U> then(Function<? super T, Checked<U>> next) {
        return this instanceof Good<T> good ? next.apply(good.value()) : refused(whyNot());
    }

    /** The value, or {@code null} if it is refused. */
    default @Nullable T orNull() {
        return this instanceof Good<T> good ? good.value() : null;
    }

    /**
     * Why it is refused.
     *
     * @throws IllegalStateException if it is not
     */
    default Refusal whyNot() {
        if (this instanceof Refused<T> refused) {
            return refused.why();
        }
        throw new IllegalStateException("it was not refused");
    }
}
