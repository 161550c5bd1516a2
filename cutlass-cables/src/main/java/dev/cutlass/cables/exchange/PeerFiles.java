package dev.cutlass.cables.exchange;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.pki.Checked;
import dev.cutlass.cables.pki.DhPublicKey;
import dev.cutlass.cables.pki.PeerCertificates;
import dev.cutlass.cables.pki.Refusal;
import dev.cutlass.cables.pki.SignedKey;
import dev.cutlass.cables.queue.Books;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/** Fetches a user's certificates and signed key and looks whether they are the user's. Cables protocol sections 3.1 and 5. */
final class PeerFiles {
    private final Remote remote;
    private final Books books;

    PeerFiles(Remote remote, Books books) {
        this.remote = remote;
        this.books = books;
    }

    /** What came of it. */
    sealed interface Outcome {
        /** The key is the user's. */
        record Genuine(DhPublicKey key, String keyHash) implements Outcome {}

        /** Something is there that is not the user's, or was used before. */
        record Refused(String why) implements Outcome {}

        /** Not all could be fetched; {@code isAnswered} if the other node said so itself. */
        record Missing(String why, boolean isAnswered) implements Outcome {}
    }

    Outcome fetch(CablesAddress peer, String keyPath, Instant now) throws IOException {
        final Remote.Fetched key = remote.get(peer, keyPath, Limits.MAX_KEY_FILE);
        if (!(key instanceof Remote.Fetched.Body signed)) {
            return missing(keyPath, key);
        }
        final Remote.Fetched ca = remote.get(peer, RequestText.CERTS + "ca.pem", Limits.MAX_KEY_FILE);
        if (!(ca instanceof Remote.Fetched.Body caPem)) {
            return missing("ca.pem", ca);
        }
        final Remote.Fetched verify = remote.get(peer, RequestText.CERTS + "verify.pem", Limits.MAX_KEY_FILE);
        if (!(verify instanceof Remote.Fetched.Body verifyPem)) {
            return missing("verify.pem", verify);
        }
        final Checked<PeerCertificates> certificates =
                PeerCertificates.check(caPem.bytes(), verifyPem.bytes(), peer.user(), now);
        if (!(certificates instanceof Checked.Good<PeerCertificates> good)) {
            return refused(certificates.whyNot());
        }
        if (!books.isPinned(peer.user(), good.value().pin())) {
            return new Outcome.Refused("another CA certificate with the same SHA-1 as the one of the first time");
        }
        final Checked<DhPublicKey> opened = SignedKey.open(signed.bytes(), good.value(), now);
        return opened instanceof Checked.Good<DhPublicKey> genuine
                ? new Outcome.Genuine(genuine.value(), hash(genuine.value()))
                : refused(opened.whyNot());
    }

    private static Outcome refused(Refusal why) {
        return new Outcome.Refused(why.text());
    }

    private static Outcome missing(String what, Remote.Fetched fetched) {
        return fetched instanceof Remote.Fetched.Status status
                ? new Outcome.Missing(what + ": status " + status.code(), true)
                : new Outcome.Missing(what + ": " + fetched, false);
    }

    private static String hash(DhPublicKey key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.der()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
