package dev.cutlass.cables.queue;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.HostName;
import dev.cutlass.cables.address.Mac;
import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.address.UserName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One message on the disk. Whoever holds its lock may change it: {@link MessageLocks}. */
public final class MessageDirectory {
    /** Names and MACs: none is longer than a MAC. */
    private static final int MAX_TEXT = 1024;

    private static final byte[] NOTHING = {};

    private final Volume volume;
    private final Path path;
    private final MessageId id;

    MessageDirectory(Volume volume, Path path, MessageId id) {
        this.volume = volume;
        this.path = path;
        this.id = id;
    }

    /** Which message this is. */
    public MessageId id() {
        return id;
    }

    /** Names of its files. */
    public Set<String> names() throws IOException {
        return volume.names(path);
    }

    /** A file; {@code null} if there is none. */
    public byte @Nullable [] bytes(String name, int maxLength) throws IOException {
        return volume.read(path.resolve(name), maxLength);
    }

    /** A line of text; {@code null} if there is none. */
    public @Nullable String text(String name) throws IOException {
        final byte[] bytes = bytes(name, MAX_TEXT);
        return bytes == null ? null : new String(bytes, StandardCharsets.US_ASCII).strip();
    }

    /** A MAC; {@code null} if there is none, or what is there is none. */
    public @Nullable Mac mac(String name) throws IOException {
        final String text = text(name);
        return text == null ? null : Mac.parse(text);
    }

    /** The other side; {@code null} if its name is not there or not well-formed. */
    public @Nullable CablesAddress peer() throws IOException {
        return address(Names.USER, Names.HOST);
    }

    /** How the other side knows us; outgoing messages only. */
    public @Nullable CablesAddress self() throws IOException {
        return address(Names.OWN_USER, Names.OWN_HOST);
    }

    private @Nullable CablesAddress address(String userFile, String hostFile) throws IOException {
        final String userText = text(userFile);
        final String hostText = text(hostFile);
        final UserName user = userText == null ? null : UserName.parse(userText);
        final HostName host = hostText == null ? null : HostName.parse(hostText);
        return user == null || host == null ? null : new CablesAddress(user, host);
    }

    /** When it was submitted or announced: the file with the other side's name is written then and never again, unless it says otherwise. */
    public Instant begun() throws IOException {
        final String text = text(Names.BEGUN);
        if (text != null && text.matches("[0-9]{1,15}")) {
            return Instant.ofEpochMilli(Long.parseLong(text));
        }
        final Instant written = volume.modified(path.resolve(Names.USER));
        return written == null ? Instant.EPOCH : written;
    }

    /** When a file was written; {@code null} if there is none. */
    public @Nullable Instant written(String name) throws IOException {
        return volume.modified(path.resolve(name));
    }

    /** Writes a file. */
    public void put(String name, byte[] content) throws IOException {
        volume.write(path.resolve(name), content);
    }

    /**
     * Writes lines of text and other contents; a crash may leave any of them, so that a marker follows.
     *
     * @param contents by name
     */
    public void putAll(Map<String, byte[]> contents) throws IOException {
        volume.writeAll(path, contents);
    }

    /** The content of a file with a line of text. */
    public static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Writes a line of text. */
    public void put(String name, String text) throws IOException {
        put(name, line(text));
    }

    /** Sets a marker, which is an empty file. */
    public void mark(String marker) throws IOException {
        put(marker, NOTHING);
    }

    /** Deletes a file; nothing if there is none. */
    public void delete(String name) throws IOException {
        volume.delete(path.resolve(name));
    }

    /** Deletes all files but these. */
    public void deleteAllBut(Set<String> kept) throws IOException {
        for (String name : names()) {
            if (!kept.contains(name)) {
                delete(name);
            }
        }
    }

    /** Ends it: from now on nobody sees it, and it will be deleted whatever happens. */
    public void finish() throws IOException {
        final Path finished = path.resolveSibling(id + MessageQueue.FINISHED_SUFFIX);
        volume.deleteAll(finished); // an earlier message with this id, whose deletion was cut off
        volume.rename(path, finished);
    }
}
