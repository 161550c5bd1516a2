package dev.cutlass.engine.file;

import dev.cutlass.store.file.OfferBook;
import dev.cutlass.store.file.PartialFile;
import dev.cutlass.store.file.PartialFolder;
import dev.cutlass.store.file.SafeFolder;
import dev.cutlass.store.file.StoreException;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What earlier runs left on the disk is found and goes on; before that nobody is listened to. */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final FilesContext context;
    private final Incoming incoming;
    private final Outgoing outgoing;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    Recovery(FilesContext context, Incoming incoming, Outgoing outgoing) {
        this.context = context;
        this.incoming = incoming;
        this.outgoing = outgoing;
    }

    /** Waits until all that earlier runs left is known. */
    void await() {
        if (!ready.isDone()) {
            ready.join();
        }
    }

    /** Finds it. Blocks. */
    void run() {
        try {
            final Set<Path> places = new LinkedHashSet<>(context.home.places().all());
            final Path usual = context.config.folder();
            if (usual != null) {
                places.add(usual.toAbsolutePath());
            }
            final List<PartialFile> found = new ArrayList<>();
            for (Path place : places) {
                found.addAll(scan(place));
            }
            recover(found);
        } catch (IOException e) {
            context.log("what earlier runs left cannot be read", e);
        } finally {
            for (OfferBook.Offered offered : context.home.offers().all()) {
                context.turns.step(now -> outgoing.recoverLocked(offered, now));
            }
            ready.complete(null);
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

    private void recover(List<PartialFile> found) throws IOException {
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
                part.discard(); // its folder is gone
            }
        }
        for (PartialFile part : found) {
            final List<PartialFile> left = children.get(part.id());
            if (left == null) {
                continue;
            }
            if (part.isNamed()) {
                context.home.received().add(part.head().id());
                part.forget();
            } else {
                context.turns.step(now -> incoming.recoverLocked(part, left, now));
            }
        }
    }

    private static boolean isWhole(PartialFile part) {
        return part.head().parent().equals(Id128.ZERO);
    }
}
