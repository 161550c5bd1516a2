package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.FilePolicy;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.Download;
import dev.cutlass.file.Manifest;
import dev.cutlass.file.SafeNames;
import dev.cutlass.file.wire.Answer;
import dev.cutlass.file.wire.Ask;
import dev.cutlass.file.wire.Done;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.wire.Id128;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What is let in: offers of peers, by policy or by somebody's decision, and what we asked for ourselves. Under the lock of files. */
final class Admission {
    private final FilesContext context;
    private final Links links;
    private final Downloads downloads;
    private final Endings endings;
    private final Filling filling;
    private final HolderSearch holders;

    Admission(FilesContext context, Downloads downloads, Endings endings, Filling filling, HolderSearch holders) {
        this.context = context;
        this.links = context.links;
        this.downloads = downloads;
        this.endings = endings;
        this.filling = filling;
        this.holders = holders;
    }

    // -- what we ask for

    /** Asks a peer for what it shares. */
    TransferEntry requestLocked(PeerId from, String name, @Nullable Path folder, @Nullable SinkTarget sink, long now) {
        final Id128 id = context.engine.randomId();
        final Download machine = Download.asked(new Download.From(from, id), now);
        final DownloadJob job = downloads.newJobLocked(filling, machine, from, id, name, now);
        job.asked = name;
        job.folder = folder;
        job.sink = sink;
        links.sayLocked(from, new Ask(id, name), true);
        downloads.refreshLocked(job, now);
        return job.entry;
    }

    /** What we asked for is offered. */
    private void answeredLocked(DownloadJob job, PeerFiles from, Offer offer, long now) {
        final SinkTarget sink = job.sink;
        job.offer = offer;
        job.entry.name(offer.name());
        if (!offer.name().equals(SafeNames.single(offer.name()))) {
            endings.failLocked(job, TransferFailure.BAD_NAME, "no safe name", now);
        } else if (offer.total() > context.config.maxLength() || (sink != null && offer.total() > sink.maxLength())) {
            endings.failLocked(job, TransferFailure.TOO_LARGE, offer.total() + " bytes", now);
        } else if (sink != null && offer.folder()) {
            endings.failLocked(job, TransferFailure.BAD_REQUEST, "a folder does not go into a sink", now);
        } else {
            job.holders.put(from.id, HolderSearch.runOf(from));
            acceptLocked(job, now);
        }
    }

    /** A peer answers an ASK: with no. */
    void answerLocked(PeerFiles from, Answer answer, long now) {
        final DownloadJob job = downloads.jobLocked(answer.id());
        if (job != null && job.offer == null && job.peer().equals(from.id) && answer.code() != TransferFailure.NONE) {
            endings.failLocked(job, TransferFailure.of(answer.code()), "the other side said so", now);
        }
    }

    /** The peer does not take part. */
    void refusedLocked(PeerFiles peer, TransferFailure why, long now) {
        for (DownloadJob job : downloads.allLocked()) {
            if (job.peer().equals(peer.id) && job.offer == null) {
                endings.failLocked(job, why, "", now);
            }
        }
    }

    // -- what is offered

    /** A peer offers something, or answers what we asked for. */
    void offerLocked(PeerFiles from, Offer offer, long now) {
        if (context.home.received().contains(offer.id())) {
            links.sayLocked(from.id, new Done(offer.id(), TransferFailure.NONE), false);
            return;
        }
        final DownloadJob asked = downloads.jobLocked(offer.id());
        final boolean isAnswer =
                asked != null && asked.offer == null && asked.peer().equals(from.id);
        DownloadJob same = isAnswer ? null : downloads.sameLocked(from.id, offer);
        if (asked != null && isAnswer && offer.answer()) {
            same = downloads.sameContentLocked(offer);
            if (same == null || !asked.goesWhere(same)) {
                answeredLocked(asked, from, offer, now);
                return;
            }
            downloads.followLocked(asked, same);
        }
        if (same != null) {
            same.machine.onOffer(new Download.From(from.id, offer.id()));
            holders.addLocked(same, from, true, now);
            downloads.sayAllLocked(same);
            downloads.refreshLocked(same, now);
            return;
        }
        final TransferFailure refusal = refusalLocked(from, offer);
        if (refusal != null) {
            links.sayLocked(from.id, new Answer(offer.id(), refusal.code(), 0), false);
            return;
        }
        admitLocked(from, offer, now);
    }

    private void admitLocked(PeerFiles from, Offer offer, long now) {
        final Download machine = Download.offered(new Download.From(from.id, offer.id()), now);
        final DownloadJob job = downloads.newJobLocked(filling, machine, from.id, offer.id(), offer.name(), now);
        job.offer = offer;
        job.ofStranger = !from.known;
        job.holders.put(from.id, HolderSearch.runOf(from));
        if (context.config.policy() == FilePolicy.ASK) {
            context.noticeLocked(
                    from.id,
                    new CutlassEvent.FileOffered(
                            from.id,
                            context.nickLocked(from.id),
                            job.entry.id(),
                            offer.name(),
                            offer.total(),
                            offer.files(),
                            offer.folder()));
            downloads.refreshLocked(job, now);
        } else {
            job.folder = context.config.folder();
            acceptLocked(job, now);
        }
    }

    private @Nullable TransferFailure refusalLocked(PeerFiles from, Offer offer) {
        final FilePolicy policy = context.config.policy();
        if (!context.isPermitted(from)) {
            return TransferFailure.NOT_PERMITTED;
        }
        if (downloads.jobLocked(offer.id()) != null || offer.answer()) {
            return TransferFailure.BAD_REQUEST; // an id of somebody else's, or an answer to nothing
        }
        if (policy == FilePolicy.REFUSE
                || (policy == FilePolicy.ACCEPT_KNOWN && !from.known)
                || (policy != FilePolicy.ASK && context.config.folder() == null)) {
            return TransferFailure.DECLINED;
        }
        if (!offer.name().equals(SafeNames.single(offer.name()))) {
            return TransferFailure.BAD_NAME;
        }
        if (isTooLarge(offer)) {
            return TransferFailure.TOO_LARGE;
        }
        return downloads.isFullLocked(from) ? TransferFailure.BUSY : null;
    }

    private boolean isTooLarge(Offer offer) {
        return offer.total() > context.config.maxLength()
                || offer.length() > context.config.maxLength()
                || (offer.folder() && (offer.length() > Manifest.MAX_LENGTH || offer.files() > Manifest.MAX_ENTRIES));
    }

    /** Somebody here decided. False if it does not wait for that any more. */
    boolean decideLocked(Id128 id, boolean accept, @Nullable Path folder, @Nullable SinkTarget sink, long now) {
        final DownloadJob job = downloads.jobLocked(id);
        if (job == null || job.offer == null || !job.machine.isDeciding()) {
            return false;
        }
        if (!accept) {
            endings.rejectLocked(job, TransferFailure.DECLINED, now);
            return true;
        }
        job.folder = folder == null ? context.config.folder() : folder;
        job.sink = sink;
        acceptLocked(job, now);
        return true;
    }

    private void acceptLocked(DownloadJob job, long now) {
        job.machine.accept(now);
        holders.findLocked(job);
        downloads.sayAllLocked(job);
        context.noticeLocked(
                job.peer(),
                new CutlassEvent.FileAccepted(
                        job.peer(), context.nickLocked(job.peer()), job.entry.id(), job.entry.name(), false));
        downloads.placesLocked();
        downloads.refreshLocked(job, now);
    }
}
