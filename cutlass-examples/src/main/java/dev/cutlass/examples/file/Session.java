package dev.cutlass.examples.file;

import dev.cutlass.Cutlass;
import dev.cutlass.CutlassBuilder;
import dev.cutlass.FileTransfers;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.Transfer;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.ConnectFailedException;
import dev.cutlass.event.TransferFailedException;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TrustPolicy;
import dev.cutlass.examples.CommandFailure;
import dev.cutlass.examples.Console;
import dev.cutlass.examples.EngineOptions;
import dev.cutlass.examples.Main;
import dev.cutlass.examples.Terminals;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** An engine, and the transfers that a command follows. Ends in order, too, when the program is interrupted: the peers hear of it at once. Any thread. */
final class Session implements AutoCloseable {
    /** The other side said no; nothing that this side can do would change it. */
    private static final Set<TransferFailure> REFUSALS = EnumSet.of(
            TransferFailure.DECLINED,
            TransferFailure.NOT_PERMITTED,
            TransferFailure.NOT_SUPPORTED,
            TransferFailure.BUSY,
            TransferFailure.TOO_LARGE);

    /** The last words, that all is here, are worth so long a wait. */
    private static final long LAST_WORDS_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long LOOK_MILLIS = 10;

    private final Cutlass cutlass;
    private final TransferView view;
    private final boolean printPaths;
    private final Thread hook = new Thread(this::interrupted, "cutlass-interrupted");
    private final List<CompletableFuture<Optional<TransferFailure>>> outcomes = new ArrayList<>();

    private Session(Cutlass cutlass, TransferView view, boolean printPaths) {
        this.cutlass = cutlass;
        this.view = view;
        this.printPaths = printPaths;
    }

    /** Bars at a terminal, else lines. */
    static TransferView newView() {
        return Terminals.errorIsTerminal() ? new TransferBars(Console.err()) : new TransferLines(Console.err());
    }

    static Session start(CutlassBuilder builder, TransferView view) throws CommandFailure {
        final Session session = new Session(EngineOptions.start(builder), view, !Terminals.outputIsTerminal());
        Runtime.getRuntime().addShutdownHook(session.hook);
        return session;
    }

    Cutlass cutlass() {
        return cutlass;
    }

    FileTransfers files() {
        return cutlass.files();
    }

    TransferView view() {
        return view;
    }

    static PeerAddress address(String text) throws CommandFailure {
        try {
            return PeerAddress.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailure(
                    wrong.getMessage() == null ? "no address: " + text : wrong.getMessage(), Main.USAGE);
        }
    }

    /** Waits for a connection. Who is not known by then is nobody whom we called. */
    Peer connect(PeerAddress address) throws CommandFailure {
        try {
            final Peer peer = cutlass.connect(address).join();
            cutlass.setTrustPolicy(TrustPolicy.KNOWN_ONLY);
            return peer;
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof ConnectFailedException known) {
                final int code = switch (known.failure()) {
                    case REFUSED -> Main.REFUSED;
                    case NOT_ADMITTED, SELF, TOO_MANY, CLOSED -> Main.FAILED;
                    default -> Main.UNREACHABLE;
                };
                throw new CommandFailure(Console.harmless(String.valueOf(known.getMessage())), code);
            }
            throw failure;
        }
    }

    String nameOf(PeerId id) {
        return TransferText.peer(id, cutlass.peer(id).map(Peer::nick).orElse(""));
    }

    /** Shows a transfer until it is over, and counts it for {@link #await}. */
    void follow(Transfer transfer) {
        final CompletableFuture<Optional<TransferFailure>> outcome = watch(transfer);
        synchronized (outcomes) {
            outcomes.add(outcome);
        }
    }

    /** Shows a transfer until it is over. */
    CompletableFuture<Optional<TransferFailure>> watch(Transfer transfer) {
        final String peer = nameOf(transfer.peer());
        @SuppressWarnings("unused") // listens as long as the transfer lives
        final AutoCloseable listening = transfer.onChange(changed -> view.changed(changed, peer));
        view.changed(transfer, peer);
        return transfer.result()
                .thenApply(path -> arrived(transfer, peer, path))
                .exceptionally(failure -> failed(transfer, peer, failure));
    }

    private Optional<TransferFailure> arrived(Transfer transfer, String peer, Optional<Path> path) {
        view.over(transfer, TransferText.complete(transfer, peer, path));
        if (printPaths) {
            path.ifPresent(there -> Console.out().println(there));
        }
        return Optional.empty();
    }

    private Optional<TransferFailure> failed(Transfer transfer, String peer, Throwable failure) {
        final Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        final TransferFailure why =
                cause instanceof TransferFailedException known ? known.failure() : TransferFailure.OTHER;
        view.over(transfer, TransferText.title(transfer, peer) + ": failed: " + TransferText.reason(why));
        return Optional.of(why);
    }

    /** Waits for all that is followed. The exit code. */
    int await() {
        final List<CompletableFuture<Optional<TransferFailure>>> all;
        synchronized (outcomes) {
            all = List.copyOf(outcomes);
        }
        final List<TransferFailure> failures = all.stream()
                .map(CompletableFuture::join)
                .flatMap(Optional::stream)
                .toList();
        return exitCode(failures);
    }

    static int exitCode(Collection<TransferFailure> failures) {
        if (failures.isEmpty()) {
            return Main.OK;
        }
        return REFUSALS.containsAll(failures) ? Main.REFUSED : Main.FAILED;
    }

    /** What was said last may still be on its way: that a file is complete, which the other side waits for. */
    void awaitReceipts(Peer peer) throws CommandFailure {
        final long deadline = System.nanoTime() + LAST_WORDS_NANOS;
        try {
            while (peer.info().queuedMessages() > 0 && System.nanoTime() - deadline < 0) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(interrupted);
        }
    }

    /** Of the JVM, at SIGINT and SIGTERM; it gives the exit code, 128 and the signal. */
    private void interrupted() {
        view.close();
        Console.err().println("cutlass: interrupted; the same command goes on with what is not complete");
        cutlass.close();
    }

    @Override
    public void close() {
        try {
            if (!Runtime.getRuntime().removeShutdownHook(hook)) {
                return;
            }
        } catch (IllegalStateException interrupted) {
            return; // the hook does the rest
        }
        view.close();
        cutlass.close();
    }
}
