package dev.cutlass.bench.compare;

import dev.cutlass.bench.Samples;

/** A client of a library whose caller waits for what comes. */
abstract class BlockingClient implements Contender.Client {
    private static final int EXPECTED = 1 << 16;

    /** Sends one, or keeps it until {@link #flush}; waits while the library wants no more. */
    abstract void send(byte[] message) throws Exception;

    /** Sends what was kept. */
    abstract void flush() throws Exception;

    /** Waits for the next one. */
    abstract byte[] receive() throws Exception;

    @Override
    public final Contender.Rate flood(int length, long nanos) throws Exception {
        final byte[] message = Sink.count(length);
        final long start = System.nanoTime();
        final int batch = Sink.batch(length);
        long sent = 0;
        do {
            for (int i = 0; i < batch; i++) {
                send(message);
            }
            sent += batch;
        } while (System.nanoTime() - start < nanos);
        send(Sink.tell());
        flush();
        Sink.checkAll(sent, Sink.told(receive()));
        return new Contender.Rate(sent, System.nanoTime() - start);
    }

    @Override
    public final Samples roundTrips(int length, long nanos) throws Exception {
        final Samples samples = new Samples(EXPECTED);
        final byte[] message = Sink.echo(length);
        final long begin = System.nanoTime();
        long start = begin;
        while (start - begin < nanos) {
            send(message);
            flush();
            receive();
            final long now = System.nanoTime();
            samples.add(now - start);
            start = now;
        }
        return samples;
    }
}
