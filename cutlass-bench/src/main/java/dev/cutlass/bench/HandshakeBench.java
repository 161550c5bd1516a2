package dev.cutlass.bench;

import dev.cutlass.proto.handshake.HandshakeMode;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Handshakes per second in memory, both sides in one thread, and how much of that is asymmetric cryptography. Rounds of all kinds take
 * turns, so that a slow moment of the machine hits them alike; told are medians over rounds. One thread.
 */
final class HandshakeBench {
    private static final double NANOS_PER_MICRO = 1_000;
    private static final double NANOS_PER_SECOND = 1e9;

    private HandshakeBench() {}

    static void run(boolean quick) {
        final int warmUp = quick ? 1 : 10;
        final int rounds = quick ? 3 : 25;
        final int perRound = quick ? 20 : 200;
        final Map<HandshakeMode, Samples> handshakes = new EnumMap<>(HandshakeMode.class);
        final Map<Asymmetric.Operation, Samples> operations = new EnumMap<>(Asymmetric.Operation.class);
        final Samples bundles = new Samples(rounds);
        try (HandshakePair pair = new HandshakePair();
                Asymmetric asymmetric = new Asymmetric()) {
            for (int round = -warmUp; round < rounds; round++) {
                for (HandshakeMode mode : HandshakeMode.values()) {
                    final long each = time(perRound, () -> pair.handshake(mode));
                    add(round, handshakes.computeIfAbsent(mode, key -> new Samples(rounds)), each);
                }
                add(round, bundles, time(perRound, asymmetric::runAll));
                for (Asymmetric.Operation operation : Asymmetric.Operation.values()) {
                    final long each = time(perRound, () -> asymmetric.run(operation));
                    add(round, operations.computeIfAbsent(operation, key -> new Samples(rounds)), each);
                }
            }
            if (asymmetric.sink() == Integer.MIN_VALUE) {
                System.out.println(); // so that the results count as used
            }
        }
        print(handshakes, operations, bundles.median());
    }

    private static void print(
            Map<HandshakeMode, Samples> handshakes, Map<Asymmetric.Operation, Samples> operations, long bundle) {
        final MarkdownTable table =
                new MarkdownTable("handshake, both sides in one thread", "us each", "per second", "asymmetric part");
        handshakes.forEach((mode, samples) -> table.row(
                mode.name().toLowerCase(Locale.ROOT),
                micros(samples.median()),
                String.format(Locale.ROOT, "%,.0f", NANOS_PER_SECOND / samples.median()),
                String.format(Locale.ROOT, "%.0f %%", 100.0 * bundle / samples.median())));
        table.print(System.out, "Handshakes");
        final MarkdownTable parts =
                new MarkdownTable("operation", "us each", "times per handshake", "us per handshake");
        operations.forEach((operation, samples) -> parts.row(
                operation.label,
                micros(samples.median()),
                Integer.toString(operation.perHandshake),
                micros(samples.median() * operation.perHandshake)));
        parts.row("all of them, one after the other", "", "", micros(bundle));
        parts.print(System.out, "Asymmetric operations of a handshake");
    }

    private static void add(int round, Samples samples, long value) {
        if (round >= 0) {
            samples.add(value);
        }
    }

    /** Nanoseconds each. */
    private static long time(int times, Runnable what) {
        final long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            what.run();
        }
        return (System.nanoTime() - start) / times;
    }

    private static String micros(long nanos) {
        return String.format(Locale.ROOT, "%.0f", nanos / NANOS_PER_MICRO);
    }
}
