package dev.cutlass.cables.pki;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.cutlass.cables.address.Mac;
import dev.cutlass.cables.address.UserName;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.cms.EncryptedContentInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every artefact of every recorded exchange comes out of our code byte for byte, in both roles. */
final class RecordedExchangesTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    static List<Path> exchanges() {
        return Vectors.exchanges();
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void bothSidesComputeTheSharedSecretOfTheRecording(Path exchange) {
        final byte[] expected = HexFormat.of().parseHex(Vectors.text(exchange.resolve("shared.hex")));
        final DhKeyPair sender = pair(exchange, "speer.derive.pem");
        final DhKeyPair recipient = pair(exchange, "rpeer.derive.pem");

        assertArrayEquals(expected, sender.sharedWith(recipient.publicKey()));
        assertArrayEquals(expected, recipient.sharedWith(sender.publicKey()));
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void keysAndMacsAreThoseOfTheRecording(Path exchange) {
        final byte[] compressed = Vectors.bytes(exchange.resolve("message.gz"));
        try (ExchangeSecrets secrets = secrets(exchange)) {
            assertEquals(
                    Vectors.text(exchange.resolve("enc.key.hex")),
                    HexFormat.of().formatHex(secrets.encryptionKey()));
            assertEquals(mac(exchange, "send.mac"), secrets.sendMac(compressed));
            assertEquals(mac(exchange, "recv.mac"), secrets.recvMac(compressed));
            assertEquals(mac(exchange, "ack.mac"), secrets.ackMac());
        }
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void theRecordedMailOpens(Path exchange) {
        try (ExchangeSecrets secrets = secrets(exchange)) {
            final Checked<byte[]> opened =
                    SealedMail.open(secrets, Vectors.bytes(exchange.resolve("message.enc")), mac(exchange, "send.mac"));
            assertArrayEquals(Vectors.bytes(exchange.resolve("message.gz")), opened.orNull());
        }
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void weSealTheSameMailToTheSameBytes(Path exchange) {
        final byte[] recorded = Vectors.bytes(exchange.resolve("message.enc"));
        try (ExchangeSecrets secrets = secrets(exchange)) {
            assertArrayEquals(
                    recorded, SealedMail.seal(secrets, Vectors.bytes(exchange.resolve("message.gz")), ivOf(recorded)));
        }
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void theRecordedKeysOpenWithTheirOwnersCertificates(Path exchange) {
        assertArrayEquals(
                Vectors.bytes(exchange.resolve("rpeer.der")),
                opened(exchange, "rpeer.sig", "username").der());
        assertArrayEquals(
                Vectors.bytes(exchange.resolve("speer.der")),
                opened(exchange, "speer.sig", "susername").der());
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void weSignTheSameKeysToTheSameBytes(Path exchange) {
        assertArrayEquals(
                Vectors.bytes(exchange.resolve("rpeer.sig")), signed(exchange, "rpeer.derive.pem", "username"));
        assertArrayEquals(
                Vectors.bytes(exchange.resolve("speer.sig")), signed(exchange, "speer.derive.pem", "susername"));
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void aPrivateKeyIsWrittenAsItWasRead(Path exchange) {
        assertArrayEquals(
                Vectors.bytes(exchange.resolve("rpeer.derive.pem")),
                pair(exchange, "rpeer.derive.pem").pem());
    }

    private static byte[] signed(Path exchange, String pair, String owner) {
        return Vectors.keysOf(Vectors.nameOf(Vectors.text(exchange.resolve(owner))))
                .sign(pair(exchange, pair).publicKey(), RANDOM);
    }

    private static DhPublicKey opened(Path exchange, String file, String owner) {
        final String userName = Vectors.text(exchange.resolve(owner));
        final Path user = Vectors.user(Vectors.nameOf(userName));
        final PeerCertificates certificates = PeerCertificates.check(
                        Vectors.bytes(user.resolve("ca.pem")),
                        Vectors.bytes(user.resolve("verify.pem")),
                        new UserName(userName),
                        Vectors.NOW)
                .orNull();
        assertNotNull(certificates);
        return Objects.requireNonNull(SignedKey.open(Vectors.bytes(exchange.resolve(file)), certificates, Vectors.NOW)
                .orNull());
    }

    private static DhKeyPair pair(Path exchange, String file) {
        return Objects.requireNonNull(DhKeyPair.parse(Vectors.bytes(exchange.resolve(file))));
    }

    private static ExchangeSecrets secrets(Path exchange) {
        return ExchangeSecrets.of(
                pair(exchange, "rpeer.derive.pem"),
                pair(exchange, "speer.derive.pem").publicKey());
    }

    private static Mac mac(Path exchange, String file) {
        return Objects.requireNonNull(Mac.parse(Vectors.text(exchange.resolve(file))));
    }

    private static byte[] ivOf(byte[] pem) {
        final ASN1Sequence encrypted =
                ASN1Sequence.getInstance(Objects.requireNonNull(Cms.read(pem)).getContent());
        final byte[] iv = ASN1OctetString.getInstance(EncryptedContentInfo.getInstance(encrypted.getObjectAt(1))
                        .getContentEncryptionAlgorithm()
                        .getParameters())
                .getOctets();
        return Arrays.copyOf(iv, iv.length);
    }
}
