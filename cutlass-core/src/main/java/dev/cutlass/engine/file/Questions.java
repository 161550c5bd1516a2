package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.FileEntry;
import dev.cutlass.event.TransferFailedException;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.wire.ListNames;
import dev.cutlass.file.wire.Listing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What we want to know of peers: the names of what they share. Under the lock of files. */
final class Questions {
    private static final long QUESTION_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** Names of one listing that are held in memory. */
    private static final int MAX_LISTED = 100_000;

    /** A LIST that is not answered yet. */
    private record Question(
            PeerId peer, String under, List<FileEntry> entries, CompletableFuture<List<FileEntry>> answer, long until) {
        boolean isOf(PeerFiles other) {
            return peer.equals(other.id);
        }
    }

    private final FilesContext context;
    private final Map<Long, Question> questions = new LinkedHashMap<>();

    Questions(FilesContext context) {
        this.context = context;
    }

    void askLocked(PeerId peer, String under, CompletableFuture<List<FileEntry>> answer, long now) {
        askLocked(new Question(peer, under, new ArrayList<>(), answer, now + QUESTION_NANOS), "");
    }

    private void askLocked(Question question, String after) {
        final long number = context.questionLocked();
        questions.put(number, question);
        context.turns.wakeByLocked(question.until);
        context.links.sayLocked(question.peer, new ListNames(number, question.under, after), true);
    }

    void listedLocked(PeerFiles from, Listing listing) {
        final Question question = questions.get(listing.question());
        if (question == null || !question.isOf(from)) {
            return;
        }
        questions.remove(listing.question());
        for (Listing.Entry entry : listing.entries()) {
            question.entries.add(new FileEntry(entry.folder(), entry.length(), entry.modified(), entry.name()));
        }
        if (listing.more() && !listing.entries().isEmpty() && question.entries.size() < MAX_LISTED) {
            askLocked(
                    question,
                    listing.entries().get(listing.entries().size() - 1).name());
        } else {
            context.turns.laterLocked(() -> question.answer.complete(List.copyOf(question.entries)));
        }
    }

    /** Whether it was a question of ours. */
    boolean refusedLocked(PeerFiles from, long number, TransferFailure why) {
        final Question question = questions.get(number);
        if (question == null || !question.isOf(from)) {
            return false;
        }
        questions.remove(number);
        failLocked(question, why);
        return true;
    }

    /** The peer does not take part. */
    void refusedLocked(PeerFiles peer, TransferFailure why) {
        failAllLocked(question -> question.isOf(peer), why);
    }

    void timeoutLocked(long now) {
        failAllLocked(question -> now >= question.until, TransferFailure.EXPIRED);
        questions.values().forEach(question -> context.turns.wakeByLocked(question.until));
    }

    void closeLocked() {
        failAllLocked(question -> true, TransferFailure.CLOSED);
    }

    private void failAllLocked(Predicate<Question> which, TransferFailure why) {
        for (Question question : List.copyOf(questions.values())) {
            if (which.test(question)) {
                questions.values().remove(question);
                failLocked(question, why);
            }
        }
    }

    private void failLocked(Question question, TransferFailure why) {
        context.turns.laterLocked(() -> question.answer.completeExceptionally(new TransferFailedException(why, "")));
    }
}
