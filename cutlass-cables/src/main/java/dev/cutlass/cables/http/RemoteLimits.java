package dev.cutlass.cables.http;

import java.time.Duration;

/**
 * What the client puts up with.
 *
 * @param connect until the proxy has accepted the connection
 * @param idle without any byte from the other node, while the proxy looks for it, too
 * @param request for a request and its answer; {@link #bytesPerSecond} adds to it
 * @param bytesPerSecond how fast a body must come, on average, once {@link #request} is over
 */
record RemoteLimits(Duration connect, Duration idle, Duration request, int bytesPerSecond) {
    /** Bytes of the header of an answer; a node's has 100, and what a proxy adds is not much. */
    static final int MAX_HEADER = 8 << 10;

    /** Bytes of the body of an answer that is none of the wanted: read only so that the connection can be used again. */
    static final int MAX_DISCARDED = 1 << 10;

    /** How long a connection takes new requests: less than the time after which a node of ours ends one that is idle. */
    static final Duration KEPT = Duration.ofSeconds(15);

    /** To one host: an exchange asks one thing after another, so this many exchanges with it go on at once. */
    static final int MAX_CONNECTIONS = 8;

    /** Requests to one host that wait for those; more fail at once. */
    static final int MAX_WAITING = 100;

    /** Threads that read and write; none of them waits for anything. */
    static final int MAX_THREADS = 8;

    /**
     * The proxy is on this machine and answers in milliseconds. Tor gives up a circuit after a minute or two, and a hidden service needs several. 4 KiB a second
     * are a tenth of what a bad circuit carries: a mail of the greatest length has hours, one that drips has three minutes.
     */
    static final RemoteLimits DEFAULT =
            new RemoteLimits(Duration.ofSeconds(10), Duration.ofSeconds(90), Duration.ofMinutes(3), 4 << 10);
}
