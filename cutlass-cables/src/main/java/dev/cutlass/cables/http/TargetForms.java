package dev.cutlass.cables.http;

import java.util.ArrayDeque;

/**
 * Sees in the bytes of a connection whether the target of each request begins with a slash. Jetty makes a URI of either form (RFC 9112 section 3.2) and does not tell which it was,
 * while the protocol forbids the absolute one. Requests that are answered have no body, so a blank line ends each. One thread at a time.
 */
final class TargetForms {
    private enum Place {
        /** Before a request: line ends do not count. */
        START,
        METHOD,
        TARGET,
        LINE,
        NEXT_LINE
    }

    private Place place = Place.START;

    /** A request takes more than a byte, and no more is read than {@link ServiceLimits#INPUT_BUFFER} before all are handled; what follows a refused one counts no more. */
    static final int MAX_PENDING = ServiceLimits.INPUT_BUFFER;

    /** Of requests that were read and not taken. */
    private final ArrayDeque<Boolean> slashes = new ArrayDeque<>(2);

    /** The next byte. */
    void see(byte octet) {
        place = switch (place) {
            case START -> octet == '\r' || octet == '\n' ? Place.START : Place.METHOD;
            case METHOD -> octet == '\n' ? Place.NEXT_LINE : octet == ' ' ? Place.TARGET : Place.METHOD;
            case TARGET -> {
                if (slashes.size() < MAX_PENDING) {
                    slashes.add(octet == '/');
                }
                yield octet == '\n' ? Place.NEXT_LINE : Place.LINE;
            }
            case LINE -> octet == '\n' ? Place.NEXT_LINE : Place.LINE;
            case NEXT_LINE -> octet == '\n' ? Place.START : octet == '\r' ? Place.NEXT_LINE : Place.LINE;
        };
    }

    /** Requests that were read and not taken. */
    int pending() {
        return slashes.size();
    }

    /** Whether that of the eldest request that was not taken does; false if there is none. */
    boolean take() {
        final Boolean slash = slashes.poll();
        return slash != null && slash;
    }
}
