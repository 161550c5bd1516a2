package dev.cutlass.cables.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.HostName;
import dev.cutlass.cables.address.UserName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the original made of a mail at each stage, we make of it too. */
final class RecordedMailTest {
    private static final Path ROOT = Path.of("src/test/resources/vectors");
    private static final int ENOUGH = 1 << 20;

    static List<Path> exchanges() throws IOException {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.filter(path -> Files.exists(path.resolve("exchange.json")))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void aSubmittedMailGoesOutAsRecorded(Path exchange) throws MailException {
        final Path input = Files.exists(exchange.resolve("input.eml"))
                ? exchange.resolve("input.eml")
                : exchange.resolve("../input.eml");
        final String expected = text(exchange.resolve("message.eml"));
        final Submission made = Submission.of(bytes(input), dateOf(expected));

        assertEquals(address(exchange, "susername", "shostname"), made.sender());
        assertEquals(true, made.recipients().contains(address(exchange, "username", "hostname")));
        assertEquals(withoutTheMailToolsHabits(expected), withoutTheMailToolsHabits(unpacked(made.compressed())));
        assertEquals(text(exchange.resolve("message.hdr")), new String(made.extract(), StandardCharsets.UTF_8));
    }

    /** The original's mail tool quotes "From " in the body and adds an empty line; the protocol tells a new node not to. */
    private static String withoutTheMailToolsHabits(String mail) {
        return mail.replace("\n>From ", "\nFrom ").stripTrailing();
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void aReceivedMailIsDeliveredAsRecorded(Path exchange) {
        final String expected = text(exchange.resolve("delivered.eml"));
        final Delivery made = Delivery.of(
                bytes(exchange.resolve("message.gz")),
                address(exchange, "susername", "shostname"),
                headerDate(expected, "X-Received-Date"),
                ENOUGH);

        assertNotNull(made);
        assertEquals(expected, new String(made.mail(), StandardCharsets.UTF_8));
        assertEquals(
                text(exchange.resolve("recipient.message.hdr")), new String(made.extract(), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void theReceiptIsTheRecordedOne(Path exchange) {
        final String expected = text(exchange.resolve("receipt.eml"));
        final byte[] made = Notices.receipt(
                bytes(exchange.resolve("message.hdr")), address(exchange, "username", "hostname"), dateOf(expected));

        assertEquals(expected, new String(made, StandardCharsets.UTF_8));
    }

    private static String unpacked(byte[] compressed) {
        return new String(Objects.requireNonNull(Gzip.decompress(compressed, ENOUGH)), StandardCharsets.UTF_8);
    }

    private static CablesAddress address(Path exchange, String user, String host) {
        return new CablesAddress(
                new UserName(text(exchange.resolve(user)).strip()),
                HostName.of(text(exchange.resolve(host)).strip()));
    }

    private static Instant dateOf(String mail) {
        return headerDate(mail, "Date");
    }

    private static Instant headerDate(String mail, String name) {
        final String date = mail.lines()
                .filter(line -> line.startsWith(name + ": "))
                .findFirst()
                .orElseThrow()
                .substring(name.length() + 2);
        return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }
}
