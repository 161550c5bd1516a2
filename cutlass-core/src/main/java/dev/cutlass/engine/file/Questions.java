package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.FileEntry;
import dev.cutlass.event.TransferFailedException;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.Manifest;
import dev.cutlass.file.SafeNames;
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
    /** For each part of an answer. */
    private static final long QUESTION_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** Names of one listing that are held in memory: 100 bytes each, or a kilobyte if the other side means no good. */
    static final int MAX_LISTED = 100_000;

    /** A LIST that is not answered yet. */
    private static final class Question {
        final PeerId peer;
        final String under;
        final CompletableFuture<List<FileEntry>> answer;
        final List<FileEntry> entries = new ArrayList<>();

        /** The last name that came. */
        String last = "";

        long until;

        Question(PeerId peer, String under, CompletableFuture<List<FileEntry>> answer) {
            this.peer = peer;
            this.under = under;
            this.answer = answer;
        }

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
        askLocked(new Question(peer, under, answer), now);
    }

    private void askLocked(Question question, long now) {
        question.until = now + QUESTION_NANOS;
        final long number = context.questionLocked();
        questions.put(number, question);
        context.turns.wakeByLocked(question.until);
        context.links.sayLocked(question.peer, new ListNames(number, question.under, question.last), true);
    }

    void listedLocked(PeerFiles from, Listing listing, long now) {
        final Question question = questions.get(listing.question());
        if (question == null || !question.isOf(from)) {
            return;
        }
        questions.remove(listing.question());
        for (Listing.Entry entry : listing.entries()) {
            if (Manifest.compare(entry.name(), question.last) <= 0) {
                failLocked(question, TransferFailure.BAD_REQUEST, "the other side lists names out of order");
                return;
            }
            question.last = entry.name();
            if (entry.name()
                    .equals(SafeNames.relative(
                            entry.name()))) { // others cannot be asked for, and are no good to look at
                question.entries.add(new FileEntry(entry.folder(), entry.length(), entry.modified(), entry.name()));
            }
        }
        if (!listing.more() || listing.entries().isEmpty()) {
            context.turns.laterLocked(() -> question.answer.complete(List.copyOf(question.entries)));
        } else if (question.entries.size() >= MAX_LISTED) {
            failLocked(question, TransferFailure.TOO_LARGE, "more than " + MAX_LISTED + " names; list a folder in it");
        } else {
            askLocked(question, now);
        }
    }

    /** Whether it was a question of ours. */
    boolean refusedLocked(PeerFiles from, long number, TransferFailure why) {
        final Question question = questions.get(number);
        if (question == null || !question.isOf(from)) {
            return false;
        }
        questions.remove(number);
        failLocked(question, why, "");
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
                failLocked(question, why, "");
            }
        }
    }

    private void failLocked(Question question, TransferFailure why, String text) {
        context.turns.laterLocked(() -> question.answer.completeExceptionally(new TransferFailedException(why, text)));
    }
}
