package dev.cutlass.cables.tor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.cables.CablesHome;
import dev.cutlass.cables.CablesNode;
import dev.cutlass.cables.Carrier;
import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.HostName;
import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.mailbox.MemoryMailbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes, each behind a Tor of its own with a v3 onion service, in a Tor network on loopback: {@code mvn -B verify -Ptor -pl cutlass-cables -am}.
 */
@Tag("tor")
final class TorNodesTest {
    /** A new network votes three times, then its onion services become known: about a minute, more on a busy machine. */
    private static final Duration NETWORK = Duration.ofMinutes(6);

    private static final Duration MAIL = Duration.ofMinutes(4);
    private static final int RSA_BITS = 3072;

    @TempDir
    static Path temp;

    private static PrivateTor tor;

    @BeforeAll
    static void startTor() throws Exception {
        PrivateTor.missing().ifPresent(Assumptions::abort);
        tor = PrivateTor.start(temp.resolve("tor"), 2);
    }

    @AfterAll
    static void endTor() throws IOException {
        if (tor != null) {
            tor.close();
        }
    }

    /** What waits for another process that nothing tells of. */
    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Duration longest, Condition condition) throws Exception {
        final long end = System.nanoTime() + longest.toNanos();
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < end, () -> what + " within " + longest + "\n" + lastWords());
            new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS);
        }
    }

    private static String lastWords() {
        try {
            return tor.lastWords();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** A node whose onion service Tor's configuration makes. */
    private static CablesNode configured(String name, PrivateTor.Client client, MemoryMailbox mailbox)
            throws Exception {
        await("the name of an onion service", NETWORK, () -> Files.exists(client.hostNameFile()));
        final Path home = temp.resolve(name);
        CablesHome.create(home, List.of(HostName.of(client.host())), RSA_BITS, new CablesHome.Progress() {});
        return node(home, client, mailbox).start();
    }

    /** A node that makes its onion service itself. */
    private static CablesNode commanding(String name, PrivateTor.Client client, MemoryMailbox mailbox)
            throws Exception {
        final Path home = temp.resolve(name);
        CablesHome.create(home, List.of(CablesHome.createOnion(home)), RSA_BITS, new CablesHome.Progress() {});
        return node(home, client, mailbox).torControl(client.control()).start();
    }

    private static CablesNode.Builder node(Path home, PrivateTor.Client client, MemoryMailbox mailbox) {
        return CablesNode.builder(home)
                .listen(client.target())
                .carrier(Carrier.socks5(client.socks()))
                .retry(Duration.ofSeconds(10))
                .mailbox(mailbox);
    }

    private static MessageId send(CablesNode from, CablesNode to, String text) throws Exception {
        final CablesAddress receiver = to.addresses().get(0);
        final String mail = "From: <" + from.addresses().get(0) + ">\nTo: <" + receiver + ">\nSubject: " + text + "\n\n"
                + text + "\n";
        return from.send(mail.getBytes(StandardCharsets.UTF_8))
                .keySet()
                .iterator()
                .next();
    }

    @Test
    void mailGoesBothWaysOverOnionServicesAndIsConfirmed() throws Exception {
        final MemoryMailbox aliceGets = new MemoryMailbox();
        final MemoryMailbox bobGets = new MemoryMailbox();
        try (CablesNode alice = commanding("alice", tor.clients().get(0), aliceGets);
                CablesNode bob = configured("bob", tor.clients().get(1), bobGets)) {
            await(
                    "bob can be reached",
                    NETWORK,
                    () -> alice.ping(bob.addresses().get(0)).isThere());
            await(
                    "alice can be reached",
                    NETWORK,
                    () -> bob.ping(alice.addresses().get(0)).isThere());
            final MessageId toBob = send(alice, bob, "to bob");
            final MessageId toAlice = send(bob, alice, "to alice");
            await(
                    "mail and confirmations",
                    MAIL,
                    () -> aliceGets.keys().size() + bobGets.keys().size() == 4);
            await(
                    "no message is left",
                    MAIL,
                    () -> alice.status().isEmpty() && bob.status().isEmpty());

            assertEquals(Set.of(toAlice.text(), toBob + ".receipt"), new TreeSet<>(aliceGets.keys()));
            assertEquals(Set.of(toBob.text(), toAlice + ".receipt"), new TreeSet<>(bobGets.keys()));
        }
    }
}
