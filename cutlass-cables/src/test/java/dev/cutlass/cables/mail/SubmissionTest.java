package dev.cutlass.cables.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.cables.address.CablesAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class SubmissionTest {
    private static final Instant NOW = Instant.parse("2026-11-02T03:02:05Z");
    private static final String A = "ekca2x5uzxf7ka53fkpexbztgbhjcii3@6n53eglnjalo775k.onion";
    private static final String B = "7a6r3kwc5r2t4bxtndenv45fyt2zp3yb@ixasm4dju7k2zgwm.onion";
    private static final String C = "4mkyyvmb6g3l26wfu6j7hzcgo6c53rbs@hda3hiau5fou5i7i.onion";
    private static final String V3 =
            "4mkyyvmb6g3l26wfu6j7hzcgo6c53rbs@pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion";

    @Test
    void recipientsAreFoundHoweverTheyAreWritten() throws MailException {
        final String mail = "from: <" + A + ">\r\n"
                + "To: \"Last, First (nick) <x@y>\" <" + B.toUpperCase(java.util.Locale.ROOT) + ">,\r\n"
                + "  friends: " + C + ", (a comment, with a comma) <" + B + ">;\r\n"
                + "cc: undisclosed-recipients:;\r\n"
                + "TO: " + V3 + "\r\n\r\nbody\r\n";
        assertEquals(List.of(CablesAddress.of(B), CablesAddress.of(C), CablesAddress.of(V3)), of(mail).recipients());
    }

    @Test
    void oneForeignAddressRefusesTheWholeMail() {
        final String message = refused("From: " + A + "\nTo: " + B + ", somebody@example.invalid\n\n");
        assertTrue(message.contains("somebody@example.invalid"), message);
        assertTrue(message.contains("nothing was sent"), message);
    }

    @Test
    void addressesThatCannotBeReadRefuseIt() {
        assertTrue(refused("From: " + A + "\nTo: <" + B + "\n\n").startsWith("To: "));
        assertTrue(refused("From: " + A + "\nBcc: " + B + " " + C + "\n\n").startsWith("Bcc: "));
    }

    @Test
    void aSenderIsNeededAndOneOnly() {
        assertTrue(refused("To: " + B + "\n\n").contains("exactly one address"));
        assertTrue(refused("From: " + A + ", " + C + "\nTo: " + B + "\n\n").contains("exactly one address"));
    }

    @Test
    void aMailToNobodyIsNone() throws MailException {
        assertEquals(List.of(), of("From: " + A + "\n\n").recipients());
    }

    @Test
    void bccAndPrivateHeadersDoNotGoOutAndTheDateIsOfNow() throws MailException {
        assertEquals(
                "From: " + A + "\nDate: Mon, 02 Nov 2026 03:02:05 +0000\nTo: " + B
                        + "\nSubject:  a\n b\n\nX-Body: stays\n",
                sent("From: " + A + "\nx-one: 1\n 2\nDate: long ago\nBCC: " + C + "\nTo: " + B
                        + "\nDate: again\nX-Two: 2\nSubject:  a\n b\n\nX-Body: stays\n"));
    }

    @Test
    void aMailWithoutDateGetsOne() throws MailException {
        assertEquals(
                "From: " + A + "\nTo: " + B + "\nDate: Mon, 02 Nov 2026 03:02:05 +0000\n\n",
                sent("From: " + A + "\nTo: " + B));
    }

    @Test
    void theBodyIsNotTouchedButForLineEnds() throws MailException {
        assertTrue(sent("From: " + A + "\r\nTo: " + B + "\r\n\r\nFrom me\r\n.\r\n\0\rend")
                .endsWith("\n\nFrom me\n.\n\0\rend"));
    }

    @Test
    void whatIsNoHeaderFieldBeginsTheBody() throws MailException {
        assertTrue(sent("From: " + A + "\nTo: " + B + "\nno field here\nX-Y: z\n")
                .endsWith("\n\nno field here\nX-Y: z\n"));
    }

    @Test
    void anMboxLineGoes() throws MailException {
        assertTrue(sent("From somebody Mon Nov  2 03:02:05 2026\nFrom: " + A + "\nTo: " + B + "\n\n")
                .startsWith("From: "));
    }

    @Test
    void theExtractHasASubjectInAnyCase() throws MailException {
        assertEquals(
                "From: " + A + "\nTo: " + B + "\nSubject: [vfy] \n", extract("From: " + A + "\nTo: " + B + "\n\n"));
        assertEquals(
                "From: " + A + "\nTo: " + B + "\nsubject: [vfy] tight\n",
                extract("From: " + A + "\nTo: " + B + "\nsubject:tight\n\n"));
        assertEquals(
                "From: " + A + "\nTo: " + B + "\nSubject: [vfy]\n folded\n",
                extract("From: " + A + "\nTo: " + B + "\nSubject:\n folded\n\n"));
    }

    @Test
    void aFailureIsMarkedAsOne() throws MailException {
        final byte[] extract = of("From: " + A + "\nTo: " + B + "\nSubject: [vfy] [vfy] x\nDate: d\n\n")
                .extract();
        assertEquals(
                "From: " + A + "\nTo: " + B + "\nSubject: [fail] [vfy] [vfy] x\nOld-Date: d\n"
                        + "Date: Mon, 02 Nov 2026 03:02:05 +0000\n\nWent wrong: " + B + "\n",
                new String(
                        Notices.failure(extract, "Went wrong:", CablesAddress.of(B), NOW), StandardCharsets.US_ASCII));
    }

    @Test
    void aMailThatNeverCameIsToldOfWithWhatIsKnown() {
        assertEquals(
                "From: <" + B + ">\nOld-Date: Sun, 01 Nov 2026 03:02:05 +0000\n"
                        + "Date: Mon, 02 Nov 2026 03:02:05 +0000\nSubject: [fail]\n\nNever came from " + B + "\n",
                new String(
                        Notices.neverCame("Never came from", CablesAddress.of(B), NOW.minusSeconds(86_400), NOW),
                        StandardCharsets.US_ASCII));
    }

    private static Submission of(String mail) throws MailException {
        return Submission.of(mail.getBytes(StandardCharsets.ISO_8859_1), NOW);
    }

    private static String sent(String mail) throws MailException {
        return new String(
                Objects.requireNonNull(Gzip.decompress(of(mail).compressed(), 1 << 20)), StandardCharsets.ISO_8859_1);
    }

    private static String extract(String mail) throws MailException {
        return new String(of(mail).extract(), StandardCharsets.ISO_8859_1);
    }

    private static String refused(String mail) {
        return String.valueOf(assertThrows(MailException.class, () -> of(mail)).getMessage());
    }
}
