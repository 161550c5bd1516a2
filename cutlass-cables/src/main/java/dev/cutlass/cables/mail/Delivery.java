package dev.cutlass.cables.mail;

import dev.cutlass.cables.address.CablesAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A mail that came and whose sender is proved, as it goes into the user's mailbox. Cables protocol section 14.
 *
 * @param mail with the proved sender in From, and what it said of itself in Old-From
 * @param extract header fields for a later notice, the subject marked {@code [fail]}
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record Delivery(byte[] mail, byte[] extract) {
    /**
     * Makes it.
     *
     * @param compressed what has the right MAC
     * @param sender proved user, and the host that it announced
     * @param maxLength of the mail, in bytes
     * @return {@code null} if this is no gzip stream, or longer
     */
    public static @Nullable Delivery of(byte[] compressed, CablesAddress sender, Instant now, int maxLength) {
        final byte[] plain = Gzip.decompress(compressed, maxLength);
        if (plain == null) {
            return null;
        }
        final MailText text = MailText.parse(plain)
                .renamed("From", "Old-From")
                .with("From", "<" + sender + ">")
                .without(field -> field.is("X-Received-Date"))
                .with("X-Received-Date", MailDates.text(now));
        return new Delivery(text.bytes(), Extract.of(text, Extract.FAILED).headerBytes());
    }
}
