package dev.cutlass.cables.exchange;

import java.time.Duration;

/**
 * What a node puts up with.
 *
 * @param maxAge after this a message is given up: cables protocol section 13
 * @param maxMail bytes of a mail, unpacked
 * @param maxIncoming messages of others that are not in the mailbox yet, in all
 * @param maxIncomingOfSender likewise, of one announced sender
 */
public record Limits(Duration maxAge, int maxMail, int maxIncoming, int maxIncomingOfSender) {
    /** A week, as the original; 64 MiB; 1,000 and 100. */
    public static final Limits DEFAULT = new Limits(Duration.ofDays(7), 64 << 20, 1_000, 100);

    /** Bytes of a certificate or signed key, in PEM: with keys of 16,384 bits they take a tenth. Cables protocol section 9. */
    static final int MAX_KEY_FILE = 64 << 10;

    /** Bytes of an answer to a request; nobody looks at it. */
    static final int MAX_ANSWER = 1 << 10;

    /** What base64, CMS and incompressible content add to a mail: a third, and some. */
    int maxSealed() {
        return (int) Math.min(Integer.MAX_VALUE - 8L, maxMail + maxMail / 2L + MAX_KEY_FILE);
    }
}
