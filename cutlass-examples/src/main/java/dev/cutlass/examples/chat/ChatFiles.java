package dev.cutlass.examples.chat;

import dev.cutlass.FileOffer;
import dev.cutlass.FileTransfers;
import dev.cutlass.Peer;
import dev.cutlass.Transfer;
import dev.cutlass.event.TransferFailedException;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.examples.CommandFailure;
import dev.cutlass.examples.Console;
import dev.cutlass.examples.file.TransferText;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Files of a talk at a terminal: what is offered waits here for a decision. Any thread. */
final class ChatFiles {
    /** What comes goes into the folder in which the chat was started. */
    private static final Path HERE = Path.of("").toAbsolutePath();

    private final ChatRoom room;
    private final ChatView view;
    private final Map<Integer, FileOffer> offers = new ConcurrentSkipListMap<>();
    private final AtomicInteger numbers = new AtomicInteger();

    ChatFiles(ChatRoom room, ChatView view) {
        this.room = room;
        this.view = view;
    }

    static Path folder() {
        return HERE;
    }

    private FileTransfers files() {
        return room.cutlass().files();
    }

    /** A peer offers something. */
    void offered(FileOffer offer) {
        final int number = numbers.incrementAndGet();
        offers.put(number, offer);
        view.warning(room.nameOf(offer.peer()) + " sends " + Console.harmless(offer.name()) + ", "
                + (offer.isFolder() ? "a folder with " + Console.count(offer.files(), "file") + ", " : "")
                + TransferText.bytes(offer.length()) + ". Type /accept " + number + " or /refuse " + number);
    }

    /** Those that wait, by their numbers. */
    Map<Integer, FileOffer> offers() {
        return offers;
    }

    /** False if it was decided already. */
    boolean decide(int number, boolean accept) {
        final FileOffer offer = offers.remove(number);
        if (offer == null) {
            return false;
        }
        if (accept) {
            follow(offer.accept(HERE));
        } else {
            offer.reject();
        }
        return true;
    }

    /** {@code [NICK] FILE}; who it is for need not be said to the only one who is here. */
    void send(String text) throws CommandFailure, ChatRoom.AmbiguousNameException {
        final To to = to(text, "/send [NICK] FILE");
        final Path path;
        try {
            path = Path.of(to.rest());
        } catch (InvalidPathException wrong) {
            throw new CommandFailure(wrong);
        }
        if (!Files.exists(path)) {
            throw new CommandFailure("there is no file or folder " + Console.harmless(to.rest()));
        }
        follow(files().send(to.peer(), path));
    }

    /** {@code [NICK] NAME}. */
    void get(String text) throws CommandFailure, ChatRoom.AmbiguousNameException {
        final To to = to(text, "/get [NICK] NAME");
        follow(files().request(to.peer(), to.rest(), HERE));
    }

    /** For a person: one a line, those that are over last among them. */
    List<String> list() {
        return files().all().stream()
                .map(transfer -> {
                    final String peer = nameOf(transfer);
                    return transfer.state().isOver()
                            ? TransferText.title(transfer, peer) + ": " + TransferText.state(transfer)
                            : TransferText.bar(transfer, peer);
                })
                .toList();
    }

    private record To(Peer peer, String rest) {}

    private To to(String text, String usage) throws CommandFailure, ChatRoom.AmbiguousNameException {
        if (text.isEmpty()) {
            throw new CommandFailure("usage: " + usage);
        }
        final String[] words = text.split("\\s+", 2);
        if (words.length == 2) {
            final Optional<Peer> named = room.find(words[0]);
            if (named.isPresent()) {
                return new To(named.get(), words[1].strip());
            }
        }
        final List<Peer> here = room.connected();
        if (here.size() != 1) {
            throw new CommandFailure(
                    here.isEmpty()
                            ? "nobody is here; usage: " + usage
                            : "more than one is here, say whom you mean: " + usage);
        }
        return new To(here.get(0), text);
    }

    private String nameOf(Transfer transfer) {
        return room.cutlass()
                .peer(transfer.peer())
                .map(room::nameOf)
                .orElseGet(() -> ChatRoom.shortPrint(transfer.peer()));
    }

    /** Tells what becomes of it. */
    private void follow(Transfer transfer) {
        view.notice(TransferText.title(transfer, nameOf(transfer)) + ": begins; /transfers shows how it goes");
        final CompletableFuture<Void> unused = transfer.result()
                .thenAccept(path -> view.notice(TransferText.complete(transfer, nameOf(transfer), path)))
                .exceptionally(failure -> {
                    failed(transfer, failure);
                    return null;
                });
    }

    private void failed(Transfer transfer, Throwable failure) {
        final Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        final TransferFailure why =
                cause instanceof TransferFailedException known ? known.failure() : TransferFailure.OTHER;
        if (why != TransferFailure.CLOSED) { // the person leaves, and knows
            view.warning(TransferText.title(transfer, nameOf(transfer)) + ": failed: " + TransferText.reason(why));
        }
    }
}
