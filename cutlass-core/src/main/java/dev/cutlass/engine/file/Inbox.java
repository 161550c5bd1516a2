package dev.cutlass.engine.file;

import dev.cutlass.event.ChannelEnd;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.wire.Answer;
import dev.cutlass.file.wire.Ask;
import dev.cutlass.file.wire.Change;
import dev.cutlass.file.wire.Chunk;
import dev.cutlass.file.wire.Done;
import dev.cutlass.file.wire.FileMessage;
import dev.cutlass.file.wire.Find;
import dev.cutlass.file.wire.Get;
import dev.cutlass.file.wire.Hashes;
import dev.cutlass.file.wire.Held;
import dev.cutlass.file.wire.ListNames;
import dev.cutlass.file.wire.Listing;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.file.wire.Progress;
import dev.cutlass.file.wire.Refused;
import dev.cutlass.file.wire.Stop;
import dev.cutlass.file.wire.Wrong;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What peers say: which part of the service each message is for. On the handler executor, in order for each peer. */
final class Inbox implements Links.Listener {
    /** Messages that wait for the end of the recovery, in all; 2 KiB each at most, since nothing was asked for. Whoever has more waits with them. */
    private static final int MAX_EARLY = 1_024;

    private record Early(PeerFiles from, FileMessage message) {}

    private final FilesContext context;
    private final Incoming incoming;
    private final Outgoing outgoing;
    private final Questions questions;

    /** Under the lock; null: all are heard at once. */
    private @Nullable Deque<Early> early = new ArrayDeque<>();

    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    Inbox(FilesContext context, Incoming incoming, Outgoing outgoing, Questions questions) {
        this.context = context;
        this.incoming = incoming;
        this.outgoing = outgoing;
        this.questions = questions;
    }

    @Override
    public void onFileMessage(PeerFiles from, FileMessage message) {
        if (!ready.isDone() && isEarly(from, message)) {
            return;
        }
        hear(from, message);
    }

    /** Whether it waits: what an earlier run left must be known before anything is said about it. No handler waits for that, but for the one of who floods us. */
    private boolean isEarly(PeerFiles from, FileMessage message) {
        final boolean[] waits = new boolean[2];
        context.turns.step(now -> {
            final Deque<Early> queue = early;
            if (queue == null || message instanceof Chunk || message instanceof Hashes) {
                return;
            }
            waits[0] = queue.size() < MAX_EARLY;
            waits[1] = !waits[0];
            if (waits[0]) {
                queue.add(new Early(from, message));
            }
        });
        if (waits[1]) {
            ready.join();
        }
        return waits[0];
    }

    /** The recovery is over: what came meanwhile is heard, then all else at once. */
    void ready() {
        try {
            for (Early next = nextEarly(); next != null; next = nextEarly()) {
                hear(next.from(), next.message());
            }
        } finally {
            ready.complete(null);
        }
    }

    private @Nullable Early nextEarly() {
        final @Nullable Early[] next = new @Nullable Early[1];
        context.turns.step(now -> {
            next[0] = early == null ? null : early.poll();
            if (next[0] == null) {
                early = null;
            }
        });
        return next[0];
    }

    private void hear(PeerFiles from, FileMessage message) {
        if (context.isClosed()) {
            return;
        }
        if (message instanceof Get get) {
            outgoing.replies.onGet(from, get);
        } else if (message instanceof Ask ask) {
            outgoing.replies.onAsk(from, ask);
        } else if (message instanceof ListNames question) {
            outgoing.replies.onList(from, question);
        } else if (message instanceof Find question) {
            outgoing.replies.onFind(from, question);
        } else if (message instanceof Wrong wrong) {
            outgoing.replies.onWrong(from, wrong);
        } else {
            context.turns.step(now -> onMessageLocked(from, message, now));
        }
    }

    private void onMessageLocked(PeerFiles from, FileMessage message, long now) {
        if (message instanceof Chunk chunk) {
            final Fetch fetch = incoming.downloads.fetchLocked(chunk.request());
            if (fetch != null) {
                fetch.chunkLocked(from.id, chunk, now);
            }
        } else if (message instanceof Hashes hashes) {
            final Fetch fetch = incoming.downloads.fetchLocked(hashes.request());
            if (fetch != null) {
                fetch.hashesLocked(from.id, hashes.request(), hashes.hashes(), now);
            }
        } else if (message instanceof Refused refused) {
            refusedLocked(from, refused, now);
        } else if (message instanceof Stop stop) {
            from.stop(stop.first(), stop.last());
        } else if (message instanceof Offer offer) {
            incoming.admission.offerLocked(from, offer, now);
        } else if (message instanceof Answer answer) {
            outgoing.answerLocked(from, answer, now);
            incoming.admission.answerLocked(from, answer, now);
        } else if (message instanceof Progress progress) {
            outgoing.progressLocked(from, progress.id(), progress.present(), progress.paused(), now);
        } else if (message instanceof Done done) {
            outgoing.doneLocked(from, done.id(), done.code(), now);
        } else if (message instanceof Change change) {
            incoming.holders.changeLocked(from, change, now);
        } else if (message instanceof Held held) {
            incoming.holders.heldLocked(from, held, now);
        } else if (message instanceof Listing listing) {
            questions.listedLocked(from, listing, now);
        }
    }

    private void refusedLocked(PeerFiles from, Refused refused, long now) {
        final TransferFailure why = TransferFailure.of(refused.code());
        if (questions.refusedLocked(from, refused.number(), why)) {
            return;
        }
        final Fetch fetch = incoming.downloads.fetchLocked(refused.number());
        if (fetch != null) {
            fetch.refusedLocked(from.id, refused.number(), why, now);
        }
    }

    @Override
    public void onDataChannel(PeerFiles peer) {
        outgoing.sender.wake(peer);
    }

    @Override
    public void onRefusedLocked(PeerFiles peer, ChannelEnd why, long now) {
        final TransferFailure failure = why == ChannelEnd.NOT_PERMITTED
                ? TransferFailure.NOT_PERMITTED
                : why == ChannelEnd.FORGOTTEN ? TransferFailure.CANCELLED : TransferFailure.NOT_SUPPORTED;
        outgoing.refusedLocked(peer, failure, now);
        incoming.admission.refusedLocked(peer, failure, now);
        questions.refusedLocked(peer, failure);
    }
}
