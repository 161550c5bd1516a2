package dev.cutlass.engine.file;

import dev.cutlass.event.CutlassEvent;
import dev.cutlass.file.JournalRecord;
import dev.cutlass.store.file.OfferBook;
import dev.cutlass.store.file.PartialFile;
import dev.cutlass.store.file.PartialFolder;
import dev.cutlass.store.file.SafeFolder;
import dev.cutlass.store.file.StoreException;
import dev.cutlass.wire.Id128;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What earlier runs left on the disk is found, and goes on. */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final FilesContext context;
    private final Incoming incoming;
    private final Outgoing outgoing;
    private final Endings endings;
    private final List<OfferBook.Offered> offers;
    private final Set<Path> places;

    Recovery(FilesContext context, Incoming incoming, Outgoing outgoing, Endings endings) {
        this.context = context;
        this.incoming = incoming;
        this.outgoing = outgoing;
        this.endings = endings;
        this.offers = context.home.offers().all(); // now: later the books have a thread of their own
        this.places = new LinkedHashSet<>(context.home.places().all());
        final Path usual = context.config.folder();
        if (usual != null) {
            places.add(usual.toAbsolutePath());
        }
    }

    /** Finds it. Blocks; before anything comes that may end in the book of what was received. */
    void run() {
        try {
            final List<PartialFile> found = new ArrayList<>();
            for (Path place : places) {
                found.addAll(scan(place));
            }
            recover(found);
        } finally {
            for (OfferBook.Offered offered : offers) {
                context.turns.step(now -> outgoing.recoverLocked(offered, now));
            }
        }
    }

    private List<PartialFile> scan(Path place) {
        try {
            final PartialFolder.Scan scan =
                    new PartialFolder(SafeFolder.of(place, false)).scan(context.engine.wallMillis());
            scan.failed().forEach(e -> context.log("a part cannot be read", e));
            return scan.found();
        } catch (StoreException e) {
            LOG.debug("a folder is not there", e);
            return List.of();
        }
    }

    private void recover(List<PartialFile> found) {
        final Map<String, List<PartialFile>> children = new HashMap<>();
        for (PartialFile part : found) {
            if (isWhole(part)) {
                children.put(part.id(), new ArrayList<>());
            }
        }
        for (PartialFile part : found) {
            final List<PartialFile> siblings = children.get(part.head().parent().toString());
            if (siblings != null) {
                siblings.add(part);
            } else if (!isWhole(part)) {
                endings.release(part, true); // its folder is gone
            }
        }
        for (PartialFile part : found) {
            final List<PartialFile> left = children.get(part.id());
            if (left == null) {
                continue;
            }
            if (part.isNamed()) {
                left.forEach(child -> endings.release(child, true));
                named(part);
            } else {
                context.turns.step(now -> incoming.recoverLocked(part, left, now));
            }
        }
    }

    /** A crash came between its name and what is to be done afterwards. Who was told already is not told once more. */
    private void named(PartialFile part) {
        final JournalRecord.Head head = part.head();
        final Path path = part.path();
        final boolean isNew = !context.home.received().contains(head.id());
        try {
            context.home.received().add(head.id());
        } catch (StoreException e) {
            context.log("what was received may be offered again", e);
        }
        if (isNew) {
            context.turns.step(now -> context.noticeLocked(
                    head.peer(),
                    new CutlassEvent.FileReceived(
                            head.peer(),
                            context.nickLocked(head.peer()),
                            head.id().toString(),
                            head.name(),
                            head.total(),
                            Optional.of(path))));
        }
        endings.forget(part::forget);
    }

    private static boolean isWhole(PartialFile part) {
        return part.head().parent().equals(Id128.ZERO);
    }
}
