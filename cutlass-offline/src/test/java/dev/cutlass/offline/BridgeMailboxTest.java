package dev.cutlass.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cutlass.cables.mailbox.MemoryMailbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ben's mailbox, to which Ann writes. */
final class BridgeMailboxTest {
    @TempDir
    private Path temp;

    private final MemoryMailbox others = new MemoryMailbox();
    private final Mails.Inbox engine = new Mails.Inbox(Mails.BEN);
    private BridgeMailbox box;

    @BeforeEach
    void open() throws IOException {
        box = BridgeMailbox.open(Mails.BENS.user(), temp.resolve("offline"), others);
        engine.addresses.put(Mails.ANN, Mails.ANNS.toString());
    }

    private static String key(int number) {
        return String.format("%040x", number);
    }

    private long spooled() throws IOException {
        try (Stream<Path> files = Files.list(temp.resolve("offline/mail/new"))) {
            return files.count();
        }
    }

    @Test
    void aMessageGoesToTheEngineAndIsKeptUntilThatIsDoneWithIt() throws IOException {
        box.attach(engine);
        box.deliver(key(1), Mails.toBen("hi", 0));
        assertEquals(List.of("hi"), engine.texts());
        assertEquals(1, spooled());
        engine.dones.get(0).run();
        assertEquals(0, spooled());
        box.deliver(key(1), Mails.toBen("hi", 0)); // the node did not come to note that it is here
        assertEquals(List.of("hi"), engine.texts());
        assertEquals(List.of(), others.keys());
    }

    @Test
    void whatCameWithoutAnEngineGoesToTheNextOneInOrder() throws IOException {
        for (int number : new int[] {2, 0, 1}) {
            box.deliver(key(9 - number), Mails.toBen("m" + number, number));
        }
        box = BridgeMailbox.open(Mails.BENS.user(), temp.resolve("offline"), others);
        box.attach(engine);
        assertEquals(List.of("m0", "m1", "m2"), engine.texts());
        box.detach();
        box.attach(engine);
        assertEquals(6, engine.came.size(), "none of them was done");
    }

    @Test
    void mailOfWhomOurRecordDoesNotNameOrNamesOtherwiseIsOtherMail() throws IOException {
        box.attach(engine);
        engine.addresses.clear();
        box.deliver(key(1), Mails.toBen("stranger", 0));
        engine.addresses.put(Mails.ANN, Mails.BENS.toString());
        box.deliver(key(2), Mails.toBen("another cables user", 0));
        engine.addresses.put(Mails.ANN, Mails.ANNS.user() + "@" + Mails.BENS.host());
        box.deliver(key(3), Mails.toBen("another host of hers", 0));
        assertEquals(List.of("another host of hers"), engine.texts());
        assertEquals(List.of(key(1), key(2)), others.keys());
        assertEquals(1, spooled());
    }

    @Test
    void mailForAnotherEngineAndDamagedMailIsOtherMail() throws IOException {
        box.attach(new Mails.Inbox(Mails.ANN));
        box.deliver(key(1), Mails.toBen("for ben", 0));
        box.deliver(
                key(2),
                ("From: <" + Mails.ANNS + ">\nContent-Type: application/x-cutlass-message\n\nAQ==\n")
                        .getBytes(StandardCharsets.US_ASCII));
        assertEquals(List.of(key(1), key(2)), others.keys());
        assertEquals(0, spooled());
    }

    @Test
    void ordinaryMailAndNoticesAboutItGoToTheUser() throws IOException {
        box.attach(engine);
        final byte[] mail = ("From: <" + Mails.ANNS + ">\nSubject: x\n\nhello\n").getBytes(StandardCharsets.US_ASCII);
        for (String key : List.of(key(1), key(2) + ".receipt", key(3) + ".fail")) {
            box.deliver(key, mail);
        }
        assertEquals(List.of(key(1), key(2) + ".receipt", key(3) + ".fail"), others.keys());
        assertEquals(List.of(), engine.told);
    }

    private static byte[] noticeOf(String from) {
        return ("From: <" + from + ">\nSubject: [vfy] Cutlass message\nMessage-ID: <"
                        + "0".repeat(31) + "10000000000000002".substring(16) + ".5."
                        + Mails.ANN.text().substring("cutlass:".length()) + "@offline.cutlass>\n\nDelivered\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void noticesAboutOurMessagesGoToTheEngine() throws IOException {
        final byte[] notice = noticeOf(Mails.BENS.toString());
        box.deliver(key(1) + ".receipt", notice); // no engine: nobody waits for it
        box.attach(engine);
        box.deliver(key(2) + ".receipt", notice);
        box.deliver(key(3) + ".fail", notice);
        final String id = Mails.ANN.text() + " " + "0".repeat(31) + "2/0/5";
        assertEquals(List.of("delivered " + id, "failed " + id), engine.told);
        assertEquals(List.of(), others.keys());
    }

    @Test
    void aFailureThatNoEngineWaitsForIsToldToTheUser() throws IOException {
        final byte[] notice = noticeOf(Mails.BENS.toString());
        box.deliver(key(1) + ".fail", notice);
        box.attach(engine);
        engine.knowsFailed = false;
        box.deliver(key(2) + ".fail", notice);
        assertEquals(List.of(key(1) + ".fail", key(2) + ".fail"), others.keys());
    }

    @Test
    void aPeerThatDoesNotAcknowledgeCannotMakeAMessageOfOursFail() throws IOException {
        box.attach(engine);
        box.deliver(key(1) + ".fail", noticeOf(Mails.ANNS.toString()));
        assertEquals(List.of(), engine.told);
        assertEquals(List.of(), others.keys());
    }

    @Test
    void noMoreThanSoManyWaitAndTheNodeIsToldToTryAgain() throws IOException {
        for (int i = 0; i < BridgeMailbox.MAX_SPOOLED; i++) {
            Files.write(temp.resolve("offline/mail/new").resolve(key(i)), Mails.toBen("m", i));
        }
        assertThrows(IOException.class, () -> box.deliver(key(999), Mails.toBen("one more", 999)));
        box.attach(engine);
        engine.dones.forEach(Runnable::run);
        box.deliver(key(999), Mails.toBen("one more", 999));
        assertEquals(BridgeMailbox.MAX_SPOOLED + 1, engine.came.size());
    }
}
