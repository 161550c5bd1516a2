package dev.cutlass.bench.compare;

import dev.cutlass.bench.Samples;
import java.io.IOException;

/** Some way to send messages between two processes. Stateless; any thread. */
interface Contender {
    /** How the table calls it. */
    String label();

    /** Whether a new connection is something that it has, so that their number per second can be told. */
    default boolean connects() {
        return true;
    }

    /** Starts the side that handles messages, on the loopback address. */
    Server serve() throws Exception;

    /**
     * Makes a new connection, ready to send.
     *
     * @param address what the server called its own, in another process
     */
    Client connect(String address) throws Exception;

    /** The side that handles messages. */
    interface Server extends AutoCloseable {
        /** How a client finds it: one line. */
        String address();

        @Override
        void close() throws IOException;
    }

    /** One connection. One thread at a time. */
    interface Client extends AutoCloseable {
        /**
         * Sends messages as fast as the contender's own back pressure lets.
         *
         * @param length of a message, bytes, 64 and up
         * @param nanos for how long
         * @return after the other side has told that its handler got each of them
         */
        Rate flood(int length, long nanos) throws Exception;

        /** Sends a message, gets it back, sends the next. The first thing that has the answer sends the next message: a callback where there is one. */
        Samples roundTrips(int length, long nanos) throws Exception;

        @Override
        void close() throws IOException;
    }

    /** So many messages in so many nanoseconds, the confirmation included. */
    record Rate(long messages, long nanos) {
        double perSecond() {
            return messages * 1e9 / nanos;
        }
    }
}
