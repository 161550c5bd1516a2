package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.Manifest;
import dev.cutlass.file.SafeNames;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.wire.Listing;
import dev.cutlass.store.file.PathKind;
import dev.cutlass.store.file.SafeFolder;
import dev.cutlass.store.file.SourceFile;
import dev.cutlass.store.file.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What may be fetched here, by name and by root. The application's predicates are asked without a lock. Any thread; looking for a name blocks. */
final class Shares {
    /** Files in shared folders whose roots are known: any other can still be asked for by name. 300 bytes each. */
    private static final int MAX_HASHED = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Shares.class);

    /**
     * A file or folder.
     *
     * @param name under which it can be asked for; empty: what is in the folder is, by its own names
     */
    private record Share(String name, Path path, Predicate<PeerId> with) {}

    private record Hashed(Share share, HeldFile held) {}

    private final Map<String, Share> shares = new ConcurrentHashMap<>();
    private final Map<Root, Hashed> hashed = new ConcurrentHashMap<>();

    /** @throws IllegalArgumentException if nobody could ask for this name */
    void add(String name, Path path, Predicate<PeerId> with) {
        if (!name.isEmpty() && !name.equals(SafeNames.relative(name))) {
            throw new IllegalArgumentException("name: " + name + "; allowed: see docs/files.md section 6");
        }
        shares.put(name, new Share(name, path, with));
    }

    void remove(String name) {
        final Share gone = shares.remove(name);
        hashed.forEach((root, each) -> {
            if (each.share().equals(gone)) {
                forget(root);
            }
        });
    }

    private void forget(Root root) {
        final Hashed gone = hashed.remove(root);
        if (gone != null) {
            gone.held().close();
        }
    }

    /** A file of a share has this root. */
    void noteHashed(String name, HeldFile held) {
        final Share share = of(name);
        if (share != null) {
            if (hashed.size() >= MAX_HASHED) {
                forget(hashed.keySet().iterator().next());
            }
            hashed.put(held.root(), new Hashed(share, held));
        }
    }

    /** What a peer may fetch by its root; null: nothing. */
    @Nullable
    HeldFile held(PeerId peer, Root root) {
        final Hashed known = hashed.get(root);
        return known != null
                        && known.share().equals(shares.get(known.share().name()))
                        && known.share().with().test(peer)
                ? known.held()
                : null;
    }

    private @Nullable Share of(String name) {
        for (String prefix = name; ; prefix = prefix.substring(0, Math.max(0, prefix.lastIndexOf('/')))) {
            final Share share = shares.get(prefix);
            if (share != null || prefix.isEmpty()) {
                return share;
            }
        }
    }

    /** Where a name leads to; null: nowhere, or not for this peer. */
    @Nullable
    Path find(PeerId peer, String name) {
        final Share share = name.equals(SafeNames.relative(name)) ? of(name) : null;
        if (share == null || !share.with().test(peer)) {
            return null;
        }
        if (share.name().equals(name)) {
            return share.path();
        }
        final String rest = rest(share, name);
        try {
            final SafeFolder folder = SafeFolder.of(share.path(), false);
            try {
                folder.source(rest).close();
            } catch (StoreException e) {
                if (e.failure() != TransferFailure.NOT_FOUND) {
                    throw e;
                }
                folder.list(rest); // a folder, or nothing
            }
            return folder.path().resolve(rest);
        } catch (StoreException e) {
            return null;
        }
    }

    private static String rest(Share share, String name) {
        return share.name().isEmpty() ? name : name.substring(share.name().length() + 1);
    }

    /** One level of what a peer may ask for. */
    List<Listing.Entry> list(PeerId peer, String under) {
        final List<Listing.Entry> entries = new ArrayList<>();
        try {
            if (under.isEmpty()) {
                listTop(peer, entries);
            } else {
                final Share share = under.equals(SafeNames.relative(under)) ? of(under) : null;
                if (share != null && share.with().test(peer)) {
                    listIn(share, share.name().equals(under) ? "" : rest(share, under), entries);
                }
            }
        } catch (StoreException e) {
            return entries; // what cannot be read is not there
        }
        final Map<String, Listing.Entry> byName = new TreeMap<>(Manifest::compare);
        entries.forEach(entry -> byName.put(entry.name(), entry)); // the same name twice: it is what was shared last
        return List.copyOf(byName.values());
    }

    private void listTop(PeerId peer, List<Listing.Entry> entries) throws StoreException {
        for (Share share : shares.values()) {
            if (!share.with().test(peer)) {
                continue;
            }
            if (share.name().isEmpty()) {
                listIn(share, "", entries);
                continue;
            }
            try {
                final PathKind kind = PathKind.of(share.path());
                final long length = kind.folder() ? 0 : length(share.path());
                entries.add(new Listing.Entry(kind.folder(), length, kind.modified(), share.name()));
            } catch (StoreException e) {
                LOG.debug("what was shared is gone", e);
            }
        }
    }

    private static long length(Path file) throws StoreException {
        try (SourceFile source = SourceFile.open(file)) {
            return source.length();
        }
    }

    private static void listIn(Share share, String under, List<Listing.Entry> entries) throws StoreException {
        final String prefix = share.name().isEmpty() ? "" : share.name() + "/";
        for (SafeFolder.Entry entry : SafeFolder.of(share.path(), false).list(under)) {
            entries.add(new Listing.Entry(entry.folder(), entry.length(), entry.modified(), prefix + entry.name()));
        }
    }
}
