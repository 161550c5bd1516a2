package dev.cutlass.bench;

import dev.cutlass.Channel;
import dev.cutlass.Cutlass;
import dev.cutlass.Delivery;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.event.ChannelClass;
import dev.cutlass.event.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How long messages of 64 bytes take to a {@link BesideServer} and back: on an idle link, beside a bulk channel that takes all that the link has, and beside a file each way. Rounds take turns. Beside bulk
 * the way back is idle but for ACKs, so the difference is what bulk costs on the way there; files are on both ways. The measuring thread sends; handlers and a pump of bulk have threads of their own.
 */
final class BesideBench implements AutoCloseable {
    private static final String TYPE = "application/octet-stream";
    private static final int LENGTH = 64;
    private static final int BULK = 60_000;

    /** Between two messages: uneven, so that they meet all moments of whatever is periodic. */
    private static final long MIN_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long GAP_SPREAD_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

    /** Until bulk has found out what the link carries, and before the clock runs on an idle one. */
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(4);

    private static final long PATIENCE_SECONDS = 30;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double BITS_PER_MBIT = 1e6;

    private final Identity identity = Identity.generate();
    private final Random random = new Random(LENGTH);
    private final Cutlass cutlass;
    private final Peer peer;
    private final AtomicLong bulkBytes = new AtomicLong();

    /** While there are some; of the measuring thread. */
    private @Nullable FilesEachWay files;

    /** Volatile: set by the measuring thread before it sends, read by handlers, which come one at a time. */
    private volatile @Nullable Phase phase;

    /** One row: what was measured so far, by whom it is told. */
    static final class Phase {
        private final Samples samples = new Samples(1 << 12);
        private final AtomicInteger missing = new AtomicInteger();
        private long bulkBytes;
        private long backBytes;
        private long nanos;

        synchronized void took(long roundTripNanos) {
            samples.add(roundTripNanos);
            missing.decrementAndGet();
        }

        synchronized int count() {
            return samples.count();
        }

        synchronized long quantile(double share) {
            return samples.quantile(share);
        }

        double bulkMbits() {
            return mbits(bulkBytes);
        }

        double backMbits() {
            return mbits(backBytes);
        }

        private double mbits(long bytes) {
            return bytes * Byte.SIZE / (nanos / NANOS_PER_SECOND) / BITS_PER_MBIT;
        }
    }

    BesideBench(PeerAddress server) throws IOException {
        cutlass = Cutlass.builder()
                .identity(identity)
                .anyPort()
                .onMessage((from, message) -> arrived(message))
                .files(FilesEachWay.settings())
                .onFileOffer(FilesEachWay::take)
                .start();
        peer = cutlass.connect(server).join();
    }

    /** Measures and prints the table. {@code --at}: the server is found there, and not where its address says. */
    static void run(List<String> given) throws Exception {
        final Options options = new Options(given, "to", "at", "rounds", "seconds");
        final PeerAddress to = PeerAddress.parse(options.text("to"));
        final String at = options.text("at", "");
        final int rounds = options.number("rounds", 3);
        final long nanos = Math.round(options.decimal("seconds", 20) * NANOS_PER_SECOND);
        final Phase idle = new Phase();
        final Phase beside = new Phase();
        final Phase files = new Phase();
        try (BesideBench bench = new BesideBench(at.isEmpty() ? to : moved(to, at))) {
            for (int round = 0; round < rounds; round++) {
                bench.measure(idle, SETTLE_NANOS, nanos);
                bench.measureBeside(beside, SETTLE_NANOS, nanos);
                bench.measureBesideFiles(files, FilesEachWay.LENGTH, SETTLE_NANOS, nanos);
            }
        }
        print(idle, beside, files);
    }

    private static PeerAddress moved(PeerAddress address, String at) {
        final int colon = at.lastIndexOf(':');
        return PeerAddress.of(
                address.key().orElseThrow(),
                new PeerAddress.Place(at.substring(0, colon), Integer.parseInt(at.substring(colon + 1))));
    }

    private void arrived(Message message) {
        final long now = System.nanoTime();
        final Phase current = phase;
        final long sent = ByteBuffer.wrap(message.content()).getLong();
        if (current != null && sent != 0) {
            current.took(now - sent);
        }
    }

    /** Sends messages for so long after it has settled, and waits for what is still under way. */
    void measure(Phase into, long settleNanos, long nanos) throws TimeoutException {
        phase = into;
        send(settleNanos, null);
        final Load load = load();
        final long start = System.nanoTime();
        send(nanos, into);
        into.nanos += System.nanoTime() - start;
        into.bulkBytes += load().there - load.there;
        into.backBytes += load().back - load.back;
        final long patient = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (into.missing.get() > 0) {
            if (System.nanoTime() - patient > 0) {
                throw new TimeoutException(into.missing.get() + " messages did not come back");
            }
            LockSupport.parkNanos(MIN_GAP_NANOS);
        }
    }

    /** Bytes beside the messages, so far. */
    private record Load(long there, long back) {}

    private Load load() {
        final FilesEachWay both = files;
        return both == null ? new Load(bulkBytes.get(), 0) : new Load(both.sent(), both.came());
    }

    /** @param into null: they do not count */
    private void send(long nanos, @Nullable Phase into) {
        final long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            final byte[] content = new byte[LENGTH];
            if (into != null) {
                into.missing.incrementAndGet();
                ByteBuffer.wrap(content).putLong(System.nanoTime());
            }
            peer.send(Message.bytes(TYPE, content));
            LockSupport.parkNanos(MIN_GAP_NANOS + (long) (random.nextDouble() * GAP_SPREAD_NANOS));
        }
    }

    /** The same while a bulk channel has always more to send. */
    void measureBeside(Phase into, long settleNanos, long nanos) throws Exception {
        final Channel bulk =
                peer.channel(BesideServer.SERVICE, BesideServer.VERSION, ChannelClass.BULK, (channel, message) -> {});
        final Pump pump = new Pump(bulk);
        final Thread thread = new Thread(pump, "pump");
        thread.start();
        try {
            measure(into, settleNanos, nanos);
        } finally {
            pump.stopped = true;
            thread.join();
        }
        pump.awaitLast();
    }

    /** The same while a file goes each way. */
    void measureBesideFiles(Phase into, long length, long settleNanos, long nanos) throws TimeoutException {
        try (FilesEachWay both = new FilesEachWay(cutlass, peer, length)) {
            files = both;
            measure(into, settleNanos, nanos);
        } finally {
            files = null;
        }
    }

    /** Sends bulk whenever there is room, on a thread of its own. */
    private final class Pump implements Runnable {
        private final Channel bulk;
        private final Message message = Message.bytes(TYPE, new byte[BULK]);

        /** Volatile: set by the measuring thread. */
        private volatile boolean stopped;

        /** Read after the thread has ended. */
        private @Nullable Delivery last;

        Pump(Channel bulk) {
            this.bulk = bulk;
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // what fails is not counted
        public void run() {
            while (!stopped) {
                final Optional<Delivery> sent = bulk.trySend(message);
                if (sent.isEmpty()) {
                    bulk.whenRoom().join();
                    continue;
                }
                last = sent.get();
                last.toCompletableFuture().thenRun(() -> bulkBytes.addAndGet(BULK));
            }
        }

        void awaitLast() throws InterruptedException, ExecutionException, TimeoutException {
            if (last != null) {
                last.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    private static void print(Phase idle, Phase beside, Phase files) {
        final MarkdownTable table = new MarkdownTable(
                "64 bytes there and back", "messages", "p50 ms", "p90 ms", "p99 ms", "max ms", "bulk Mbit/s", "back");
        row(table, "idle link", idle);
        row(table, "beside bulk", beside);
        cost(table, "what bulk costs", idle, beside);
        row(table, "beside a file each way", files);
        cost(table, "what files cost", idle, files);
        table.print(
                System.out, String.format(Locale.ROOT, "Messages beside bulk, load %.1f at the end", Machine.load()));
    }

    private static void cost(MarkdownTable table, String label, Phase idle, Phase beside) {
        table.row(
                label,
                "",
                millis(beside.quantile(0.5) - idle.quantile(0.5)),
                millis(beside.quantile(0.9) - idle.quantile(0.9)),
                millis(beside.quantile(0.99) - idle.quantile(0.99)),
                millis(beside.quantile(1) - idle.quantile(1)),
                "",
                "");
    }

    private static void row(MarkdownTable table, String label, Phase phase) {
        table.row(
                label,
                Integer.toString(phase.count()),
                millis(phase.quantile(0.5)),
                millis(phase.quantile(0.9)),
                millis(phase.quantile(0.99)),
                millis(phase.quantile(1)),
                String.format(Locale.ROOT, "%.2f", phase.bulkMbits()),
                String.format(Locale.ROOT, "%.2f", phase.backMbits()));
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.2f", nanos / NANOS_PER_MILLI);
    }

    @Override
    public void close() {
        cutlass.close();
        identity.close();
    }
}
