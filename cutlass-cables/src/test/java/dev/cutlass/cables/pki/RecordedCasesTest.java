package dev.cutlass.cables.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.cutlass.cables.address.Mac;
import dev.cutlass.cables.address.UserName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the original was shown ends as it ended there, in the step in which it decided. */
final class RecordedCasesTest {
    /** Accepted by the original; section 3.1 of the protocol lets a new node refuse them, and we do. */
    private static final Map<String, Refusal> STRICTER_HERE =
            Map.of("certs-sha1", Refusal.WEAK_SIGNATURE, "certs-ec-p256", Refusal.WEAK_KEY);

    /** Why, so that a case is not refused for something else by accident. */
    private static final Map<String, Refusal> REASONS = Map.ofEntries(
            Map.entry("ca-basic-constraints-not-critical", Refusal.CA_BASIC_CONSTRAINTS),
            Map.entry("ca-no-crlsign", Refusal.CA_KEY_USAGE),
            Map.entry("ca-of-other-user", Refusal.OTHER_USER),
            Map.entry("dh-public-1", Refusal.KEY_OUT_OF_RANGE),
            Map.entry("dh-public-p-minus-1", Refusal.KEY_OUT_OF_RANGE),
            Map.entry("dh-public-p-minus-1-send", Refusal.KEY_OUT_OF_RANGE),
            Map.entry("eku-client-auth", Refusal.EXTENDED_KEY_USAGE),
            Map.entry("ku-key-encipherment", Refusal.KEY_USAGE),
            Map.entry("rpeer-sig-by-other-user", Refusal.NO_SIGNER),
            Map.entry("secret-kept-padded", Refusal.NOT_AUTHENTIC),
            Map.entry("send-mac-flipped", Refusal.NOT_AUTHENTIC),
            Map.entry("speer-sig-by-wrong-key", Refusal.SIGNATURE_WRONG),
            Map.entry("speer-truncated", Refusal.NO_CMS),
            Map.entry("spki-x942", Refusal.NO_GROUP_18_KEY),
            Map.entry("verify-expired", Refusal.EXPIRED),
            Map.entry("verify-expired-send", Refusal.EXPIRED),
            Map.entry("verify-not-issued-by-ca", Refusal.NOT_ISSUED_BY_CA),
            Map.entry("verify-two-certs-wrong-first", Refusal.NOT_ISSUED_BY_CA),
            Map.entry("verify-unknown-critical-extension", Refusal.UNKNOWN_CRITICAL_EXTENSION));

    static List<Path> cases() {
        return Vectors.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theCaseEndsAsItDidInTheOriginal(Path directory) {
        final String name = directory.getFileName().toString();
        final JsonObject described = JsonParser.parseString(Vectors.text(directory.resolve("case.json")))
                .getAsJsonObject();
        final String cmsStep =
                described.getAsJsonObject("reference").get("cms_step").getAsString();
        final Checked<?> verdict =
                described.get("role").getAsString().startsWith("recipient") ? received(directory) : sent(directory);

        if (STRICTER_HERE.containsKey(name)) {
            assertEquals(STRICTER_HERE.get(name), verdict.whyNot());
        } else if (cmsStep.equals("accept")) {
            assertTrue(verdict instanceof Checked.Good, () -> name + ": " + verdict);
        } else {
            assertTrue(REASONS.containsKey(name), () -> name + " is new: give its reason; now " + verdict);
            assertEquals(REASONS.get(name), verdict.whyNot(), name);
        }
    }

    @Test
    void thereAreAsManyCasesAsWereRecorded() {
        assertEquals(31, cases().size());
    }

    /** The recipient's step: certificates, the sender's key, the mail. */
    private static Checked<byte[]> received(Path directory) {
        return certificates(directory)
                .then(by -> SignedKey.open(Vectors.bytes(directory.resolve("speer.sig")), by, Vectors.NOW))
                .then(key -> {
                    final DhKeyPair own =
                            Objects.requireNonNull(DhKeyPair.parse(Vectors.bytes(directory.resolve("derive.pem"))));
                    final Mac mac = Objects.requireNonNull(Mac.parse(Vectors.text(directory.resolve("send.mac"))));
                    try (ExchangeSecrets secrets = ExchangeSecrets.of(own, key)) {
                        return SealedMail.open(secrets, Vectors.bytes(directory.resolve("message.enc")), mac);
                    }
                });
    }

    /** The sender's step: certificates, the recipient's key; after that nothing can be refused. */
    private static Checked<byte[]> sent(Path directory) {
        assertTrue(Files.exists(directory.resolve("message")));
        return certificates(directory)
                .then(by -> SignedKey.open(Vectors.bytes(directory.resolve("rpeer.sig")), by, Vectors.NOW))
                .then(key -> {
                    try (ExchangeSecrets secrets = ExchangeSecrets.of(DhKeyPair.draw(new SecureRandom()), key)) {
                        return Checked.good(SealedMail.seal(
                                secrets, Vectors.bytes(directory.resolve("message")), new SecureRandom()));
                    }
                });
    }

    private static Checked<PeerCertificates> certificates(Path directory) {
        return PeerCertificates.check(
                Vectors.bytes(directory.resolve("ca.pem")),
                Vectors.bytes(directory.resolve("verify.pem")),
                new UserName(Vectors.text(directory.resolve("username"))),
                Vectors.NOW);
    }
}
