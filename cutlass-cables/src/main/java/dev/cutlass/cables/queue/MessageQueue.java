package dev.cutlass.cables.queue;

import dev.cutlass.cables.address.MessageId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One of the two queues: a directory of messages. Cables protocol section 10. Any thread. */
public final class MessageQueue {
    static final String FINISHED_SUFFIX = ".del";

    /** What is being built. The original's, too, has its own directory for that, which it clears by itself. */
    private static final String NEW_SUFFIX = ".new";

    /** Ids of messages that are put in together, one a line, under the name of the first. */
    private static final String LIST_SUFFIX = ".all";

    /** Bytes: as many addresses as a mail may have, and more. */
    private static final int MAX_LIST = 1 << 20;

    /** Cables protocol section 12: what was being built by a process that is gone. */
    private static final Duration STALE = Duration.ofDays(2);

    private final Volume volume;
    private final Path root;

    /** A queue in a directory, which need not be there yet, or just now. */
    public MessageQueue(Volume volume, Path root) {
        this.volume = volume;
        this.root = root;
    }

    /** Where it is. */
    public Path root() {
        return root;
    }

    /** Whether it is there; not if it lies on a volume that is away. */
    public boolean isThere() throws IOException {
        final Path absolute = root.toAbsolutePath();
        final Path parent = absolute.getParent();
        final Path name = absolute.getFileName();
        return parent != null && name != null && volume.names(parent).contains(name.toString());
    }

    /** Else directories would be made on the empty place where the volume is mounted at other times. */
    private void demandRoot() throws IOException {
        if (!isThere()) {
            throw new IOException(root + " is not there just now");
        }
    }

    /** Messages that are not finished, in no order. */
    public List<MessageId> ids() throws IOException {
        final List<MessageId> ids = new ArrayList<>();
        for (String name : volume.names(root)) {
            final MessageId id = MessageId.parse(name);
            if (id != null) {
                ids.add(id);
            }
        }
        return ids;
    }

    /** A message that is not finished; {@code null} if there is none. */
    public @Nullable MessageDirectory find(MessageId id) throws IOException {
        final Path path = root.resolve(id.text());
        return volume.names(path).isEmpty() ? null : new MessageDirectory(volume, path, id);
    }

    /**
     * Puts a message in, whole or not at all.
     *
     * @return false if there is one with this id
     */
    public boolean add(MessageId id, Map<String, byte[]> files) throws IOException {
        if (find(id) != null) {
            return false;
        }
        build(id, files);
        volume.rename(root.resolve(id + NEW_SUFFIX), root.resolve(id.text()));
        return true;
    }

    private void build(MessageId id, Map<String, byte[]> files) throws IOException {
        demandRoot();
        final Path building = root.resolve(id + NEW_SUFFIX);
        volume.deleteAll(building); // an earlier attempt that was cut off
        volume.createDirectory(building);
        volume.writeAll(building, files);
    }

    /**
     * Puts several messages in, all or none: they are built, a list says that they are wanted, they are renamed, the list goes. {@link #complete} goes on after a crash.
     *
     * @param messages with ids that nobody has
     */
    public void addAll(Map<MessageId, Map<String, byte[]>> messages) throws IOException {
        if (messages.isEmpty()) {
            return;
        }
        for (Map.Entry<MessageId, Map<String, byte[]>> message : messages.entrySet()) {
            build(message.getKey(), message.getValue());
        }
        final List<String> ids =
                messages.keySet().stream().map(MessageId::text).sorted().toList();
        final Path list = root.resolve(ids.get(0) + LIST_SUFFIX);
        volume.write(list, (String.join("\n", ids) + "\n").getBytes(StandardCharsets.US_ASCII));
        complete(list);
    }

    /** Goes on with what was being put in by somebody who is gone, or is just doing it. */
    public void complete() throws IOException {
        for (String name : volume.names(root)) {
            if (isOf(name, LIST_SUFFIX)) {
                complete(root.resolve(name));
            }
        }
    }

    private void complete(Path list) throws IOException {
        final byte[] ids = volume.read(list, MAX_LIST);
        if (ids == null) {
            return; // somebody else was faster
        }
        for (String text : new String(ids, StandardCharsets.US_ASCII).lines().toList()) {
            final MessageId id = MessageId.parse(text);
            if (id != null) {
                complete(id);
            }
        }
        volume.delete(list);
    }

    private void complete(MessageId id) throws IOException {
        final Path building = root.resolve(id + NEW_SUFFIX);
        try {
            if (!volume.names(building).isEmpty()) {
                volume.rename(building, root.resolve(id.text()));
            }
        } catch (IOException e) {
            if (!volume.names(building).isEmpty()) {
                throw e; // nobody else was faster
            }
        }
    }

    /** Deletes what is finished, and what was being built so long ago that nobody builds it any more. */
    public void sweep(Instant now) throws IOException {
        final Set<String> names = volume.names(root);
        for (String name : names) {
            final Path path = root.resolve(name);
            if (isOf(name, FINISHED_SUFFIX)) {
                volume.deleteAll(path);
            } else if (isOf(name, NEW_SUFFIX)) {
                final Instant begun = volume.modified(path);
                if (begun != null && Duration.between(begun, now).compareTo(STALE) >= 0) {
                    volume.deleteAll(path);
                }
            }
        }
    }

    private static boolean isOf(String name, String suffix) {
        return name.endsWith(suffix) && MessageId.parse(name.substring(0, name.length() - suffix.length())) != null;
    }
}
