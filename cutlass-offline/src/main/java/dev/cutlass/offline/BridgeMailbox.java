package dev.cutlass.offline;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.UserName;
import dev.cutlass.cables.mailbox.Mailbox;
import dev.cutlass.cables.mailbox.Maildir;
import dev.cutlass.spi.OfflineInbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what a node delivers: messages of Cutlass into a Maildir of its own, from which they go to the engine; confirmations and failures of ours to the engine; all else to the user's mailbox. Any thread.
 */
final class BridgeMailbox implements Mailbox {
    /** Mails that wait for the engine. */
    static final int MAX_SPOOLED = 256;

    private static final Logger LOG = LoggerFactory.getLogger(BridgeMailbox.class);
    private static final String RECEIPT = ".receipt";
    private static final String FAILURE = ".fail";

    private final UserName self;
    private final Maildir spool;

    /** Where that has its mails. */
    private final Path spooled;

    private final Mailbox others;

    /** The engine; null while there is none. */
    @GuardedBy("this")
    private @Nullable OfflineInbox inbox;

    /** Keys of mails that the engine has. */
    @GuardedBy("this")
    private final Set<String> given = new HashSet<>();

    /** A mail that waits, and its name. */
    private record Spooled(String key, OfflineMail mail) {}

    private BridgeMailbox(UserName self, Maildir spool, Path spooled, Mailbox others) {
        this.self = self;
        this.spool = spool;
        this.spooled = spooled;
        this.others = others;
    }

    /**
     * Opens it, and makes its folder the first time.
     *
     * @param self the user of the node
     * @param folder in the node's home
     */
    static BridgeMailbox open(UserName self, Path folder, Mailbox others) throws IOException {
        final Path mail = folder.resolve("mail");
        Files.createDirectories(folder); // the home is for its owner alone, so what is in it needs no rights of its own
        return new BridgeMailbox(self, Maildir.create(mail, folder.resolve("journal")), mail.resolve("new"), others);
    }

    @Override
    public void deliver(String key, byte[] mail) throws IOException {
        final MailHeader header = MailHeader.of(mail);
        if (key.endsWith(RECEIPT) || key.endsWith(FAILURE)) {
            final Optional<OfflineMail.About> about = OfflineMail.about(header);
            if (about.isEmpty() || !notice(key, header, about.get())) {
                others.deliver(key, mail);
            }
        } else if (!OfflineMail.isOne(header)) {
            others.deliver(key, mail);
        } else {
            if (names().size() >= MAX_SPOOLED) {
                throw new IOException(MAX_SPOOLED + " messages of Cutlass wait for its engine already");
            }
            spool.deliver(key, mail);
            if (Files.exists(spooled.resolve(key))) { // else it is a repeat of one that is over
                give(key, mail);
            }
        }
    }

    /** True if that is all that it is good for. */
    private boolean notice(String key, MailHeader header, OfflineMail.About about) {
        final boolean ours = header.field("From")
                .map(from -> from.replaceAll("[<>]", ""))
                .map(CablesAddress::parse)
                .filter(from -> from.user().equals(self))
                .isPresent();
        final OfflineInbox engine = engine();
        if (key.endsWith(RECEIPT)) {
            if (engine != null) {
                engine.delivered(about.recipient(), about.id());
            }
            return true; // what an earlier run sent is there, and nobody asks any more
        }
        // One of a peer's that the peer did not acknowledge is here all the same.
        return !ours || (engine != null && engine.failed(about.recipient(), about.id()));
    }

    private synchronized @Nullable OfflineInbox engine() {
        return inbox;
    }

    /** An engine is there: it gets what waits, in order. */
    void attach(OfflineInbox engine) {
        synchronized (this) {
            inbox = engine;
            given.clear();
        }
        final List<Spooled> waiting = new ArrayList<>();
        try {
            for (String key : names()) {
                read(key, engine).ifPresent(waiting::add);
            }
        } catch (IOException e) {
            LOG.warn("messages wait and cannot be listed; they are tried again at the next start: {}", e.toString());
        }
        waiting.sort(Comparator.comparingLong(each -> each.mail().message().id().number()));
        waiting.forEach(each -> give(each, engine));
    }

    private Optional<Spooled> read(String key, OfflineInbox engine) {
        try {
            final OfflineMail read = readable(key, Files.readAllBytes(spooled.resolve(key)), engine);
            return read == null ? Optional.empty() : Optional.of(new Spooled(key, read));
        } catch (IOException e) {
            LOG.warn("a message waits and cannot be read; it is tried again at the next start: {}", e.toString());
            return Optional.empty();
        }
    }

    synchronized void detach() {
        inbox = null;
    }

    private void give(String key, byte[] mail) throws IOException {
        final OfflineInbox engine = engine();
        final OfflineMail read = engine == null ? null : readable(key, mail, engine);
        if (engine != null && read != null) {
            give(new Spooled(key, read), engine);
        }
    }

    private void give(Spooled waiting, OfflineInbox engine) {
        synchronized (this) {
            if (inbox != engine || !given.add(waiting.key())) {
                return;
            }
        }
        engine.arrived(waiting.mail().message(), () -> delete(waiting.key()));
    }

    /** Null if it is none for this engine, by somebody who proved to be whom our record names; then it is other mail. */
    private @Nullable OfflineMail readable(String key, byte[] mail, OfflineInbox engine) throws IOException {
        final OfflineMail read = OfflineMail.decode(mail);
        if (read != null
                && read.to().equals(engine.self())
                && engine.address(read.message().peer())
                        .map(CablesAddress::parse)
                        .filter(address -> address.user().equals(read.sender()))
                        .isPresent()) {
            return read;
        }
        others.deliver(key, mail);
        delete(key);
        return null;
    }

    private void delete(String key) {
        try {
            Files.deleteIfExists(spooled.resolve(key));
        } catch (IOException e) {
            LOG.warn("a message that is not needed any more cannot be deleted: {}", e.toString());
        }
        synchronized (this) {
            given.remove(key);
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(spooled)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }
}
