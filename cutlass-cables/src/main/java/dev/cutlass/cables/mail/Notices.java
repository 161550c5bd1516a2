package dev.cutlass.cables.mail;

import dev.cutlass.cables.address.CablesAddress;
import java.time.Instant;
import java.util.List;

/** What the node itself writes to its user. Cables protocol sections 13 and 14. */
public final class Notices {
    private Notices() {}

    /** A mail arrived and the other side proved that it has it. */
    public static byte[] receipt(byte[] extract, CablesAddress recipient, Instant now) {
        return dated(MailText.parse(extract), now)
                .withBody("Verified message delivery to " + recipient + "\n")
                .bytes();
    }

    /** A mail that was sent, or delivered, came to no good end. */
    public static byte[] failure(byte[] extract, String what, CablesAddress peer, Instant now) {
        return dated(Extract.remarked(MailText.parse(extract), Extract.VERIFIED, Extract.FAILED), now)
                .withBody(what + " " + peer + "\n")
                .bytes();
    }

    /** Somebody announced a mail that never came. Who it was is not proved. */
    public static byte[] neverCame(String what, CablesAddress claimed, Instant announced, Instant now) {
        return MailText.of(List.of())
                .with("From", "<" + claimed + ">")
                .with("Old-Date", MailDates.text(announced))
                .with("Date", MailDates.text(now))
                .with("Subject", Extract.FAILED)
                .withBody(what + " " + claimed + "\n")
                .bytes();
    }

    private static MailText dated(MailText extract, Instant now) {
        return extract.renamed("Date", "Old-Date").with("Date", MailDates.text(now));
    }
}
