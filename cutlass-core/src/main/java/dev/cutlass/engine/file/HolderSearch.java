package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.HolderPolicy;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TransferState;
import dev.cutlass.file.Download;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.wire.Ask;
import dev.cutlass.file.wire.Change;
import dev.cutlass.file.wire.Find;
import dev.cutlass.file.wire.Held;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.wire.Id128;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/** Who has what comes: whom to ask, who says so, who is there, who gives up. Under the lock of files. */
final class HolderSearch {
    /** Who is asked for one transfer: of more than eight nothing is fetched at once, and each question is a message. */
    private static final int MAX_ASKED = 64;

    /** Who is kept in mind for one transfer, there or not. */
    private static final int MAX_HOLDERS = 64;

    private final FilesContext context;
    private final Downloads downloads;
    private final Endings endings;

    HolderSearch(FilesContext context, Downloads downloads, Endings endings) {
        this.context = context;
        this.downloads = downloads;
        this.endings = endings;
    }

    static Object runOf(PeerFiles peer) {
        final Id128 boot = peer.boot;
        return boot == null ? Id128.ZERO : boot;
    }

    /** Somebody has it. What was asked of an earlier run of its is void. */
    void addLocked(DownloadJob job, PeerFiles peer, boolean isOffer, long now) {
        if (job.holders.size() >= MAX_HOLDERS && !job.holders.containsKey(peer.id) && !forgetAway(job)) {
            return;
        }
        final Object run = runOf(peer);
        final Object before = job.holders.put(peer.id, run);
        final boolean isNew = !run.equals(before);
        job.forEachFetch(fetch -> {
            if (isNew) {
                fetch.removeHolderLocked(peer.id, now);
            }
            if (!fetch.hasHolderLocked(peer.id)) {
                fetch.addHolderLocked(peer.id, now);
            }
            if (isNew && isOffer) {
                fetch.pausedLocked(peer.id, false, now);
            }
        });
        final Fetch main = job.main;
        if (isNew && main != null && !peer.id.equals(job.peer()) && main.target() instanceof PartTarget target) {
            main.onStrandLocked(() -> target.part().noteHolder(peer.id), () -> {});
        }
        downloads.placesLocked();
    }

    private boolean forgetAway(DownloadJob job) {
        return job.holders.keySet().removeIf(peer -> !context.links.isConnectedLocked(peer));
    }

    /** Asks all who are there whether they have it. */
    void findLocked(DownloadJob job) {
        final Offer offer = job.offer;
        if (offer == null) {
            return;
        }
        findLocked(offer.root(), peer -> mayAsk(peer) && !job.holders.containsKey(peer.id));
    }

    private void findLocked(Root root, Predicate<PeerFiles> whom) {
        int asked = 0;
        for (PeerFiles peer : context.links.connectedLocked()) {
            if (asked < MAX_ASKED && whom.test(peer)) {
                askLocked(peer, List.of(root));
                asked++;
            }
        }
    }

    /** Likewise, and those who had it in an earlier run. */
    void findAgainLocked(Root root, Collection<PeerId> known) {
        findLocked(root, peer -> mayAsk(peer) || known.contains(peer.id));
    }

    private void askLocked(PeerFiles peer, List<Root> roots) {
        final long question = context.questionLocked();
        peer.asked(question);
        context.links.sayLocked(peer.id, new Find(question, roots), true);
    }

    private boolean mayAsk(PeerFiles peer) {
        final HolderPolicy policy = context.config.findHolders();
        return policy == HolderPolicy.ALL || (policy == HolderPolicy.KNOWN && peer.known);
    }

    void heldLocked(PeerFiles from, Held held, long now) {
        if (!from.answered(held.question())) {
            return; // else anybody could say what we fetch is to be fetched of him
        }
        for (DownloadJob job : downloads.allLocked()) {
            final Offer offer = job.offer;
            if (offer != null && job.isUnderWay() && held.roots().contains(offer.root())) {
                addLocked(job, from, false, now);
                downloads.refreshLocked(job, now);
            }
        }
    }

    void connectedLocked(PeerFiles peer, boolean isNewRun, long now) {
        final List<Root> wanted = new ArrayList<>();
        for (DownloadJob job : downloads.allLocked()) {
            if (isNewRun) {
                job.machine.onRestarted(peer.id);
                renewLocked(job, peer, now);
                final Offer offer = job.offer;
                if (offer != null
                        && job.isUnderWay()
                        && wanted.size() < Find.MAX_ROOTS
                        && (mayAsk(peer) || job.machine.isOfferedBy(peer.id))) {
                    wanted.add(offer.root());
                }
            }
            downloads.refreshLocked(job, now);
        }
        if (!wanted.isEmpty()) {
            askLocked(peer, wanted);
        }
        downloads.placesLocked();
    }

    /** A peer was restarted: what it had it may not have any more, and what we asked it does not know. */
    private void renewLocked(DownloadJob job, PeerFiles peer, long now) {
        final Object before = job.holders.get(peer.id);
        if (before != null && !runOf(peer).equals(before)) {
            job.holders.remove(peer.id);
            job.forEachFetch(fetch -> fetch.removeHolderLocked(peer.id, now));
        }
        final String asked = job.asked;
        if (job.offer == null && asked != null && job.peer().equals(peer.id)) {
            context.links.sayLocked(peer.id, new Ask(job.entry.key(), asked), true);
        }
    }

    void disconnectedLocked(long now) {
        downloads.placesLocked();
        for (DownloadJob job : downloads.allLocked()) {
            downloads.refreshLocked(job, now);
        }
    }

    /** A holder holds back what it offered, goes on, or gives up. */
    void changeLocked(PeerFiles from, Change change, long now) {
        for (DownloadJob job : downloads.allLocked()) {
            if (!job.machine.offers().contains(new Download.From(from.id, change.id()))) {
                continue;
            }
            if (change.state() == Change.PAUSED || change.state() == Change.GOES_ON) {
                final boolean paused = change.state() == Change.PAUSED;
                if (!paused) {
                    addLocked(job, from, true, now); // it may have refused something meanwhile
                }
                job.forEachFetch(fetch -> fetch.pausedLocked(from.id, paused, now));
                if (job.connectedHolders(context.links) <= 1) {
                    job.machine.heldBack(paused, now);
                }
            } else {
                goneLocked(job, from, change, now);
            }
            downloads.placesLocked();
            downloads.refreshLocked(job, now);
        }
    }

    private void goneLocked(DownloadJob job, PeerFiles from, Change change, long now) {
        if (job.machine.state() == TransferState.FINISHING) {
            return; // nobody is needed any more
        }
        job.machine.onWithdrawn(new Download.From(from.id, change.id()));
        job.holders.remove(from.id);
        job.forEachFetch(fetch -> fetch.removeHolderLocked(from.id, now));
        if (job.isForsaken() || (job.machine.isDeciding() && job.offer == null)) {
            endings.failLocked(job, TransferFailure.of(change.code()), "the other side said so", now);
        }
    }
}
