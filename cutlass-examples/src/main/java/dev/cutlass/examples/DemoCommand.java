package dev.cutlass.examples;

import dev.cutlass.Cutlass;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.CutlassListener;
import dev.cutlass.event.Message;
import dev.cutlass.event.PeerInfo;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cutlass demo}: two engines with fresh identities talk over UDP on this machine. */
@Command(
        name = "demo",
        description = "Lets two peers on this machine meet and talk, and shows what it took.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    /** On loopback a message takes less than a millisecond; who waits this long waits for something that is lost. */
    private static final long PATIENCE_SECONDS = 15;

    /** The whole file is kept in memory, twice. */
    private static final long MAX_FILE = 64 << 20;

    private static final String LEFT = "left";
    private static final String RIGHT = "right";

    private static final List<String> CONVERSATION = List.of(
            "Good morning! Is anybody there?",
            "Good morning. Right here, a few microseconds away.",
            "Who carries this, by the way? I do not see a server.",
            "There is none. You dialled my key, and UDP did the rest.",
            "And who else can read it?",
            "Nobody: fresh keys for this talk, and none of them is ever written down.",
            "Grüße, 你好, здравствуйте, 👋",
            "All of it arrived, in order, each line once.");

    @Option(
            names = "--messages",
            paramLabel = "FILE",
            description =
                    "Carry the lines of this UTF-8 text file, each one in both directions, instead of the built-in conversation.")
    private @Nullable Path messages;

    /** One line and who says it. */
    private record Line(boolean fromLeft, String text) {}

    /** One of the two: how it is called, whom it talks to, what it heard. */
    private record Side(String nick, Peer toOther, BlockingQueue<String> inbox) {}

    @Override
    public Integer call() throws CommandFailure {
        final PrintStream out = Console.out();
        final List<Line> script = messages == null ? conversation() : bothWays(read(messages));
        final BlockingQueue<String> atLeft = new LinkedBlockingQueue<>();
        final BlockingQueue<String> atRight = new LinkedBlockingQueue<>();
        final BlockingQueue<PeerId> connected = new LinkedBlockingQueue<>();
        try (Identity leftId = Identity.generate();
                Identity rightId = Identity.generate();
                Cutlass left = start(leftId, LEFT, atLeft, new CutlassListener() {});
                Cutlass right = start(rightId, RIGHT, atRight, new CutlassListener() {
                    @Override
                    public void onConnected(CutlassEvent.Connected event) {
                        connected.add(event.peer());
                    }
                })) {
            out.printf("%-6s %s%n", LEFT, leftId.id().fingerprint());
            out.printf("%-6s %s%n", RIGHT, rightId.id().fingerprint());
            final Peer toRight = connect(left, right);
            final Peer toLeft = awaitPeer(right, leftId.id(), connected);
            final PeerInfo info = toRight.info();
            out.println("handshake " + info.pattern() + ", " + info.suite() + ", "
                    + Latencies.millis(info.handshakeTime().toNanos()) + ", UDP port " + left.localPort() + " to "
                    + right.localPort());
            out.println();
            return talk(script, new Side(LEFT, toRight, atLeft), new Side(RIGHT, toLeft, atRight), out);
        } catch (IOException failure) {
            throw new CommandFailure(failure);
        }
    }

    private static Cutlass start(Identity identity, String nick, BlockingQueue<String> inbox, CutlassListener listener)
            throws IOException {
        return Cutlass.builder()
                .identity(identity)
                .nick(nick)
                .bind(InetAddress.getLoopbackAddress())
                .anyPort()
                .onMessage((peer, message) -> inbox.add(message.text()))
                .listener(listener)
                .start();
    }

    private static Peer connect(Cutlass left, Cutlass right) throws CommandFailure {
        final PeerAddress address = PeerAddress.of(
                right.id(),
                new PeerAddress.Place(InetAddress.getLoopbackAddress().getHostAddress(), right.localPort()));
        try {
            return left.connect(address).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            throw new CommandFailure(failure.getCause() == null ? failure : failure.getCause());
        } catch (TimeoutException late) {
            throw new CommandFailure("the two peers did not connect within " + PATIENCE_SECONDS + " s");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted");
        }
    }

    /** The responder knows the initiator a moment later than the other way round. */
    private static Peer awaitPeer(Cutlass engine, PeerId id, BlockingQueue<PeerId> connected) throws CommandFailure {
        try {
            final PeerId first = connected.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!id.equals(first)) {
                throw new CommandFailure("the right peer did not hear of the connection");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted");
        }
        return engine.peer(id).orElseThrow(() -> new CommandFailure("the right peer forgot the left one"));
    }

    /** Says each line when the one before it has arrived, so that the output reads as the talk went; then sums up. */
    private static int talk(List<Line> script, Side left, Side right, PrintStream out) {
        final boolean terminal = Terminals.outputIsTerminal();
        final Latencies roundTrips = new Latencies();
        int delivered = 0;
        for (Line line : script) {
            final Side from = line.fromLeft() ? left : right;
            final Side to = line.fromLeft() ? right : left;
            final long sent = System.nanoTime();
            try {
                from.toOther().send(line.text()).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                roundTrips.add(System.nanoTime() - sent);
                final String received = to.inbox().poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                out.printf(
                        "%5s -> %-5s  %s%n",
                        from.nick(),
                        to.nick(),
                        received == null ? "(lost)" : terminal ? Console.harmless(received) : received);
                if (line.text().equals(received)) {
                    delivered++;
                }
            } catch (ExecutionException | TimeoutException failure) {
                out.printf("%5s -> %-5s  (not delivered: %s)%n", from.nick(), to.nick(), failure);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        out.println();
        out.println("delivered " + delivered + " of " + script.size() + ", round trip p50 "
                + Latencies.millis(roundTrips.percentile(50)) + ", p99 " + Latencies.millis(roundTrips.percentile(99)));
        return delivered == script.size() ? Main.OK : Main.FAILED;
    }

    private static List<Line> conversation() {
        final List<Line> lines = new ArrayList<>();
        for (String text : CONVERSATION) {
            lines.add(new Line(lines.size() % 2 == 0, text));
        }
        return lines;
    }

    private static List<Line> bothWays(List<String> texts) {
        final List<Line> lines = new ArrayList<>(2 * texts.size());
        for (String text : texts) {
            lines.add(new Line(true, text));
            lines.add(new Line(false, text));
        }
        return lines;
    }

    private static List<String> read(Path file) throws CommandFailure {
        final String text;
        try {
            if (Files.size(file) > MAX_FILE) {
                throw new CommandFailure(
                        file + " is larger than " + (MAX_FILE >> 20) + " MiB, too much for a demonstration");
            }
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (CharacterCodingException invalid) {
            throw new CommandFailure(file + " is not UTF-8 text");
        } catch (NoSuchFileException missing) {
            throw new CommandFailure("there is no file " + file);
        } catch (IOException unreadable) {
            throw new CommandFailure(file + " cannot be read: " + unreadable);
        }
        final List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            final int length = lines.get(i).getBytes(StandardCharsets.UTF_8).length;
            if (length > Message.MAX_LENGTH) {
                throw new CommandFailure("line " + (i + 1) + " of " + file + " has " + length
                        + " bytes, but a message at most " + Message.MAX_LENGTH);
            }
        }
        if (lines.isEmpty()) {
            throw new CommandFailure(file + " is empty: there is nothing to say");
        }
        return lines;
    }
}
