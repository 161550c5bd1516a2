package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.Upload;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.wire.FileMessage;
import dev.cutlass.file.wire.Get;
import dev.cutlass.file.wire.Refused;
import dev.cutlass.store.file.StoreException;
import dev.cutlass.wire.Id128;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All that goes and is not over: what each peer may fetch because it was offered, and how that ends. Under the lock of files. */
final class Uploads {
    private final FilesContext context;
    private final Turns turns;
    private final Links links;
    private final TransferList list;
    private final Map<Id128, UploadJob> jobs = new LinkedHashMap<>();

    Uploads(FilesContext context, TransferList list) {
        this.context = context;
        this.turns = context.turns;
        this.links = context.links;
        this.list = list;
    }

    // -- transfers

    UploadJob newJobLocked(Upload machine, PeerId peer, String name, long now) {
        final TransferEntry entry = list.addLocked(machine.id(), peer, true, name, machine.state());
        final UploadJob job = new UploadJob(machine, entry, peer, now);
        machine.peerThere(links.isConnectedLocked(peer));
        jobs.put(machine.id(), job);
        return job;
    }

    @Nullable
    UploadJob jobLocked(Id128 id) {
        return jobs.get(id);
    }

    /** Of this peer only. */
    @Nullable
    UploadJob jobOfLocked(PeerFiles from, Id128 id) {
        final UploadJob job = jobs.get(id);
        return job != null && job.peer.equals(from.id) ? job : null;
    }

    /** A copy: what is done with one may end it. */
    List<UploadJob> allLocked() {
        return List.copyOf(jobs.values());
    }

    List<UploadJob> allOfLocked(PeerId peer) {
        return jobs.values().stream().filter(job -> job.peer.equals(peer)).toList();
    }

    // -- what is held

    /** The transfer that a root is served for. */
    @Nullable
    UploadJob servingLocked(PeerId peer, Root root) {
        for (UploadJob job : jobs.values()) {
            if (job.peer.equals(peer) && job.machine.isServing() && job.find(root) != null) {
                return job;
            }
        }
        return null;
    }

    /** What a peer may fetch because we offered it. */
    @Nullable
    HeldFile offeredLocked(PeerId peer, Root root) {
        final UploadJob job = servingLocked(peer, root);
        return job == null ? null : job.find(root);
    }

    boolean isHeldBackLocked(PeerId peer, Root root) {
        boolean back = false;
        for (UploadJob job : jobs.values()) {
            if (job.peer.equals(peer) && job.find(root) != null) {
                if (job.machine.isServing()) {
                    return false;
                }
                back |= job.machine.isHeldBack();
            }
        }
        return back;
    }

    /** Files of folders that were not asked for lately are closed. */
    void evictLocked() {
        for (UploadJob job : jobs.values()) {
            final HeldFolder folder = job.folder;
            for (HeldFile old = folder == null ? null : folder.evict();
                    old != null && folder != null;
                    old = folder.evict()) {
                turns.laterLocked(old::close);
            }
        }
    }

    void refuseLocked(PeerFiles to, Get get, TransferFailure why) {
        links.sayLocked(to.id, new Refused(get.request(), why.code()), false);
    }

    // -- how they end

    /** A content cannot be had any more. */
    void lostLocked(Root root, TransferFailure why, String text, long now) {
        for (UploadJob job : allLocked()) {
            if (!job.machine.isOver() && job.find(root) != null) {
                failLocked(job, why, text, now);
            }
        }
    }

    void failLocked(UploadJob job, TransferFailure why, String text, long now) {
        if (job.machine.fail(why)) {
            job.entry.failed(why, text);
            sayAllLocked(job);
            overLocked(job, now);
            noticeAbortedLocked(job, why, text);
        }
    }

    /** The machine says so. */
    void overLocked(UploadJob job, long now) {
        job.over = true;
        jobs.remove(job.machine.id());
        final TransferFailure failure = job.machine.failure();
        if (failure != null && job.entry.failure() == null) {
            job.entry.failed(failure, "the other side said so");
        }
        giveBackLocked(job);
        if (job.path != null && failure != TransferFailure.CLOSED) {
            forgetLocked(job);
        }
        job.publish(now);
        turns.laterLocked(job.entry::tellListeners);
        turns.laterLocked(
                failure == null ? () -> job.entry.completed(Optional.empty()) : job.entry::completedExceptionally);
        list.overLocked(job.entry);
    }

    private void giveBackLocked(UploadJob job) {
        final HeldFile file = job.file;
        final HeldFolder folder = job.folder;
        if (file != null) {
            if (job.machine.failure() != null && offeredLocked(job.peer, file.root()) == null) {
                final PeerFiles peer = links.peerLocked(job.peer);
                peer.removeAll(file.root(), pending -> refuseLocked(peer, pending.get, failureOf(job)));
            }
            turns.laterLocked(file::close);
        }
        if (folder != null) {
            turns.laterLocked(() -> folder.closeAll().forEach(HeldFile::close));
        }
    }

    /** It is not offered again after a restart. */
    private void forgetLocked(UploadJob job) {
        turns.laterLocked(() -> context.books.run(() -> {
            try {
                context.home.offers().done(job.machine.id());
            } catch (StoreException e) {
                context.log("an offer that is over will be made again after a restart", e);
            }
        }));
    }

    static TransferFailure failureOf(UploadJob job) {
        final TransferFailure known = job.machine.failure();
        return known == null ? TransferFailure.OTHER : known;
    }

    // -- what is heard of them

    void noticeAbortedLocked(UploadJob job, TransferFailure why, String text) {
        if (why != TransferFailure.CLOSED) { // else it goes on with the next start
            context.noticeLocked(
                    job.peer,
                    new CutlassEvent.FileAborted(
                            job.peer, context.nickLocked(job.peer), job.entry.id(), job.entry.name(), true, why, text));
        }
    }

    void sayAllLocked(UploadJob job) {
        for (FileMessage message = job.machine.poll(); message != null; message = job.machine.poll()) {
            links.sayLocked(job.peer, message, !job.machine.isAnswer());
        }
    }

    void refreshLocked(UploadJob job, long now) {
        if (job.publish(now)) {
            turns.laterLocked(job.entry::tellListeners);
        }
    }
}
