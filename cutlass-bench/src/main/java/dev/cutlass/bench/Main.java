package dev.cutlass.bench;

import dev.cutlass.bench.cables.CablesBench;
import dev.cutlass.bench.cables.CablesProcess;
import dev.cutlass.bench.compare.CompareBench;
import dev.cutlass.bench.compare.CompareWorker;
import dev.cutlass.bench.compare.FilesBench;
import dev.cutlass.bench.compare.FilesWorker;
import dev.cutlass.bench.compare.LinkBench;
import java.util.Arrays;
import java.util.List;

/**
 * {@code handshakes}, {@code connects}, {@code roundtrip}, {@code packets}, {@code memory}, {@code idle}, {@code still}, {@code all} of these but the last, {@code jmh}, {@code compare}, {@code link}, {@code files} or {@code cables}; {@code --quick} for
 * a look that is no measurement. Between hosts: {@code beside-server} and {@code beside}, and {@code relay} on a third one that delays or loses.
 */
public final class Main {
    private static final String USAGE = """
            usage: java -jar cutlass-bench.jar handshakes|connects|roundtrip|packets|memory|idle|still|all|jmh|compare|link|files|cables [--quick]
                   [idle, still: --connections=N] [compare, link: --rounds=N --seconds=X --only=NAME,NAME] [files: --rounds=N --size=1g --only=NAME,NAME --folder=DIR]
                   [cables: --rsa=BITS --mails=N --rounds=N --size=BYTES --seconds=X --connections=N]
               or: java -jar cutlass-bench.jar beside-server [--host=HOST] [--port=N]
               or: java -jar cutlass-bench.jar beside --to=ADDRESS [--at=HOST:PORT] [--rounds=N] [--seconds=X]
               or: java -jar cutlass-bench.jar relay --to=HOST:PORT [--port=N] [--delay=MILLIS] [--loss=PERCENT] [--mbit=N]""";
    private static final List<String> ALL = List.of("handshakes", "connects", "roundtrip", "packets", "memory", "idle");

    private static final String CONNECTIONS = "--connections=";

    /** As many peers as an engine knows. */
    private static final int STILL = 100_000;

    private static final int STILL_QUICK = 300;

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
            case FilesWorker.ROLE -> FilesWorker.serve(words.get(1));
            case CablesProcess.ROLE -> CablesProcess.serve(words.get(1), words.get(2), words.get(3), words.get(4));
            case "cables" -> {
                System.out.println(Machine.describe());
                CablesBench.run(options(args), quick);
            }
            case "files" -> {
                System.out.println(Machine.describe());
                FilesBench.run(options(args), quick);
            }
            case "compare" -> {
                System.out.println(Machine.describe());
                CompareBench.run(options(args), quick);
            }
            case "link" -> {
                System.out.println(Machine.describe());
                LinkBench.run(options(args), quick);
            }
            case "relay" -> Relay.run(options(args));
            case "beside-server" -> BesideServer.run(options(args));
            case "beside" -> {
                System.out.println(Machine.describe());
                BesideBench.run(options(args));
            }
            default -> {
                System.out.println(Machine.describe());
                for (String word : words.equals(List.of("all")) ? ALL : words) {
                    measure(word, connections(args), quick);
                }
            }
        }
    }

    private static List<String> options(String[] args) {
        return Arrays.stream(args)
                .filter(word -> word.startsWith("--") && !word.equals("--quick"))
                .toList();
    }

    /** 0: as many as usual. */
    private static int connections(String[] args) {
        return Arrays.stream(args)
                .filter(word -> word.startsWith(CONNECTIONS))
                .mapToInt(word -> Integer.parseInt(word.substring(CONNECTIONS.length())))
                .findFirst()
                .orElse(0);
    }

    private static void measure(String word, int connections, boolean quick) throws Exception {
        switch (word) {
            case "handshakes" -> HandshakeBench.run(quick);
            case "connects" -> ConnectBench.run(quick);
            case "roundtrip" -> RoundTripBench.run(quick);
            case "memory" -> MemoryBench.run(quick);
            case "idle" -> IdleBench.run(connections, quick);
            case "packets" -> PacketBench.run(quick);
            case "jmh" -> PacketAllocation.run(quick);
            case "still" -> StillBench.run(connections > 0 ? connections : quick ? STILL_QUICK : STILL);
            default -> {
                System.err.println(USAGE);
                System.exit(2);
            }
        }
    }
}
