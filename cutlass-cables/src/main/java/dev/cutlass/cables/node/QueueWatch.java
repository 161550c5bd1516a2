package dev.cutlass.cables.node;

import dev.cutlass.cables.address.MessageId;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread "cutlass-cables-watcher": tells of messages that somebody else puts into a queue, at once where the file system tells us. It is only haste: the scheduler looks into the queues by itself, seldom while this works.
 */
final class QueueWatch implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueueWatch.class);

    /** How long until a directory that came back, or was replaced, is watched. */
    private static final long LOOK_AGAIN_SECONDS = 2;

    private final WatchService service;
    private final Path outgoing;
    private final Path incoming;
    private final Consumer<Visit> seen;
    private final Map<Path, Watched> watched = new HashMap<>(); // the watcher's own
    private volatile boolean isWatching;

    private record Watched(WatchKey key, @Nullable Object fileKey) {}

    QueueWatch(Path outgoing, Path incoming, Consumer<Visit> seen) throws IOException {
        this.service = FileSystems.getDefault().newWatchService();
        this.outgoing = outgoing;
        this.incoming = incoming;
        this.seen = seen;
    }

    /** Whether both queues are watched: then they need to be looked through seldom. */
    boolean isWatching() {
        return isWatching;
    }

    @Override
    public void run() {
        try {
            while (true) {
                final boolean isOutgoing = watch(outgoing);
                isWatching = watch(incoming) && isOutgoing;
                final WatchKey key = service.poll(LOOK_AGAIN_SECONDS, TimeUnit.SECONDS);
                if (key != null) {
                    take(key);
                }
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            isWatching = false; // the node stops
        }
    }

    private boolean watch(Path directory) {
        final Watched known = watched.get(directory);
        try {
            final Object fileKey =
                    Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
            if (known != null && known.key().isValid() && Objects.equals(known.fileKey(), fileKey)) {
                return true;
            }
            if (known != null) {
                known.key().cancel(); // it was replaced: a volume came or went
            }
            final WatchKey key = directory.register(service, StandardWatchEventKinds.ENTRY_CREATE);
            watched.put(directory, new Watched(key, fileKey));
            return true;
        } catch (IOException e) {
            if (watched.remove(directory) != null || known == null) {
                LOG.debug("{} cannot be watched just now: {}", directory, e.toString());
            }
            return false;
        }
    }

    private void take(WatchKey key) {
        for (WatchEvent<?> event : key.pollEvents()) {
            if (event.context() instanceof Path name && key.watchable() instanceof Path directory) {
                final MessageId id = MessageId.parse(name.toString());
                if (id != null) {
                    seen.accept(new Visit(id, directory.equals(outgoing)));
                }
            }
        }
        key.reset();
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
