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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a file or folder that one peer is offered is about to do, and what that peer is told. docs/files.md section 4 has the drawing. Nothing in here need survive: who has it says it once more.
 *
 * <p>No I/O, threads or clocks: one thread at a time. After every input {@link #poll} until null.
 */
public final class Upload {
    /** What {@link #nextDeadline} answers when there is none. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** A request that nobody here decides expires: as an offer does there. */
    public static final long DECISION_NANOS = Download.DECISION_NANOS;

    /** A peer that is there and does not answer an offer: twice what a person there has to decide. */
    public static final long ANSWER_NANOS = 2 * Download.DECISION_NANOS;

    /** Nothing is heard of the peer for so long: as long as it keeps a part on which nothing is done. */
    public static final long SILENCE_NANOS = TimeUnit.DAYS.toNanos(30);

    /** Likewise, for what the peer asked for: it has only to ask again, and strangers may not fill memory. */
    public static final long ASKED_SILENCE_NANOS = TimeUnit.DAYS.toNanos(7);

    /** A peer that has too many offers is offered this one again. */
    public static final long BUSY_NANOS = TimeUnit.SECONDS.toNanos(30);

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

    /** The peer was told of it in an earlier run, and has to hear if it is over. */
    private boolean known;

    /** When something was heard of the peer, or it began. */
    private long heardAt;

    /** Since when it is offered to a peer that is there. */
    private long askedAt;

    /** The peer is busy: not before this time. */
    private long notBefore = Long.MIN_VALUE;

    private Upload(Id128 id, boolean answer, TransferState state, long now) {
        this.id = id;
        this.answer = answer;
        this.state = state;
        this.heardAt = now;
        this.askedAt = now;
    }

    /** To be hashed, and then offered. */
    public static Upload pushed(Id128 id, long now) {
        return new Upload(id, false, TransferState.HASHING, now);
    }

    /** The peer asked: somebody may have to decide. */
    public static Upload asked(Id128 id, long now) {
        return new Upload(id, true, TransferState.DECIDING, now);
    }

    /**
     * Offered in an earlier run: to be hashed, and then offered again.
     *
     * @param heardAt when something was heard of it; may be before the ticker began
     */
    public static Upload recovered(Id128 id, boolean answer, long heardAt, long now) {
        final Upload upload = new Upload(id, answer, TransferState.HASHING, now);
        upload.known = true;
        upload.heardAt = heardAt;
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
        return offer != null && !isOver() && !pausedHere;
    }

    /** Whether the peer was told of it and it takes one of the peer's places. */
    public boolean isOut() {
        return (state == TransferState.OFFERED || state == TransferState.RUNNING) && !pausedHere && !pausedThere;
    }

    /** Whether it is hashed, and may be offered as soon as there is a place. */
    public boolean isWaiting(long now) {
        return state == TransferState.QUEUED && !pausedHere && now >= notBefore;
    }

    public boolean isHeldBack() {
        return pausedHere && !isOver();
    }

    public void peerThere(boolean there, long now) {
        if (there && !peerThere) {
            askedAt = now;
        }
        peerThere = there;
    }

    /** Somebody here lets the peer have what it asked for: it is hashed now. */
    public void allow() {
        if (state == TransferState.DECIDING) {
            state = TransferState.HASHING;
        }
    }

    /** It is hashed: {@link #offerNow} is next. */
    public void onHashed(Offer made) {
        if (state == TransferState.HASHING) {
            state = TransferState.QUEUED;
            offer = made;
        }
    }

    /** The peer is told of it. */
    public void offerNow(long now) {
        if (state == TransferState.QUEUED) {
            state = TransferState.OFFERED;
            askedAt = now;
            renew();
        }
    }

    /** The peer may not know it (any more). */
    public void renew() {
        final Offer made = offer;
        if (made != null && !isOver() && state != TransferState.QUEUED) {
            outbox.add(made);
            if (pausedHere) {
                outbox.add(new Change(id, Change.PAUSED, TransferFailure.NONE));
            }
        }
    }

    /** The peer wants it, or does not. True if that is new. */
    public boolean onAnswer(Answer said, long now) {
        if (isOver() || offer == null) {
            return false;
        }
        heardAt = now;
        if (!answer && said.code() == TransferFailure.BUSY.code()) {
            state = TransferState.QUEUED;
            notBefore = now + BUSY_NANOS;
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
    public void onProgress(long bytes, boolean paused, long now) {
        if (!isOver() && offer != null) {
            heardAt = now;
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
        if (offer != null || known) {
            sayOver(why);
        } else if (answer) {
            outbox.add(new Answer(id, why.code(), 0));
        }
        return true;
    }

    private void sayOver(TransferFailure why) {
        if (why != TransferFailure.CLOSED && why != TransferFailure.NOT_SUPPORTED) {
            outbox.add(new Change(id, Change.OVER, why.code()));
        }
    }

    /** When something was heard of the peer about it, or it began. */
    public long heardAt() {
        return heardAt;
    }

    /** The peer asked for some of it. */
    public void onRequest(long now) {
        heardAt = now;
    }

    /** Does what is due. Afterwards {@link #failure} may have something new. */
    public void handleTimeout(long now) {
        if (!isOver() && now >= expiry()) {
            fail(TransferFailure.EXPIRED);
        }
    }

    /** When {@link #handleTimeout} is to be called, or it may be offered again, if nothing else happens. */
    public long nextDeadline(long now) {
        if (isOver()) {
            return NO_DEADLINE;
        }
        return state == TransferState.QUEUED && notBefore > now ? Math.min(notBefore, expiry()) : expiry();
    }

    private long expiry() {
        if (state == TransferState.HASHING) {
            return NO_DEADLINE; // takes what it takes, and fails by itself
        }
        if (state == TransferState.DECIDING) {
            return heardAt + DECISION_NANOS;
        }
        final long silent = heardAt + (answer ? ASKED_SILENCE_NANOS : SILENCE_NANOS);
        return state == TransferState.OFFERED && peerThere ? Math.min(silent, askedAt + ANSWER_NANOS) : silent;
    }

    /** The next thing to be said to the peer; null: none. */
    public @Nullable FileMessage poll() {
        return outbox.poll();
    }
}
