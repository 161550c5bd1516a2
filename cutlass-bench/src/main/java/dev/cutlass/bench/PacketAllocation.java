package dev.cutlass.bench;

import dev.cutlass.crypto.primitive.Aead;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.crypto.primitive.AeadKey;
import dev.cutlass.crypto.provider.Aeads;
import dev.cutlass.event.Message;
import dev.cutlass.proto.ConnectionStart;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * What a packet allocates in the steady state, after JMH's gc profiler: a burst of messages from one connection to another until all are confirmed, and the cipher alone, whose bytes are the
 * provider's. Public, as JMH's generated classes demand; nothing else uses it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xms512m", "-Xmx512m"})
public class PacketAllocation {
    private static final int PACKET = 1_200;
    private static final int ASSOCIATED = 12;

    /** Two connections that have talked. */
    @State(Scope.Thread)
    public static class Talk {
        /** Bytes of content. */
        @Param({"64", "1200", "60000"})
        public int size;

        private final HandshakePair pair = new HandshakePair();
        private final List<ConnectionStart> starts = pair.connect();
        private final TwoConnections both = new TwoConnections(starts.get(0), starts.get(1));

        private @Nullable Message message;

        /** What is sent, made beforehand: its bytes are not what is asked for. */
        @Setup
        public void begin() {
            message = Message.bytes("application/octet-stream", new byte[size]);
        }

        Message message() {
            return Objects.requireNonNull(message);
        }

        /** Ends what made the keys. */
        @TearDown
        public void end() {
            pair.close();
        }
    }

    /** How many packets an iteration had. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Packets {
        public long packets;
        public long messages;
    }

    /** A key and what it seals. */
    @State(Scope.Thread)
    public static class Cipher {
        private final byte[] packet = new byte[PACKET + Aead.TAG_LENGTH];
        private final byte[] associated = new byte[ASSOCIATED];
        private final ByteBuffer nonce = ByteBuffer.allocate(Aead.NONCE_LENGTH);
        private final AeadKey key = Aeads.of(AeadAlgorithm.AES_256_GCM).newKey(new byte[Aead.KEY_LENGTH]);
        private long number;

        /** No nonce twice. */
        @Setup(Level.Iteration)
        public void renew() {
            nonce.putInt(0, nonce.getInt(0) + 1);
        }

        @TearDown
        public void end() {
            key.close();
        }
    }

    /** A burst, until the last message of it is confirmed. */
    @Benchmark
    public void burst(Talk talk, Packets counter) {
        final Message message = talk.message();
        final int count = TwoConnections.burst(message);
        final long before = talk.both.packets();
        talk.both.talk(message, count);
        counter.packets += talk.both.packets() - before;
        counter.messages += count;
    }

    /** What sealing and opening one packet take. */
    @Benchmark
    public void cipherAlone(Cipher cipher) {
        cipher.nonce.putLong(Integer.BYTES, cipher.number++);
        final byte[] packet = cipher.packet;
        final byte[] nonce = cipher.nonce.array();
        cipher.key.seal(nonce, cipher.associated, 0, ASSOCIATED, packet, 0, PACKET, packet, 0);
        cipher.key.open(nonce, cipher.associated, 0, ASSOCIATED, packet, 0, packet.length, packet, 0);
    }

    static void run(boolean quick) throws RunnerException {
        final OptionsBuilder options = new OptionsBuilder();
        options.include(PacketAllocation.class.getName() + "\\..*").addProfiler(GCProfiler.class);
        if (quick) {
            options.warmupIterations(1)
                    .measurementIterations(1)
                    .warmupTime(TimeValue.milliseconds(100))
                    .measurementTime(TimeValue.milliseconds(100));
        }
        final Options built = options.build();
        final MarkdownTable table = new MarkdownTable(
                "benchmark", "messages of", "packets per message", "us per packet", "bytes allocated per packet");
        for (RunResult result : new Runner(built).run()) {
            final double packets = total(result, "packets");
            final double messages = total(result, "messages");
            final double operations = operations(result);
            final double perOperation = packets == 0 ? 1 : packets / operations;
            final String size = result.getParams().getParam("size");
            table.row(
                    result.getPrimaryResult().getLabel(),
                    size == null ? "-" : size + " bytes",
                    packets == 0 ? "-" : String.format("%.2f", packets / messages),
                    String.format("%.2f", result.getPrimaryResult().getScore() / perOperation),
                    String.format("%.0f", score(result, "gc.alloc.rate.norm") / perOperation));
        }
        table.print(System.out, "Allocation per packet (JMH, gc profiler)");
    }

    /** Bursts of all measured iterations. */
    private static double operations(RunResult result) {
        return result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .mapToLong(iteration -> iteration.getMetadata().getMeasuredOps())
                .sum();
    }

    /** Of a counter, over all measured iterations; 0 if the benchmark has none. */
    private static double total(RunResult result, String name) {
        final Result<?> found = result.getSecondaryResults().get(name);
        return found == null ? 0 : found.getScore();
    }

    private static double score(RunResult result, String name) {
        for (String found : result.getSecondaryResults().keySet()) {
            if (found.endsWith(name)) {
                return total(result, found);
            }
        }
        throw new AssertionError(
                "JMH tells no " + name + ", but " + result.getSecondaryResults().keySet());
    }
}
