package dev.cutlass.engine.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.engine.ApplicationSide;
import dev.cutlass.engine.CompanionSide;
import dev.cutlass.engine.Messaging;
import dev.cutlass.engine.PeerEntry;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.Permission;
import dev.cutlass.store.file.FilesHome;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all parts of the files of one engine share: its settings, its lock, its channels, its disk. Any thread. */
final class FilesContext {
    private static final Logger LOG = LoggerFactory.getLogger(FilesContext.class);

    final CompanionSide engine;
    final Messaging messaging;
    final FilesConfig config;
    final Executor executor;
    final FilesHome home;
    final Turns turns;
    final Links links;

    /** Where the books of the home are written. */
    final Strand books;

    /** Under the lock. */
    private long questions;

    /** Volatile: written under the lock, looked at before work that nobody wants any more. */
    private volatile boolean closed;

    FilesContext(ApplicationSide engine, FilesConfig config, FilesHome home) {
        this.engine = engine.companions();
        this.messaging = engine.messaging();
        this.config = config;
        this.home = home;
        this.executor = engine.executor();
        this.turns = new Turns(this.engine, executor);
        this.links = new Links(turns, engine);
        this.books = new Strand(executor);
    }

    /** A number for a question to a peer; no two alike. */
    long questionLocked() {
        return ++questions;
    }

    /** Nothing is said and nothing begins any more. */
    void closeLocked() {
        closed = true;
        links.muteLocked();
    }

    boolean isClosed() {
        return closed;
    }

    boolean isPermitted(PeerFiles peer) {
        final PeerEntry entry = peer.entry;
        return entry != null && entry.permissions().allows(Permission.FILE);
    }

    String nickLocked(PeerId id) {
        final PeerEntry entry = links.peerLocked(id).entry;
        return entry == null ? "" : entry.nick();
    }

    void noticeLocked(PeerId about, CutlassEvent event) {
        final PeerEntry entry = links.peerLocked(about).entry;
        turns.laterLocked(() -> engine.notice(entry, event));
    }

    void log(String what, Throwable why) {
        LOG.warn("{}: {}", what, why.getClass().getSimpleName());
        LOG.debug(what, why);
    }
}
