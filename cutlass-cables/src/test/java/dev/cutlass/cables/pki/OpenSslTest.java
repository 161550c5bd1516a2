package dev.cutlass.cables.pki;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cutlass.cables.address.Mac;
import dev.cutlass.cables.address.UserName;
import dev.cutlass.crypto.primitive.Base32;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What we write, {@code openssl} on the command line reads, and the other way round: certificates, keys, signed keys, shared secrets, sealed
 * mail, MACs. The original is made of it. Skipped where it is not installed.
 */
final class OpenSslTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** openssl has the machine's clock, so these are valid now. */
    private static final Instant NOW = Instant.now();

    private static final byte[] MAIL = "any bytes that could be gzip \0\1\2\377".getBytes(StandardCharsets.ISO_8859_1);

    @TempDir
    private Path directory;

    private static OwnKeys keys;
    private static DhKeyPair pair;

    @BeforeAll
    static void make() {
        final Optional<String> missing = OpenSsl.missing();
        assumeTrue(missing.isEmpty(), () -> "not compared with openssl: " + missing.orElseThrow());
        keys = OwnKeys.create(OwnKeys.MIN_BITS, RANDOM, NOW);
        pair = DhKeyPair.draw(RANDOM);
    }

    /** With our certificates and keys in its directory. */
    private OpenSsl openSsl(OwnKeys of) throws Exception {
        return new OpenSsl(directory)
                .write("root.pem", of.rootPem())
                .write("sign.pem", of.signPem())
                .write("ca.pem", of.caPem())
                .write("verify.pem", of.verifyPem());
    }

    // -- ours, read by openssl

    @Test
    void itAcceptsOurCertificates() throws Exception {
        for (OwnKeys own : List.of(keys, keys.withNewSignKey(OwnKeys.MIN_BITS, RANDOM, NOW))) {
            final OpenSsl openSsl = openSsl(own);
            openSsl.run(verify("crlsign", "ca.pem"));
            openSsl.run(verify("smimesign", "verify.pem"));
            assertTrue(openSsl.refuses(verify("sslserver", "verify.pem")), "it does look at the purpose");
            for (String key : List.of("root.pem", "sign.pem")) {
                openSsl.run("rsa", "-in", key, "-check", "-noout");
            }
        }
    }

    private static String[] verify(String purpose, String file) {
        return new String[] {
            "verify",
            "-x509_strict",
            "-check_ss_sig",
            "-no-CApath",
            "-no-CAstore",
            "-purpose",
            purpose,
            "-CAfile",
            "ca.pem",
            file
        };
    }

    @Test
    void itSeesInOurCertificatesWhatTheTableOfTheProtocolHas() throws Exception {
        final OpenSsl openSsl = openSsl(keys);
        final String ca = text(openSsl.run("x509", "-in", "ca.pem", "-noout", "-text"));
        for (String part : List.of(
                "Version: 3",
                "Signature Algorithm: sha512WithRSAEncryption",
                "Issuer: O = LIBERTE CABLE, CN = Anonymous",
                "Subject: O = LIBERTE CABLE, CN = Anonymous",
                "Exponent: 65537",
                "X509v3 Basic Constraints: critical\n                CA:TRUE, pathlen:0",
                "X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign",
                "DirName:/O=LIBERTE CABLE/CN=Anonymous")) {
            assertTrue(ca.contains(part), part + " in " + ca);
        }
        final String verify = text(openSsl.run("x509", "-in", "verify.pem", "-noout", "-text"));
        for (String part : List.of(
                "X509v3 Key Usage: critical\n                Digital Signature",
                "X509v3 Extended Key Usage: critical\n                E-mail Protection",
                "DirName:/O=LIBERTE CABLE/CN=Anonymous")) {
            assertTrue(verify.contains(part), part + " in " + verify);
        }
        assertTrue(!verify.contains("Basic Constraints"), verify);
        openSsl.run("x509", "-in", "ca.pem", "-outform", "DER", "-out", "ca.der");
        assertEquals(
                keys.user().text(), Base32.encode(openSsl.run("dgst", "-sha1", "-binary", "ca.der")), "the user name");
    }

    @Test
    void itVerifiesOurSignedKeyAndMakesTheSameBytes() throws Exception {
        for (OwnKeys own : List.of(keys, keys.withNewSignKey(OwnKeys.MIN_BITS, RANDOM, NOW))) {
            final OpenSsl openSsl = openSsl(own);
            openSsl.write("rpeer.sig", own.sign(pair.publicKey(), RANDOM));
            openSsl.run(
                    "cms",
                    "-verify",
                    "-binary",
                    "-inform",
                    "PEM",
                    "-in",
                    "rpeer.sig",
                    "-certfile",
                    "verify.pem",
                    "-nointern",
                    "-CAfile",
                    "ca.pem",
                    "-no-CApath",
                    "-no-CAstore",
                    "-x509_strict",
                    "-purpose",
                    "smimesign",
                    "-out",
                    "peer.der");
            assertArrayEquals(pair.publicKey().der(), openSsl.read("peer.der"));
            assertEquals(
                    text(own.sign(pair.publicKey(), RANDOM)), text(signedByOpenSsl(openSsl, "-noattr", "-nocerts")));
        }
    }

    @Test
    void itReadsOurDiffieHellmanKeysAndComputesTheSameSecret() throws Exception {
        final DhKeyPair other = DhKeyPair.draw(RANDOM);
        final OpenSsl openSsl = new OpenSsl(directory)
                .write("own.pem", pair.pem())
                .write("peer.der", other.publicKey().der());
        assertArrayEquals(pair.publicKey().der(), openSsl.run("pkey", "-in", "own.pem", "-pubout", "-outform", "DER"));
        assertTrue(text(openSsl.run("pkey", "-pubin", "-inform", "DER", "-in", "peer.der", "-noout", "-text"))
                .contains("(8192 bit)"));
        assertSecrets(openSsl, ExchangeSecrets.of(pair, other.publicKey()));
    }

    /** Z of openssl, and each key and MAC made of it by openssl alone. */
    private static void assertSecrets(OpenSsl openSsl, ExchangeSecrets secrets) throws Exception {
        final byte[] z =
                openSsl.run("pkeyutl", "-derive", "-inkey", "own.pem", "-peerkey", "peer.der", "-peerform", "DER");
        int zeroes = 0;
        while (z[zeroes] == 0) {
            zeroes++;
        }
        openSsl.write("z", Arrays.copyOfRange(z, zeroes, z.length)).write("mail.gz", MAIL);
        assertArrayEquals(openSsl.run(hmac("-sha256", "key:encrypt", "z")), secrets.encryptionKey());
        assertEquals(Mac.of(openSsl.run(hmac("-sha512", "key:ack", "z"))), secrets.ackMac());
        for (String label : List.of("send", "recv")) {
            final String key = HexFormat.of().formatHex(openSsl.run(hmac("-sha512", "key:" + label, "z")));
            final Mac mac = Mac.of(openSsl.run(hmac("-sha512", "hexkey:" + key, "mail.gz")));
            assertEquals(mac, label.equals("send") ? secrets.sendMac(MAIL) : secrets.recvMac(MAIL));
        }
    }

    private static String[] hmac(String digest, String key, String file) {
        return new String[] {"dgst", digest, "-mac", "HMAC", "-macopt", key, "-binary", file};
    }

    @Test
    void itOpensOurSealedMail() throws Exception {
        for (int length : new int[] {0, 1, 15, 16, 17, 100_000}) {
            final byte[] mail = new byte[length];
            RANDOM.nextBytes(mail);
            final ExchangeSecrets secrets = ExchangeSecrets.of(pair, pair.publicKey());
            final OpenSsl openSsl = new OpenSsl(directory).write("message.enc", SealedMail.seal(secrets, mail, RANDOM));
            openSsl.run(
                    "cms",
                    "-EncryptedData_decrypt",
                    "-binary",
                    "-inform",
                    "PEM",
                    "-in",
                    "message.enc",
                    "-secretkey",
                    HexFormat.of().formatHex(secrets.encryptionKey()),
                    "-out",
                    "mail.gz");
            assertArrayEquals(mail, openSsl.read("mail.gz"), length + " bytes");
        }
    }

    // -- openssl's, read by us

    @Test
    void weAcceptCertificatesThatItMakes() throws Exception {
        final OpenSsl openSsl = new OpenSsl(directory)
                .write(
                        "ca.cnf",
                        String.join(
                                "\n",
                                "[req]",
                                "distinguished_name=dn",
                                "prompt=no",
                                "x509_extensions=ca",
                                "string_mask=utf8only",
                                "[dn]",
                                "O=LIBERTE CABLE",
                                "CN=Anonymous",
                                "[ca]",
                                "basicConstraints=critical,CA:TRUE,pathlen:0",
                                "keyUsage=critical,keyCertSign,cRLSign",
                                "subjectKeyIdentifier=hash",
                                "authorityKeyIdentifier=keyid:always,issuer:always",
                                "authorityInfoAccess=caIssuers;URI:http://example.invalid/",
                                ""))
                .write(
                        "verify.cnf",
                        String.join(
                                "\n",
                                "keyUsage=critical,digitalSignature",
                                "extendedKeyUsage=critical,emailProtection",
                                "subjectKeyIdentifier=hash",
                                "authorityKeyIdentifier=keyid:always,issuer:always",
                                ""));
        openSsl.run("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "root.pem");
        openSsl.run(
                "req",
                "-new",
                "-x509",
                "-sha512",
                "-days",
                "18300",
                "-config",
                "ca.cnf",
                "-key",
                "root.pem",
                "-out",
                "ca.pem");
        openSsl.run("req", "-new", "-config", "ca.cnf", "-key", "root.pem", "-out", "verify.csr");
        openSsl.run(
                "x509",
                "-req",
                "-sha512",
                "-days",
                "18300",
                "-in",
                "verify.csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "root.pem",
                "-CAcreateserial",
                "-extfile",
                "verify.cnf",
                "-out",
                "verify.pem");
        openSsl.run("x509", "-in", "ca.pem", "-outform", "DER", "-out", "ca.der");
        final UserName user = new UserName(Base32.encode(openSsl.run("dgst", "-sha1", "-binary", "ca.der")));

        final Instant now = Instant.now(); // they are valid from the second in which they were made
        assertInstanceOf(
                Checked.Good.class,
                PeerCertificates.check(openSsl.read("ca.pem"), openSsl.read("verify.pem"), user, now));
        final OwnKeys taken = OwnKeys.read(
                openSsl.read("root.pem"),
                openSsl.read("root.pem"),
                openSsl.read("ca.pem"),
                openSsl.read("verify.pem"),
                now);
        assertEquals(user, taken.user(), "an existing user can be taken over");
    }

    /** As the original makes it, and what it accepts beside that: cables protocol section 5. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-noattr -nocerts",
                "-noattr",
                "-nocerts",
                "",
                "-noattr -nocerts -md sha256",
                "-noattr -nocerts -keyid",
                "-noattr -nocerts -keyopt rsa_padding_mode:pss",
                "-noattr -nocerts -stream"
            })
    void weOpenAKeyThatItSigned(String options) throws Exception {
        final OpenSsl openSsl = openSsl(keys);
        final byte[] signed = signedByOpenSsl(openSsl, options.isEmpty() ? new String[0] : options.split(" "));
        final PeerCertificates certificates =
                Objects.requireNonNull(PeerCertificates.check(keys.caPem(), keys.verifyPem(), keys.user(), NOW)
                        .orNull());
        final Checked<DhPublicKey> opened = SignedKey.open(signed, certificates, NOW);
        assertEquals(pair.publicKey(), opened.orNull(), () -> options + ": " + opened);
    }

    private static byte[] signedByOpenSsl(OpenSsl openSsl, String... options) throws Exception {
        openSsl.write("content.der", pair.publicKey().der());
        final List<String> command = new ArrayList<>(List.of(
                "cms",
                "-sign",
                "-binary",
                "-nodetach",
                "-nosmimecap",
                "-signer",
                "verify.pem",
                "-inkey",
                "sign.pem",
                "-in",
                "content.der",
                "-outform",
                "PEM",
                "-out",
                "openssl.sig"));
        command.addAll(List.of(options));
        if (!command.contains("-md")) {
            command.addAll(List.of("-md", "sha512"));
        }
        openSsl.run(command.toArray(new String[0]));
        return openSsl.read("openssl.sig");
    }

    @Test
    void weReadItsDiffieHellmanKeysAndComputeTheSameSecret() throws Exception {
        final OpenSsl openSsl =
                new OpenSsl(directory).write("peer.der", pair.publicKey().der());
        openSsl.run(
                "genpkey",
                "-algorithm",
                "DH",
                "-pkeyopt",
                "group:modp_8192",
                "-pkeyopt",
                "priv_len:400",
                "-out",
                "own.pem");
        final DhKeyPair its = DhKeyPair.parse(openSsl.read("own.pem"));
        assertNotNull(its);
        final byte[] itsPublic = openSsl.run("pkey", "-in", "own.pem", "-pubout", "-outform", "DER");
        assertEquals(its.publicKey(), DhPublicKey.parse(itsPublic).orNull());
        assertSecrets(openSsl, ExchangeSecrets.of(pair, its.publicKey()));
        assertSecrets(openSsl, ExchangeSecrets.of(its, pair.publicKey()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-stream"})
    void weOpenMailThatItSealed(String option) throws Exception {
        for (int length : new int[] {1, 15, 16, 17, 100_000}) {
            final byte[] mail = new byte[length];
            RANDOM.nextBytes(mail);
            final ExchangeSecrets secrets = ExchangeSecrets.of(pair, pair.publicKey());
            final OpenSsl openSsl = new OpenSsl(directory).write("mail.gz", mail);
            final List<String> command = new ArrayList<>(List.of(
                    "cms",
                    "-EncryptedData_encrypt",
                    "-binary",
                    "-aes256",
                    "-in",
                    "mail.gz",
                    "-secretkey",
                    HexFormat.of().formatHex(secrets.encryptionKey()),
                    "-outform",
                    "PEM",
                    "-out",
                    "message.enc"));
            if (!option.isEmpty()) {
                command.add(option);
            }
            openSsl.run(command.toArray(new String[0]));
            final Checked<byte[]> opened = SealedMail.open(secrets, openSsl.read("message.enc"), secrets.sendMac(mail));
            assertArrayEquals(mail, opened.orNull(), length + " bytes");
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
