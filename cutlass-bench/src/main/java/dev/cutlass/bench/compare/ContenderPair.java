package dev.cutlass.bench.compare;

import java.io.IOException;

/** The two processes of a contender. One thread. */
final class ContenderPair implements AutoCloseable {
    /** For one answer: several times what the slowest case takes on a machine that is busy with other things. */
    private static final long PATIENCE_SECONDS = 60;

    private final Contender contender;
    private final WorkerPair workers;
    private final String address;

    private ContenderPair(Contender contender, WorkerPair workers, String address) {
        this.contender = contender;
        this.workers = workers;
        this.address = address;
    }

    /** @throws IOException says why this contender cannot run here */
    static ContenderPair start(String name) throws IOException {
        final ContenderPair pair = startApart(name);
        try {
            pair.connect(pair.address);
            return pair;
        } catch (IOException e) {
            pair.close();
            throw e;
        }
    }

    /**
     * Starts both sides and does not {@link #connect} them.
     *
     * @throws IOException says why this contender cannot run here
     */
    static ContenderPair startApart(String name) throws IOException {
        final WorkerPair workers = WorkerPair.start(PATIENCE_SECONDS, CompareWorker.ROLE, name);
        try {
            return new ContenderPair(Contenders.named(name), workers, workers.askServer("serve"));
        } catch (IOException e) {
            workers.close();
            throw e;
        }
    }

    /** Closes the connection if there is one and makes a new one. */
    void connect(String to) throws IOException {
        workers.askClient("connect " + to);
    }

    /** What the server called its own. */
    String address() {
        return address;
    }

    String label() {
        return contender.label();
    }

    boolean connects() {
        return contender.connects();
    }

    Contender.Rate flood(int length, long nanos) throws IOException {
        return rate(workers.askClient("flood " + length + " " + nanos));
    }

    /** Median, 99 % and 99.9 %. */
    long[] roundTrips(long nanos) throws IOException {
        final String[] words = workers.askClient("roundtrips " + nanos).split(" ", -1);
        return new long[] {Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2])};
    }

    Contender.Rate connections(long nanos) throws IOException {
        return rate(workers.askClient("connections " + address + " " + nanos));
    }

    /** Of both. */
    long cpuNanos() throws IOException {
        return workers.cpuNanos();
    }

    private static Contender.Rate rate(String answer) {
        final int space = answer.indexOf(' ');
        return new Contender.Rate(
                Long.parseLong(answer.substring(0, space)), Long.parseLong(answer.substring(space + 1)));
    }

    @Override
    public void close() {
        workers.close();
    }
}
