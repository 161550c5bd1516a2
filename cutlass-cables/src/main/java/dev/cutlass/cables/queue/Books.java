package dev.cutlass.cables.queue;

import dev.cutlass.cables.address.Mac;
import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.address.UserName;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What must be remembered longer than a message lives. Any thread. docs/cables-design.md section 4.1. */
public final class Books {
    /** Each takes some 400 bytes of memory. At a hundred messages a day the first one leaves after years, when nobody repeats it any more. */
    private static final int MAX_ENTRIES = 100_000;

    private final Book finished;
    private final Book delivered;
    private final Book pins;
    private final Book usedKeys;

    private Books(Book finished, Book delivered, Book pins, Book usedKeys) {
        this.finished = finished;
        this.delivered = delivered;
        this.pins = pins;
        this.usedKeys = usedKeys;
    }

    /** Reads the books in a directory, which is created if it is not there. */
    public static Books open(Volume volume, Path directory) throws IOException {
        volume.createDirectory(directory);
        return new Books(
                Book.open(volume, directory.resolve("finished"), MAX_ENTRIES),
                Book.open(volume, directory.resolve("delivered"), MAX_ENTRIES),
                Book.open(volume, directory.resolve("pinned"), MAX_ENTRIES),
                Book.open(volume, directory.resolve("used"), MAX_ENTRIES));
    }

    /** A message of others is over; its ack may come again if our answer was lost. Cables protocol 18.1. */
    public void finish(MessageId id, Mac ack) throws IOException {
        finished.put(id.text(), ack.text());
    }

    /** The ack of a message that is over; {@code null} if there was none. */
    public @Nullable Mac finishedAck(MessageId id) {
        final String text = finished.get(id.text());
        return text == null ? null : Mac.parse(text);
    }

    /** A mail is in the mailbox: one that stands for it is not to be put in again. */
    public void delivered(MessageId id, UserName sender) throws IOException {
        delivered.put(id.text(), sender.text());
    }

    /** Whether a mail of this sender came under this id. */
    public boolean wasDelivered(MessageId id, UserName sender) {
        return sender.text().equals(delivered.get(id.text()));
    }

    /**
     * Whether a user's CA certificate is the one of the first time; remembers it if this is the first. User names are SHA-1 and certificates are not. Cables protocol 18.5.
     *
     * @param pin SHA-256, in hexadecimal
     */
    public boolean isPinned(UserName user, String pin) throws IOException {
        final String known = pins.get(user.text());
        if (known == null) {
            pins.put(user.text(), pin);
            return true;
        }
        return known.equals(pin);
    }

    /** Whether a peer's key was used before, for another message: then somebody replays it. Cables protocol 18.13. */
    public boolean wasUsed(String keyHash, MessageId by) {
        final String user = usedKeys.get(keyHash);
        return user != null && !user.equals(by.text());
    }

    /** A peer's key is used. */
    public void use(String keyHash, MessageId by) throws IOException {
        usedKeys.put(keyHash, by.text());
    }
}
