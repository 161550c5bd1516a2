package dev.cutlass.cables;

import dev.cutlass.cables.exchange.Remote;
import dev.cutlass.cables.exchange.Requests;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;

/** What carries between nodes: HTTP, or in tests nothing but calls. */
interface Network extends AutoCloseable {
    /** Fetches from others. */
    Remote remote();

    /**
     * Begins to answer others.
     *
     * @return stops it
     */
    Service serve(Requests requests, InetSocketAddress listen, InstantSource clock) throws IOException;

    @Override
    void close();

    /** Answers others until it is closed. */
    interface Service extends AutoCloseable {
        InetSocketAddress address();

        @Override
        void close();
    }
}
