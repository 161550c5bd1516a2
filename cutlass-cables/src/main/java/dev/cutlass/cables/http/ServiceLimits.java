package dev.cutlass.cables.http;

import java.time.Duration;

/**
 * What the service puts up with. All clients come from one address, the proxy's, so nothing can be counted for each of them.
 *
 * @param maxConnections at the same time; one more sends away the one that has waited longest without a whole request
 * @param idle without any byte in either direction
 * @param request from the connection, or from the answer before, to the last byte of a request's header
 * @param answer for an answer; {@link #bytesPerSecond} adds to it
 * @param bytesPerSecond how fast a client must read what it asked for, on average
 * @param maxSending bytes of answers that clients have not read yet: each is held in memory until it is read
 */
record ServiceLimits(
        int maxConnections, Duration idle, Duration request, Duration answer, int bytesPerSecond, long maxSending) {
    /** Bytes of a request line and its header fields; the longest that we send has 400. */
    static final int MAX_HEADER = 8 << 10;

    /** Bytes that a connection holds while it waits for the rest of a header. */
    static final int INPUT_BUFFER = 1 << 10;

    /** Connections that the system accepts before we do. */
    static final int BACKLOG = 1 << 10;

    /** Threads that answer: each may hold a whole file, and waits for the disk alone, for milliseconds. */
    static final int MAX_HANDLING = 16;

    /** Jetty's own threads: one accepts, one selects. */
    static final int JETTY_THREADS = 2;

    /** How long a stop waits for answers that are under way. */
    static final Duration STOP = Duration.ofSeconds(2);

    /**
     * 10,000 connections take 50 MB if each holds a header that never ends. Tor sends a request in one piece a second after it connects; 30 seconds
     * are for the slowest proxy. 4 KiB a second are a tenth of what a bad circuit carries. Answers: a quarter of the heap, and one of any size.
     */
    static final ServiceLimits DEFAULT = new ServiceLimits(
            10_000,
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            4 << 10,
            Runtime.getRuntime().maxMemory() / 4);
}
