package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.FilePolicy;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TransferState;
import dev.cutlass.file.Manifest;
import dev.cutlass.file.Upload;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.wire.Answer;
import dev.cutlass.file.wire.Ask;
import dev.cutlass.file.wire.FileMessage;
import dev.cutlass.file.wire.Find;
import dev.cutlass.file.wire.Get;
import dev.cutlass.file.wire.Held;
import dev.cutlass.file.wire.ListNames;
import dev.cutlass.file.wire.Listing;
import dev.cutlass.file.wire.Refused;
import dev.cutlass.file.wire.Wrong;
import dev.cutlass.store.file.StoreException;
import dev.cutlass.wire.Id128;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What peers want of us is answered. What begins with {@code on} runs on the handler executor without the lock of files, since it looks at the disk and asks the application; the rest with it. */
final class Replies {
    /** Open at once with one peer; more are refused. */
    private static final int MAX_OF_PEER = 64;

    /** Asked for and not over, of all peers together: strangers may not fill memory. Whoever is away for longest makes room. */
    private static final int MAX_ASKED = 1_024;

    /** A complaint makes us read a block and hash it: so often at most, for each peer. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What was listed lately and was longer than a message. */
    private record Listed(PeerId peer, String under, List<Listing.Entry> entries) {
        boolean continues(PeerId asks, ListNames question) {
            return !question.after().isEmpty() && peer.equals(asks) && under.equals(question.under());
        }

        /** The first whose name comes after another; names ascend. */
        int firstAfter(String name) {
            int low = 0;
            int high = entries.size();
            while (low < high) {
                final int middle = (low + high) >>> 1;
                if (name.isEmpty() || Manifest.compare(entries.get(middle).name(), name) > 0) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low;
        }
    }

    /** Of all peers together: memory for more than one is not worth it. */
    private final AtomicReference<@Nullable Listed> listed = new AtomicReference<>();

    private final FilesContext context;
    private final Turns turns;
    private final Links links;
    private final Uploads uploads;
    private final Shares shares;
    private final Hashing hashing;
    private final Sender sender;

    Replies(FilesContext context, Uploads uploads, Shares shares, Hashing hashing, Sender sender) {
        this.context = context;
        this.turns = context.turns;
        this.links = context.links;
        this.uploads = uploads;
        this.shares = shares;
        this.hashing = hashing;
        this.sender = sender;
    }

    // -- ASK

    void onAsk(PeerFiles from, Ask ask) {
        final boolean permitted = context.isPermitted(from);
        final Path path = permitted ? shares.find(from.id, ask.name()) : null;
        turns.step(now -> askedLocked(from, ask, permitted, path, now));
    }

    private void askedLocked(PeerFiles from, Ask ask, boolean permitted, @Nullable Path path, long now) {
        final UploadJob known = uploads.jobLocked(ask.id());
        if (known != null) {
            if (known.peer.equals(from.id)) {
                known.machine.renew();
                uploads.sayAllLocked(known);
            }
            return;
        }
        final TransferFailure refusal = refusalLocked(from, permitted, path, now);
        if (refusal != null || path == null) {
            links.sayLocked(
                    from.id,
                    new Answer(ask.id(), (refusal == null ? TransferFailure.NOT_FOUND : refusal).code(), 0),
                    false);
            return;
        }
        final String last = ask.name().substring(ask.name().lastIndexOf('/') + 1);
        final UploadJob job = uploads.newJobLocked(Upload.asked(ask.id(), now), from.id, last, now);
        job.path = path;
        job.asked = ask.name();
        if (context.config.requestPolicy() == FilePolicy.ASK) {
            context.noticeLocked(
                    from.id,
                    new CutlassEvent.FileRequested(from.id, context.nickLocked(from.id), job.entry.id(), ask.name()));
        } else {
            job.machine.allow();
            hashing.hashLocked(job);
        }
        uploads.refreshLocked(job, now);
    }

    private @Nullable TransferFailure refusalLocked(PeerFiles from, boolean permitted, @Nullable Path path, long now) {
        final FilePolicy policy = context.config.requestPolicy();
        if (!permitted) {
            return TransferFailure.NOT_PERMITTED;
        }
        if (path == null) {
            return TransferFailure.NOT_FOUND;
        }
        if (policy == FilePolicy.REFUSE || (policy == FilePolicy.ACCEPT_KNOWN && !from.known)) {
            return TransferFailure.DECLINED;
        }
        return uploads.askedOfLocked(from.id) >= MAX_OF_PEER || !uploads.hasRoomLocked(MAX_ASKED, now)
                ? TransferFailure.BUSY
                : null;
    }

    /** Somebody here decided about a request. */
    void decideLocked(Id128 id, boolean allowed, long now) {
        final UploadJob job = uploads.jobLocked(id);
        if (job == null || job.machine.state() != TransferState.DECIDING) {
            return;
        }
        if (allowed) {
            job.machine.allow();
            hashing.hashLocked(job);
            uploads.refreshLocked(job, now);
        } else {
            uploads.failLocked(job, TransferFailure.DECLINED, "", now);
        }
    }

    // -- LIST, FIND

    void onList(PeerFiles from, ListNames question) {
        final FileMessage answer;
        if (!context.isPermitted(from)) {
            answer = new Refused(question.question(), TransferFailure.NOT_PERMITTED.code());
        } else {
            answer = listing(from, question);
        }
        turns.step(now -> links.sayLocked(from.id, answer, false));
    }

    /** A folder is read for its first part, not for each that follows: what is listed may be large. */
    private Listing listing(PeerFiles from, ListNames question) {
        final Listed before = listed.getAndSet(null);
        final Listed all = before != null && before.continues(from.id, question)
                ? before
                : new Listed(from.id, question.under(), shares.list(from.id, question.under()));
        final int first = all.firstAfter(question.after());
        final Listing answer = Listing.of(
                question.question(), all.entries().subList(first, all.entries().size()), false);
        if (answer.more()) {
            listed.set(all);
        }
        return answer;
    }

    void onFind(PeerFiles from, Find question) {
        final boolean permitted = context.isPermitted(from);
        final List<Root> shared = question.roots().stream()
                .filter(root -> permitted && shares.held(from.id, root) != null)
                .toList();
        turns.step(now -> {
            final List<Root> held = new ArrayList<>();
            for (Root root : question.roots()) {
                if (permitted && (shared.contains(root) || uploads.servingLocked(from.id, root) != null)) {
                    held.add(root);
                }
            }
            links.sayLocked(from.id, new Held(question.question(), held), false);
        });
    }

    // -- GET, WRONG

    void onGet(PeerFiles from, Get get) {
        final boolean permitted = context.isPermitted(from);
        final HeldFile shared = shares.held(from.id, get.root());
        turns.step(now -> {
            if (!permitted) {
                uploads.refuseLocked(from, get, TransferFailure.NOT_PERMITTED);
            } else if (shared == null && uploads.isHeldBackLocked(from.id, get.root())) {
                uploads.refuseLocked(from, get, TransferFailure.PAUSED);
            } else if (!from.add(get, shared)) {
                uploads.refuseLocked(from, get, TransferFailure.BUSY);
            } else {
                uploads.heardLocked(from.id, get.root(), now);
            }
        });
        sender.wake(from);
    }

    /** A block that we sent was wrong, they say. */
    void onWrong(PeerFiles from, Wrong wrong) {
        final HeldFile held = suspect(from, wrong.root());
        if (held == null || wrong.block() < 0 || wrong.block() >= held.shape().blocks()) {
            return;
        }
        try {
            if (!held.isGood(wrong.block())) {
                turns.step(now ->
                        uploads.lostLocked(wrong.root(), TransferFailure.CHANGED, "the source has changed", now));
            }
        } catch (StoreException e) {
            turns.step(now -> uploads.lostLocked(wrong.root(), e.failure(), String.valueOf(e.getMessage()), now));
        }
    }

    private @Nullable HeldFile suspect(PeerFiles from, Root root) {
        final HeldFile shared = shares.held(from.id, root);
        final @Nullable HeldFile[] suspect = new @Nullable HeldFile[1];
        turns.step(now -> {
            if (from.lookedAt < 0 || now - from.lookedAt >= LOOK_NANOS) {
                from.lookedAt = now;
                final HeldFile offered = uploads.offeredLocked(from.id, root);
                suspect[0] = offered == null ? shared : offered;
            }
        });
        return suspect[0];
    }
}
