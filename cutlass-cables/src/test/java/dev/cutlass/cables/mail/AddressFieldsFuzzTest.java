package dev.cutlass.cables.mail;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cutlass.cables.address.CablesAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any field of recipients: addresses of the cables network, or a refusal of the whole. Runs its saved inputs in the normal tests and fuzzes with JAZZER_FUZZ=1. */
class AddressFieldsFuzzTest {
    private static final String ADDRESS = "a".repeat(32) + "@" + "b".repeat(16) + ".onion";
    private static final String[] PIECES = {
        ADDRESS,
        "<" + ADDRESS + ">",
        "<",
        ">",
        "(",
        ")",
        "\"",
        ",",
        ";",
        ":",
        "@",
        "\\",
        " ",
        "\n ",
        "name",
        "=?utf-8?q?x?="
    };

    @Tag("fuzz")
    @FuzzTest(maxDuration = "60s")
    void anyFieldIsAddressesOrARefusal(byte[] input) {
        check(new String(input, StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void piecesInAnyOrderAreAddressesOrARefusal(long seed) {
        final Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            final StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            check(text.toString());
        }
    }

    private static void check(String field) {
        try {
            final MailText mail = MailText.of(List.of(new MailText.Field("To", " " + field)));
            for (CablesAddress address : AddressFields.of(mail, "To")) {
                assertNotNull(CablesAddress.parse(address.toString()));
            }
        } catch (MailException e) {
            assertTrue(e.getMessage().startsWith("To: "), e.getMessage());
        }
    }
}
