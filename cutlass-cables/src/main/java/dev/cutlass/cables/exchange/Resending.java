package dev.cutlass.cables.exchange;

import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.mail.Gzip;
import dev.cutlass.cables.mail.MailText;
import dev.cutlass.cables.queue.MessageDirectory;
import dev.cutlass.cables.queue.MessageQueue;
import dev.cutlass.cables.queue.Names;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends a message anew, under another id, when nothing was heard of it for long: somebody may have given us an old key of the recipient,
 * and then it can never be opened. Cables protocol 18.13, the second cure. The mail is kept for that until it is confirmed; this gives up
 * what the original has, that a sender cannot read its own mail any more, for that time. docs/cables-threats.md.
 *
 * <p>The new message says which ones it stands for, in a header that it gets: {@link #HEADER}. A node like this one does not deliver it
 * if one of those was; an original delivers both.
 */
final class Resending {
    /** In the mail: ids of the messages that it stands for, separated by spaces. */
    static final String HEADER = "Cables-Replaces";

    /** Longer than what a recipient may be away for a night; short enough for several within a week. */
    private static final Duration PATIENCE = Duration.ofHours(36);

    /** As many times; each leaves a message with the recipient that can never be opened. */
    private static final int MAX_TIMES = 3;

    private final MessageQueue queue;
    private final SecureRandom random;

    Resending(MessageQueue queue, SecureRandom random) {
        this.queue = queue;
        this.random = random;
    }

    /** Keeps a mail that is just sealed. */
    void keep(MessageDirectory message, byte[] compressed) throws IOException {
        if (replaced(message).size() < MAX_TIMES) {
            message.put(Names.RESEND, compressed);
        }
    }

    boolean isDue(MessageDirectory message, Instant now) throws IOException {
        final Instant kept = message.written(Names.RESEND);
        return kept != null && Duration.between(kept, now).compareTo(PATIENCE) >= 0;
    }

    /** Puts the new message in, then ends the old one. Cut off between, {@link #settle} ends it. */
    MessageId resend(MessageDirectory old, int maxLength) throws IOException {
        final byte[] compressed = old.bytes(Names.RESEND, maxLength);
        if (compressed == null) {
            throw new IOException("the mail is not there");
        }
        final List<String> replaced = new ArrayList<>(replaced(old));
        replaced.add(old.id().text());
        final Map<String, byte[]> files = new HashMap<>();
        for (String name : List.of(Names.USER, Names.HOST, Names.OWN_USER, Names.OWN_HOST, Names.HEADER)) {
            final byte[] bytes = old.bytes(name, maxLength);
            if (bytes != null) {
                files.put(name, bytes);
            }
        }
        files.put(Names.MESSAGE, withHeader(compressed, replaced));
        files.put(Names.BEGUN, MessageDirectory.line(Long.toString(old.begun().toEpochMilli())));
        files.put(Names.REPLACES, MessageDirectory.line(String.join("\n", replaced)));
        files.put(Names.SEND_REQ, new byte[0]);
        final MessageId fresh = MessageId.draw(random);
        queue.add(fresh, files);
        old.finish();
        return fresh;
    }

    private static byte[] withHeader(byte[] compressed, List<String> replaced) {
        final byte[] mail =
                Gzip.decompress(compressed, Integer.MAX_VALUE - 8); // ours, so its length is known to be allowed
        return mail == null
                ? compressed
                : Gzip.compress(MailText.parse(mail)
                        .replaced(HEADER, String.join(" ", replaced))
                        .bytes());
    }

    /** Ends messages that this one stands for and that are still there. */
    void settle(MessageDirectory message) throws IOException {
        for (String text : replaced(message)) {
            final MessageId id = MessageId.parse(text);
            final MessageDirectory old = id == null ? null : queue.find(id);
            if (old != null) {
                old.finish();
            }
        }
    }

    /** Which messages a mail says it stands for. */
    static List<MessageId> replacedBy(byte[] mail) {
        final List<MessageId> ids = new ArrayList<>();
        for (MailText.Field field : MailText.parse(mail).fields(HEADER)) {
            for (String text : field.unfolded().split(" ", MAX_TIMES + 1)) {
                final MessageId id = MessageId.parse(text);
                if (id != null) {
                    ids.add(id);
                }
            }
        }
        return ids;
    }

    private static List<String> replaced(MessageDirectory message) throws IOException {
        final String text = message.text(Names.REPLACES);
        return text == null ? List.of() : text.lines().toList();
    }
}
