package dev.cutlass.cables.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cutlass.cables.address.UserName;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A signed key with any change: refused, or the key that was signed. Runs its saved inputs in the normal tests and fuzzes with JAZZER_FUZZ=1. */
class SignedKeyFuzzTest {
    private static final Path EXCHANGE = Vectors.exchanges().get(0);
    private static final byte[] SIGNED = Vectors.bytes(EXCHANGE.resolve("rpeer.sig"));
    private static final PeerCertificates SIGNER = signer();
    private static final DhPublicKey KEY =
            Objects.requireNonNull(SignedKey.open(SIGNED, SIGNER, Vectors.NOW).orNull());

    private static PeerCertificates signer() {
        final String userName = Vectors.text(EXCHANGE.resolve("username"));
        final Path user = Vectors.user(Vectors.nameOf(userName));
        return Objects.requireNonNull(PeerCertificates.check(
                        Vectors.bytes(user.resolve("ca.pem")),
                        Vectors.bytes(user.resolve("verify.pem")),
                        new UserName(userName),
                        Vectors.NOW)
                .orNull());
    }

    @Tag("fuzz")
    @FuzzTest(maxDuration = "60s")
    void anyChangeIsRefusedOrMeansTheSame(byte[] input) {
        check(input);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void randomChangesAreRefusedOrMeanTheSame(long seed) {
        final Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            check(Edited.input(random));
        }
    }

    private static void check(byte[] input) {
        final byte[] signed = Edited.pem(Pem.CMS, Edited.derOf(SIGNED), input);
        if (SignedKey.open(signed, SIGNER, Vectors.NOW) instanceof Checked.Good<DhPublicKey> good) {
            assertEquals(KEY, good.value());
        }
    }
}
