package dev.cutlass.bench.compare;

import java.io.IOException;
import java.nio.file.Path;

/** Some way to get a file from the disk of one process to that of another. Stateless; any thread. */
interface FileContender {
    /** How the table calls it. */
    String label();

    /**
     * Starts the side that files come to, on the loopback address.
     *
     * @param folder where they go; it is there
     */
    Receiver receive(Path folder) throws Exception;

    /**
     * Starts the side that files come from, ready to send.
     *
     * @param address what the receiver called its own, in another process
     */
    Sender connect(String address) throws Exception;

    /** The side that files come to. */
    interface Receiver extends AutoCloseable {
        /** When it did not notice the first byte. */
        long UNKNOWN = -1;

        /** How a sender finds it: one line without spaces. */
        String address();

        /** When the first byte of the last file was there to be written, {@link System#nanoTime}: of all processes of a Linux system the same clock. */
        long firstByteAt();

        /** Processor time of processes that it started, and that are not this one. */
        default long otherCpuNanos() throws IOException {
            return 0;
        }

        @Override
        void close() throws IOException;
    }

    /** One file after the other. */
    interface Sender extends AutoCloseable {
        /** Returns when the receiver has all of it under its name, and fsync is through. */
        void send(Path file) throws Exception;

        /** As for {@link Receiver#otherCpuNanos}. */
        default long otherCpuNanos() throws IOException {
            return 0;
        }

        @Override
        void close() throws IOException;
    }
}
