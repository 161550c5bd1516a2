package dev.cutlass.cables.mail;

import java.util.Set;

/** The header fields that are kept of a mail, so that a later receipt or notice tells which one it is about. Cables protocol section 14. */
final class Extract {
    /** Marks a receipt. */
    static final String VERIFIED = "[vfy]";

    /** Marks a notice of failure. */
    static final String FAILED = "[fail]";

    private static final String SUBJECT = "Subject";
    private static final Set<String> KEPT =
            Set.of("from", "to", "cc", "bcc", "subject", "date", "message-id", "in-reply-to", "references");

    private Extract() {}

    /** The fields, with a mark in front of the subject; a subject is added if there is none. */
    static MailText of(MailText mail, String mark) {
        final MailText kept = MailText.of(mail.fields()).without(field -> !KEPT.contains(MailText.key(field.name())));
        final MailText named = kept.fields(SUBJECT).isEmpty() ? kept.with(SUBJECT, "") : kept;
        return named.mapped(
                field -> field.is(SUBJECT) ? new MailText.Field(field.name(), marked(field.text(), mark)) : field);
    }

    private static String marked(String subject, String mark) {
        return subject.startsWith(" ") || subject.startsWith("\t") || subject.startsWith("\n")
                ? " " + mark + subject
                : " " + mark + " " + subject;
    }

    /** With another mark in the place of one. */
    static MailText remarked(MailText extract, String from, String to) {
        return extract.mapped(field -> field.is(SUBJECT) && field.text().startsWith(" " + from)
                ? new MailText.Field(field.name(), " " + to + field.text().substring(1 + from.length()))
                : field);
    }
}
