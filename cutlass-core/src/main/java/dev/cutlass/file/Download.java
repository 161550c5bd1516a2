package dev.cutlass.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TransferState;
import dev.cutlass.file.wire.Answer;
import dev.cutlass.file.wire.Done;
import dev.cutlass.file.wire.FileMessage;
import dev.cutlass.file.wire.Progress;
import dev.cutlass.wire.Id128;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a file or folder that comes is about to do, and what its offerers are told of that. docs/files.md section 4 has the drawing. Which block is asked of whom is the {@link BlockScheduler}'s.
 *
 * <p>No I/O, threads or clocks: one thread at a time, times in ticker nanos. After every input {@link #poll} until null, then {@link #nextDeadline}.
 */
public final class Download {
    /** What {@link #nextDeadline} answers when there is none. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** An offer that nobody decides expires. */
    public static final long DECISION_NANOS = TimeUnit.HOURS.toNanos(24);

    /** With a holder that is there, and no byte for so long, it is given up. */
    public static final long STUCK_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** An offer: who made it, and under which id. */
    public record From(PeerId peer, Id128 id) {}

    /** Something to be said. */
    public record Say(PeerId to, FileMessage message) {}

    private final Offers offers;
    private final Deque<Say> outbox = new ArrayDeque<>();
    private TransferState state;
    private @Nullable TransferFailure failure;

    /** Whether we said that we want it. */
    private boolean accepted;

    private boolean holderThere;

    /** The holder holds it back. */
    private boolean heldBack;

    private long present;
    private long told = -1;
    private long toldAt;
    private long since;

    private Download(From first, TransferState state, boolean accepted, long now) {
        this.offers = new Offers(first);
        this.state = state;
        this.accepted = accepted;
        this.since = now;
        this.toldAt = now;
    }

    /** Somebody offers it: to be decided. */
    public static Download offered(From from, long now) {
        return new Download(from, TransferState.DECIDING, false, now);
    }

    /** We asked for it: the offer is to come. */
    public static Download asked(From from, long now) {
        return new Download(from, TransferState.DECIDING, true, now);
    }

    /** From a journal. */
    public static Download recovered(From from, boolean paused, long now) {
        return new Download(from, paused ? TransferState.PAUSED : TransferState.QUEUED, true, now);
    }

    /** How it is, for a person: {@link TransferState#AWAY} if it could go on but for a holder. */
    public TransferState state() {
        if (state == TransferState.RUNNING && heldBack) {
            return TransferState.PAUSED;
        }
        return (state == TransferState.RUNNING || state == TransferState.QUEUED) && !holderThere
                ? TransferState.AWAY
                : state;
    }

    public boolean isOver() {
        return state.isOver();
    }

    /** Whether blocks are wanted, now or when it is its turn. */
    public boolean isWanted() {
        return state == TransferState.QUEUED || state == TransferState.RUNNING;
    }

    /** Whether blocks may be asked for now. */
    public boolean isRunning() {
        return state == TransferState.RUNNING;
    }

    public boolean isDeciding() {
        return state == TransferState.DECIDING;
    }

    /** Whether somebody here halted it. */
    public boolean isPausedByUs() {
        return state == TransferState.PAUSED;
    }

    public @Nullable TransferFailure failure() {
        return failure;
    }

    public boolean isOfferedBy(PeerId peer) {
        return offers.isOfferedBy(peer);
    }

    public List<From> offers() {
        return offers.all();
    }

    /** Another offer of the same content, or the same once more. Who makes too many at once is told to wait. */
    public void onOffer(From from) {
        if (!offers.add(from)) {
            say(from, new Answer(from.id(), TransferFailure.BUSY.code(), 0));
        } else if (state == TransferState.COMPLETE) {
            say(from, new Done(from.id(), TransferFailure.NONE));
        } else if (accepted && state != TransferState.FAILED) {
            say(from, new Answer(from.id(), TransferFailure.NONE, present));
        }
    }

    /** A peer takes an offer back, and with it those of its earlier runs. */
    public void onWithdrawn(From from) {
        offers.remove(from);
    }

    /** A peer was restarted: its offers are void until it makes them again. */
    public void onRestarted(PeerId peer) {
        offers.restarted(peer);
    }

    /** It is wanted. */
    public void accept(long now) {
        if (state == TransferState.DECIDING) {
            state = TransferState.QUEUED;
            accepted = true;
            since = now;
            sayAll(id -> new Answer(id, TransferFailure.NONE, present));
        }
    }

    /** It is its turn. */
    public void start(long now) {
        if (state == TransferState.QUEUED) {
            state = TransferState.RUNNING;
            since = now;
        }
    }

    /** Something else is more urgent, or nobody is there who has it. */
    public void giveWay() {
        if (state == TransferState.RUNNING) {
            state = TransferState.QUEUED;
        }
    }

    /** Whether anybody who has it is connected. */
    public void holderThere(boolean there, long now) {
        if (there && !holderThere) {
            since = now;
        }
        holderThere = there;
    }

    /** The holder holds it back, or no longer. */
    public void heldBack(boolean back, long now) {
        heldBack = back;
        since = now;
    }

    /** Somebody here halts it. */
    public void pause(long now) {
        if (isWanted()) {
            state = TransferState.PAUSED;
            tell(now);
        }
    }

    /** Somebody here lets it go on. */
    public void resume(long now) {
        if (state == TransferState.PAUSED) {
            state = TransferState.QUEUED;
            since = now;
            tell(now);
        }
    }

    /** So many bytes are written now. */
    public void onPresent(long bytes, long now) {
        if (bytes != present) {
            present = bytes;
            since = now;
        }
    }

    /** Something was done that is no bytes: a file or folder that is empty. */
    public void onMoved(long now) {
        since = now;
    }

    public long present() {
        return present;
    }

    /** All is there, and gets its name. */
    public void onAllThere() {
        if (!isOver() && state != TransferState.DECIDING) {
            state = TransferState.FINISHING;
        }
    }

    /** Something turned out to be missing after all. */
    public void onNotAllThere(long now) {
        if (state == TransferState.FINISHING) {
            state = TransferState.QUEUED;
            since = now;
        }
    }

    /** It has its name, on disk. */
    public void onNamed() {
        if (!isOver()) {
            state = TransferState.COMPLETE;
            sayAll(id -> new Done(id, TransferFailure.NONE));
        }
    }

    /** It is given up, or was refused. False if it was over before: nothing happens then. */
    public boolean fail(TransferFailure why) {
        if (isOver()) {
            return false;
        }
        state = TransferState.FAILED;
        failure = why;
        final boolean wasAccepted = accepted;
        if (why != TransferFailure.CLOSED && why != TransferFailure.NOT_SUPPORTED) {
            sayAll(id -> wasAccepted ? new Done(id, why.code()) : new Answer(id, why.code(), 0));
        }
        return true;
    }

    /** Does what is due. Afterwards {@link #failure} may have something new. */
    public void handleTimeout(long now) {
        if (state == TransferState.DECIDING && now - since >= DECISION_NANOS) {
            fail(TransferFailure.EXPIRED);
        } else if (isMoving() && now - since >= STUCK_NANOS) {
            fail(TransferFailure.EXPIRED);
        } else if (isMoving() && present != told && now - toldAt >= PROGRESS_NANOS) {
            tell(now);
        }
    }

    private boolean isMoving() {
        return state == TransferState.RUNNING && holderThere && !heldBack;
    }

    /** When {@link #handleTimeout} is to be called if nothing else happens. */
    public long nextDeadline() {
        if (state == TransferState.DECIDING) {
            return since + DECISION_NANOS;
        }
        if (!isMoving()) {
            return NO_DEADLINE;
        }
        final long stuck = since + STUCK_NANOS;
        return present == told ? stuck : Math.min(stuck, toldAt + PROGRESS_NANOS);
    }

    /** The next thing to be said; null: none. */
    public @Nullable Say poll() {
        return outbox.poll();
    }

    private void tell(long now) {
        told = present;
        toldAt = now;
        final boolean paused = state == TransferState.PAUSED;
        sayAll(id -> new Progress(id, present, paused));
    }

    private interface Words {
        FileMessage of(Id128 id);
    }

    private void sayAll(Words words) {
        offers.all().forEach(from -> say(from, words.of(from.id())));
    }

    private void say(From to, FileMessage message) {
        outbox.add(new Say(to.peer(), message));
    }
}
