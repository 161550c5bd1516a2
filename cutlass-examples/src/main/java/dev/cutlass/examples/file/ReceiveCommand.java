package dev.cutlass.examples.file;

import dev.cutlass.ConnectionRequest;
import dev.cutlass.CutlassBuilder;
import dev.cutlass.FileOffer;
import dev.cutlass.FileSettings;
import dev.cutlass.PeerAddress;
import dev.cutlass.Transfer;
import dev.cutlass.crypto.Identity;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.CutlassListener;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TransferState;
import dev.cutlass.examples.CommandFailure;
import dev.cutlass.examples.Console;
import dev.cutlass.examples.EngineOptions;
import dev.cutlass.examples.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cutlass receive}: takes what peers send, and lets them get what is shared, until it is interrupted. */
@Command(
        name = "receive",
        description = "Takes files that peers send, until it is interrupted.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Where each file is stands on standard output, if that is not a terminal. What was",
            "not complete when it was interrupted goes on at the next start."
        })
public final class ReceiveCommand implements Callable<Integer> {
    /** As many as an engine remembers that are over, and that are under way, at most. */
    private static final int MAX_WATCHED = 10_000;

    @Mixin
    private final EngineOptions engine = new EngineOptions();

    @Option(names = "--dir", paramLabel = "D", description = "Folder for what comes (default: the current one).")
    private Path dir = Path.of("");

    @Option(
            names = "--accept",
            paramLabel = "WHO",
            description = "From whom: all (anybody), known (default: peers that are remembered, e.g. from a chat; "
                    + "others are refused), or ask (you are asked, about newcomers and about each file).")
    private Accept accept = Accept.KNOWN;

    @Option(names = "--share", paramLabel = "DIR", description = "Lets peers that are admitted get what is in DIR.")
    private @Nullable Path share;

    /** Events may be faster than the lines that follow the start. */
    private final CompletableFuture<Session> running = new CompletableFuture<>();

    @Override
    public Integer call() throws CommandFailure {
        final Path shared = share;
        if (shared != null && !Files.isDirectory(shared)) {
            throw new CommandFailure("--share " + shared + ": there is no such folder");
        }
        final TransferView view = Session.newView();
        try (Identity self = engine.open();
                Session session = Session.start(builder(self, view), view)) {
            if (shared != null) {
                session.files().share("", shared.toAbsolutePath());
            }
            view.say("you are " + session.cutlass().id().text());
            view.say("receiving into " + dir.toAbsolutePath().normalize() + ", "
                    + engine.where(session.cutlass(), PeerAddress.DEFAULT_PORT));
            running.complete(session);
            new CountDownLatch(1).await(); // until the program is interrupted
            return Main.OK;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Main.FAILED;
        }
    }

    private CutlassBuilder builder(Identity self, TransferView view) throws CommandFailure {
        final CutlassBuilder builder = engine.builder(self, PeerAddress.DEFAULT_PORT)
                .trustPolicy(accept.trust())
                .files(FileSettings.into(dir.toAbsolutePath()).policy(accept.files()))
                .listener(new Events());
        if (accept == Accept.ASK) {
            final Questions questions = new Questions(System.in, view);
            builder.onConnectionRequest(request -> ask(questions, request)).onFileOffer(offer -> ask(questions, offer));
        }
        return builder;
    }

    private static void ask(Questions questions, ConnectionRequest request) {
        final CutlassEvent.ConnectionRequested event = request.event();
        questions.ask(
                "\"" + Console.harmless(event.nick()) + "\" is new, fingerprint "
                        + event.peer().fingerprint() + ". Admit?",
                yes -> {
                    if (yes) {
                        request.accept();
                    } else {
                        request.refuse();
                    }
                });
    }

    private void ask(Questions questions, FileOffer offer) {
        questions.ask(
                TransferText.peer(offer.peer().id(), offer.peer().nick()) + " sends "
                        + Console.harmless(offer.name()) + ", "
                        + (offer.isFolder() ? "a folder with " + Console.count(offer.files(), "file") + ", " : "")
                        + TransferText.bytes(offer.length()) + ". Accept?",
                yes -> {
                    if (yes) {
                        offer.accept();
                    } else {
                        offer.reject();
                    }
                });
    }

    /** On the handler executor. */
    private final class Events implements CutlassListener {
        /** One is shown once, whichever event tells of it first; the eldest are long over. */
        private final Set<String> watched =
                Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
                    private static final long serialVersionUID = 1;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                        return size() > MAX_WATCHED;
                    }
                }));

        private void watch(Predicate<Transfer> which) {
            final Session session = running.join();
            for (Transfer transfer : session.files().all()) {
                if (which.test(transfer) && watched.add(transfer.id())) {
                    final CompletableFuture<Optional<TransferFailure>> unused = session.watch(transfer);
                }
            }
        }

        /** What an earlier run left goes on without being accepted again. */
        @Override
        public void onConnected(CutlassEvent.Connected event) {
            watch(transfer -> transfer.peer().equals(event.peer())
                    && transfer.state() != TransferState.DECIDING
                    && !transfer.state().isOver());
        }

        @Override
        public void onFileAccepted(CutlassEvent.FileAccepted event) {
            watch(transfer -> transfer.id().equals(event.transfer()));
        }

        @Override
        public void onFileReceived(CutlassEvent.FileReceived event) {
            watch(transfer -> transfer.id().equals(event.transfer()));
        }

        @Override
        public void onFileAborted(CutlassEvent.FileAborted event) {
            watch(transfer -> transfer.id().equals(event.transfer()));
        }

        @Override
        public void onFileRejected(CutlassEvent.FileRejected event) {
            final Session session = running.join();
            session.view()
                    .say(Console.harmless(event.name()) + (event.outgoing() ? " to " : " from ")
                            + session.nameOf(event.peer()) + ": refused: " + TransferText.reason(event.failure()));
        }

        @Override
        public void onFailed(CutlassEvent.Failed event) {
            Console.err().println("cutlass: the engine stopped: " + event.cause());
        }
    }
}
