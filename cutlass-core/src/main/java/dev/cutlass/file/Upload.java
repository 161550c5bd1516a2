package dev.cutlass.file;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TransferState;
import dev.cutlass.file.wire.Answer;
import dev.cutlass.file.wire.Change;
import dev.cutlass.file.wire.FileMessage;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.wire.Id128;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What a file or folder that one peer is offered is about to do, and what that peer is told. docs/files.md section 4 has the drawing. Nothing in here need survive: who has it says it once more.
 *
 * <p>No I/O, threads or clocks: one thread at a time. After every input {@link #poll} until null.
 */
public final class Upload {
    private final Id128 id;

    /** It answers an ASK. */
    private final boolean answer;

    private final Deque<FileMessage> outbox = new ArrayDeque<>();
    private TransferState state;
    private @Nullable TransferFailure failure;
    private @Nullable Offer offer;
    private boolean accepted;
    private boolean pausedHere;
    private boolean pausedThere;
    private boolean peerThere;
    private long present;

    private Upload(Id128 id, boolean answer, TransferState state) {
        this.id = id;
        this.answer = answer;
        this.state = state;
    }

    /** To be hashed, and then offered. */
    public static Upload pushed(Id128 id) {
        return new Upload(id, false, TransferState.HASHING);
    }

    /** The peer asked: somebody may have to decide. */
    public static Upload asked(Id128 id) {
        return new Upload(id, true, TransferState.DECIDING);
    }

    /** From the list of offers; {@link #renew} says it again. */
    public static Upload recovered(Offer offer) {
        final Upload upload = new Upload(offer.id(), offer.answer(), TransferState.OFFERED);
        upload.offer = offer;
        return upload;
    }

    public Id128 id() {
        return id;
    }

    public boolean isAnswer() {
        return answer;
    }

    public @Nullable Offer offer() {
        return offer;
    }

    public @Nullable TransferFailure failure() {
        return failure;
    }

    public long present() {
        return present;
    }

    /** How it is, for a person. */
    public TransferState state() {
        if (state == TransferState.RUNNING && (pausedHere || pausedThere)) {
            return TransferState.PAUSED;
        }
        return state == TransferState.RUNNING && !peerThere ? TransferState.AWAY : state;
    }

    public boolean isOver() {
        return state.isOver();
    }

    public boolean isAccepted() {
        return accepted;
    }

    /** Whether its blocks may be fetched. An answer to an offer and the first request may come in any order. */
    public boolean isServing() {
        return (state == TransferState.OFFERED || state == TransferState.RUNNING) && !pausedHere;
    }

    public boolean isHeldBack() {
        return pausedHere && !isOver();
    }

    public void peerThere(boolean there) {
        peerThere = there;
    }

    /** Somebody here lets the peer have what it asked for: it is hashed now. */
    public void allow() {
        if (state == TransferState.DECIDING) {
            state = TransferState.HASHING;
        }
    }

    /** It is hashed. */
    public void onHashed(Offer made) {
        if (state == TransferState.HASHING) {
            state = TransferState.OFFERED;
            offer = made;
            renew();
        }
    }

    /** The peer may not know it (any more). */
    public void renew() {
        final Offer made = offer;
        if (made != null && !isOver()) {
            outbox.add(made);
            if (pausedHere) {
                outbox.add(new Change(id, Change.PAUSED, TransferFailure.NONE));
            }
        }
    }

    /** The peer wants it, or does not. True if that is new. */
    public boolean onAnswer(Answer said) {
        if (isOver() || offer == null) {
            return false;
        }
        if (said.code() != TransferFailure.NONE) {
            end(TransferFailure.of(said.code()));
            return true;
        }
        present = clamp(said.present());
        state = TransferState.RUNNING;
        final boolean isNew = !accepted;
        accepted = true;
        return isNew;
    }

    /** The peer says how far it is. */
    public void onProgress(long bytes, boolean paused) {
        if (!isOver() && offer != null) {
            state = TransferState.RUNNING;
            present = clamp(bytes);
            pausedThere = paused;
        }
    }

    private long clamp(long bytes) {
        final Offer made = offer;
        return made == null ? 0 : Math.min(bytes, made.total());
    }

    /** It is over for the peer. True if that is new. */
    public boolean onDone(long code) {
        if (isOver() || offer == null) {
            return false;
        }
        if (code == TransferFailure.NONE) {
            state = TransferState.COMPLETE;
            present = offer.total();
        } else {
            end(TransferFailure.of(code));
        }
        return true;
    }

    private void end(TransferFailure why) {
        state = TransferState.FAILED;
        failure = why;
    }

    /** Somebody here holds it back. */
    public void pause() {
        if (!isOver() && !pausedHere) {
            pausedHere = true;
            if (offer != null) {
                outbox.add(new Change(id, Change.PAUSED, TransferFailure.NONE));
            }
        }
    }

    /** Somebody here lets it go on. */
    public void resume() {
        if (!isOver() && pausedHere) {
            pausedHere = false;
            if (offer != null) {
                outbox.add(new Change(id, Change.GOES_ON, TransferFailure.NONE));
            }
        }
    }

    /** It is given up here. False if it was over before. */
    public boolean fail(TransferFailure why) {
        if (isOver()) {
            return false;
        }
        end(why);
        if (offer != null) {
            if (why != TransferFailure.CLOSED && why != TransferFailure.NOT_SUPPORTED) {
                outbox.add(new Change(id, Change.OVER, why.code()));
            }
        } else if (answer) {
            outbox.add(new Answer(id, why.code(), 0));
        }
        return true;
    }

    /** The next thing to be said to the peer; null: none. */
    public @Nullable FileMessage poll() {
        return outbox.poll();
    }
}
