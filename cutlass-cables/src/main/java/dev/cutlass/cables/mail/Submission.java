package dev.cutlass.cables.mail;

import dev.cutlass.cables.address.CablesAddress;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A mail that somebody here wants to send, made ready. Cables protocol section 14.
 *
 * @param sender of its From field
 * @param recipients of To, Cc and Bcc, each once, in order; empty if it names nobody
 * @param compressed what is sent to each of them
 * @param extract header fields for later receipts and notices, the subject marked {@code [vfy]}
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record Submission(CablesAddress sender, List<CablesAddress> recipients, byte[] compressed, byte[] extract) {
    private static final String PRIVATE = "x-";

    /**
     * Reads a mail and makes it ready.
     *
     * @param now its new Date
     * @throws MailException if an address in it is none of the cables network, or there is no sender; the whole mail is refused then, so that nothing leaks
     */
    public static Submission of(byte[] mail, Instant now) throws MailException {
        final MailText text = MailText.parse(mail)
                .without(field -> field.name().toLowerCase(Locale.ROOT).startsWith(PRIVATE));
        final List<CablesAddress> senders = AddressFields.of(text, "From");
        if (senders.size() != 1) {
            throw new MailException(
                    MailException.Reason.SENDER, "From: exactly one address is wanted, not " + senders.size());
        }
        final List<CablesAddress> recipients = AddressFields.of(text, "To", "Cc", "Bcc");
        final byte[] outgoing = text.without(field -> field.is("Bcc"))
                .replaced("Date", MailDates.text(now))
                .bytes();
        return new Submission(
                senders.get(0),
                recipients,
                Gzip.compress(outgoing),
                Extract.of(text, Extract.VERIFIED).headerBytes());
    }
}
