package dev.cutlass.secondimpl;

/** Input that the document does not allow, or a check that it demands and that failed. */
public final class Refused extends RuntimeException {
    Refused(String reason) {
        super(reason);
    }

    Refused(String reason, Throwable cause) {
        super(reason, cause);
    }

    static void unless(boolean allowed, String reason) {
        if (!allowed) {
            throw new Refused(reason);
        }
    }
}
