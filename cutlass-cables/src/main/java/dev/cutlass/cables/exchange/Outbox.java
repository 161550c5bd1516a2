package dev.cutlass.cables.exchange;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.HostName;
import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.address.UserName;
import dev.cutlass.cables.mail.MailException;
import dev.cutlass.cables.mail.Submission;
import dev.cutlass.cables.queue.MessageDirectory;
import dev.cutlass.cables.queue.MessageQueue;
import dev.cutlass.cables.queue.Names;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes mail of our user and puts a message for each recipient into the queue, whether or not a node runs. Cables protocol section 14. Any thread, any process. */
public final class Outbox {
    private final UserName user;
    private final List<HostName> hosts;
    private final MessageQueue queue;
    private final int maxMail;
    private final SecureRandom random;

    /**
     * For one user.
     *
     * @param hosts under which the user may send
     * @param maxMail bytes of a mail
     */
    public Outbox(UserName user, List<HostName> hosts, MessageQueue queue, int maxMail, SecureRandom random) {
        this.user = user;
        this.hosts = List.copyOf(hosts);
        this.queue = queue;
        this.maxMail = maxMail;
        this.random = random;
    }

    /**
     * Takes a mail. When this returns it will be sent to all its recipients, also if the machine stops now; when it throws, to none.
     *
     * @return the messages, each for one recipient; empty if the mail names none
     * @throws MailException if the mail is refused
     * @throws IOException if the queue is away or does not do
     */
    public Map<MessageId, CablesAddress> submit(byte[] mail, Instant now) throws MailException, IOException {
        return submit(mail, null, now);
    }

    /**
     * Likewise, to others than the header names: a mail program that sends by SMTP leaves out Bcc. All that the header names must be of the cables network all the same, so that nothing leaks.
     *
     * @param envelope the recipients; {@code null} for those in the header
     */
    public Map<MessageId, CablesAddress> submit(byte[] mail, @Nullable Set<CablesAddress> envelope, Instant now)
            throws MailException, IOException {
        if (mail.length > maxMail) {
            throw new MailException(
                    MailException.Reason.TOO_LONG,
                    "the mail has " + mail.length + " bytes; this node sends up to " + maxMail);
        }
        final Submission submission = Submission.of(mail, now);
        final CablesAddress sender = submission.sender();
        if (!sender.user().equals(user) || !hosts.contains(sender.host())) {
            throw new MailException(
                    MailException.Reason.SENDER,
                    "From: " + sender + " is not an address of this node; it has "
                            + String.join(
                                    ", ",
                                    hosts.stream()
                                            .map(host -> user + "@" + host)
                                            .toList())
                            + ". Nothing was sent");
        }
        final Map<MessageId, CablesAddress> recipients = new LinkedHashMap<>();
        final Map<MessageId, Map<String, byte[]>> messages = new LinkedHashMap<>();
        for (CablesAddress recipient : envelope == null ? submission.recipients() : envelope) {
            final MessageId id = MessageId.draw(random);
            recipients.put(id, recipient);
            messages.put(
                    id,
                    Map.of(
                            Names.USER, MessageDirectory.line(recipient.user().text()),
                            Names.HOST, MessageDirectory.line(recipient.host().text()),
                            Names.OWN_USER, MessageDirectory.line(sender.user().text()),
                            Names.OWN_HOST, MessageDirectory.line(sender.host().text()),
                            Names.HEADER, submission.extract(),
                            Names.MESSAGE, submission.compressed(),
                            Names.SEND_REQ, new byte[0]));
        }
        queue.addAll(messages);
        return recipients;
    }
}
