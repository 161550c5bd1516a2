package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.TransferState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whose turn it is: the places go to the most urgent, then the earliest, of those that somebody has who is there. Under the lock of files. */
final class Places {
    private static final Comparator<DownloadJob> BEFORE =
            Comparator.<DownloadJob>comparingInt(job -> -job.priority).thenComparingLong(job -> job.order);

    private final FilesContext context;
    private final Downloads downloads;
    private final Filling filling;

    Places(FilesContext context, Downloads downloads, Filling filling) {
        this.context = context;
        this.downloads = downloads;
        this.filling = filling;
    }

    /** Before the lock is given back. */
    void settleLocked(long now) {
        while (downloads.takePlacesLocked()) {
            giveLocked(now);
        }
    }

    private void giveLocked(long now) {
        final List<DownloadJob> wanted = new ArrayList<>();
        for (DownloadJob job : downloads.allLocked()) {
            final TransferState before = job.machine.state();
            job.machine.holderThere(job.isHolderThere(context.links), now);
            if (job.machine.state() != before) {
                downloads.refreshLocked(job, now); // who waits for its turn is not away
            }
            if (job.machine.isWanted()) {
                wanted.add(job);
            }
        }
        wanted.sort(BEFORE);
        final Map<PeerId, Integer> perPeer = new HashMap<>();
        int all = 0;
        for (DownloadJob job : wanted) {
            final int ofPeer = perPeer.getOrDefault(job.peer(), 0);
            final boolean isIts = all < context.config.atOnce()
                    && ofPeer < context.config.atOncePerPeer()
                    && (job.isHolderThere(context.links) || isAllThere(job));
            if (isIts) {
                all++;
                perPeer.put(job.peer(), ofPeer + 1);
                if (!job.machine.isRunning()) {
                    job.machine.start(now);
                    filling.beginLocked(job, now);
                    downloads.refreshLocked(job, now);
                }
            } else if (job.machine.isRunning()) {
                job.machine.giveWay();
                downloads.refreshLocked(job, now);
            }
        }
    }

    private static boolean isAllThere(DownloadJob job) {
        final Fetch main = job.main;
        return main != null && main.isCompleteLocked();
    }
}
