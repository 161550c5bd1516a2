package dev.cutlass.cables.smtp;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.mail.MailException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;

/** One mail of one program: who it is for, and then the mail. The connection's thread. */
final class Envelope implements MessageHandler {
    // RFC 5321 section 4.2.3, with the codes of RFC 3463 in the text.
    private static final int NO_SUCH_MAILBOX = 550;
    private static final int TOO_LONG = 552;
    private static final int LOCAL_ERROR = 451;

    private static final Logger LOG = LoggerFactory.getLogger(Envelope.class);

    private final int maxMail;
    private final SmtpService.Submission submission;
    private final Set<CablesAddress> recipients = new LinkedHashSet<>();

    Envelope(int maxMail, SmtpService.Submission submission) {
        this.maxMail = maxMail;
        this.submission = submission;
    }

    @Override
    public void from(String sender) {
        // What counts is From in the mail, which is looked at when it is here.
    }

    @Override
    public void recipient(String text) throws RejectException {
        final CablesAddress recipient = CablesAddress.parse(text);
        if (recipient == null) {
            throw new RejectException(
                    NO_SUCH_MAILBOX,
                    "5.1.1 no address of the cables network (user@host.onion or user@host.b32.i2p); take it out, nothing is sent meanwhile");
        }
        recipients.add(recipient);
    }

    @Override
    public String data(InputStream in) throws RejectException, IOException {
        final byte[] mail = in.readNBytes(maxMail + 1);
        if (mail.length > maxMail) {
            in.skip(Long.MAX_VALUE);
            throw new RejectException(TOO_LONG, "5.3.4 more than " + maxMail + " bytes");
        }
        try {
            submission.submit(mail, Set.copyOf(recipients));
        } catch (MailException e) {
            throw rejected(e);
        } catch (IOException e) {
            LOG.warn("a mail could not be queued: {}", e.toString());
            throw new RejectException(LOCAL_ERROR, "4.3.0 it could not be queued just now; try again later");
        }
        return "queued";
    }

    private static RejectException rejected(MailException why) {
        final String text = String.valueOf(why.getMessage()).replaceAll("[^ -~]", "?"); // a reply is ASCII on a line
        return switch (why.reason()) {
            case SENDER -> new RejectException(NO_SUCH_MAILBOX, "5.7.1 " + text);
            case RECIPIENT -> new RejectException(NO_SUCH_MAILBOX, "5.1.1 " + text);
            case TOO_LONG -> new RejectException(TOO_LONG, "5.3.4 " + text);
        };
    }

    @Override
    public void done() {
        // nothing is held
    }
}
