package dev.cutlass.bench;

import dev.cutlass.bench.compare.CompareBench;
import dev.cutlass.bench.compare.CompareWorker;
import java.util.Arrays;
import java.util.List;

/** {@code handshakes}, {@code roundtrip}, {@code memory}, {@code idle}, {@code all} of these, or {@code compare}; {@code --quick} for a look that is no measurement. */
public final class Main {
    private static final String USAGE =
            "usage: java -jar cutlass-bench.jar handshakes|roundtrip|memory|idle|all|compare [--quick]"
                    + " [compare: --rounds=N --seconds=X --only=NAME,NAME]";
    private static final List<String> ALL = List.of("handshakes", "roundtrip", "memory", "idle");

    private Main() {}

    /** The words of {@link Worker} start the other side of a measurement and are no use by hand. */
    public static void main(String[] args) throws Exception {
        final boolean quick = Arrays.asList(args).contains("--quick");
        final List<String> words =
                Arrays.stream(args).filter(word -> !word.startsWith("--")).toList();
        if (words.isEmpty()) {
            System.err.println(USAGE);
            System.exit(2);
        }
        switch (words.get(0)) {
            case EchoServer.ROLE -> EchoServer.serve();
            case HostProcess.ROLE -> HostProcess.serve(Silence.valueOf(words.get(1)));
            case SwarmProcess.ROLE ->
                SwarmProcess.serve(
                        Integer.parseInt(words.get(1)), Integer.parseInt(words.get(2)), Silence.valueOf(words.get(3)));
            case CompareWorker.ROLE -> CompareWorker.serve(words.get(1));
            case "compare" -> {
                System.out.println(Machine.describe());
                CompareBench.run(
                        Arrays.stream(args)
                                .filter(word -> word.startsWith("--") && !word.equals("--quick"))
                                .toList(),
                        quick);
            }
            default -> {
                System.out.println(Machine.describe());
                for (String word : words.equals(List.of("all")) ? ALL : words) {
                    measure(word, quick);
                }
            }
        }
    }

    private static void measure(String word, boolean quick) throws Exception {
        switch (word) {
            case "handshakes" -> HandshakeBench.run(quick);
            case "roundtrip" -> RoundTripBench.run(quick);
            case "memory" -> MemoryBench.run(quick);
            case "idle" -> IdleBench.run(quick);
            default -> {
                System.err.println(USAGE);
                System.exit(2);
            }
        }
    }
}
