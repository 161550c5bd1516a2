package dev.cutlass.cables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.HostName;
import dev.cutlass.cables.mailbox.MemoryMailbox;
import dev.cutlass.cables.queue.FaultyVolume;
import dev.cutlass.cables.queue.RealVolume;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole nodes, with their threads and a real disk, joined by calls instead of HTTP. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class NodesTest {
    private static final HostName ALICES = HostName.of("6n53eglnjalo775k.onion");
    private static final HostName BOBS = HostName.of("ixasm4dju7k2zgwm.onion");
    private static final Duration RETRY = Duration.ofMillis(400);
    private static final long SOON = 60_000;

    /** Generous: only a defect needs so many, and machines that build are busy. */
    private static final int LOOKS = 4_000;

    @TempDir
    private Path temp;

    private final JvmNetwork network = new JvmNetwork();
    private final List<CablesNode> open = new ArrayList<>();
    private Path alices;
    private Path bobs;

    @BeforeEach
    void makeHomes() throws IOException {
        alices = home("alice", ALICES);
        bobs = home("bob", BOBS);
    }

    @AfterEach
    void closeNodes() throws IOException {
        for (CablesNode node : open) {
            node.close();
        }
    }

    private Path home(String name, HostName host) throws IOException {
        final Path path = temp.resolve(name);
        CablesHome.create(path, List.of(host), 2048, new CablesHome.Progress() {});
        return path;
    }

    private CablesNode.Builder node(Path home, HostName host) {
        return CablesNode.builder(home).retry(RETRY).network(network.of(host));
    }

    private CablesNode start(CablesNode.Builder builder) throws IOException {
        final CablesNode node = builder.start();
        open.add(node);
        return node;
    }

    private static byte[] mail(CablesAddress from, String text, CablesAddress... to) {
        final StringBuilder mail = new StringBuilder("From: <" + from + ">\n");
        for (CablesAddress each : to) {
            mail.append("To: ").append(each).append('\n');
        }
        return (mail + "Subject: " + text + "\n\n" + text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static Set<String> kinds(MemoryMailbox box) {
        final Set<String> kinds = new HashSet<>();
        for (String key : box.keys()) {
            kinds.add(key.contains(".") ? key.substring(key.indexOf('.')) : "mail");
        }
        return kinds;
    }

    private static void awaitNothingLeft(CablesHome... homes) throws IOException, InterruptedException {
        final Path one = homes[0].queues();
        for (int i = 0; i < LOOKS; i++) {
            boolean isEmpty = true;
            for (CablesHome home : homes) {
                isEmpty &= home.status().isEmpty();
            }
            if (isEmpty) {
                return;
            }
            pause();
        }
        assertEquals(List.of(), homes[0].status(), "left in " + one);
    }

    /** Waits for what other threads do, where nothing tells of it. */
    private static void pause() throws InterruptedException {
        new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
    }

    @Test
    void mailGoesBothWaysAndIsConfirmed() throws Exception {
        final MemoryMailbox aliceGets = new MemoryMailbox();
        final MemoryMailbox bobGets = new MemoryMailbox();
        final CablesNode alice = start(node(alices, ALICES).mailbox(aliceGets));
        final CablesNode bob = start(node(bobs, BOBS).mailbox(bobGets));
        alice.send(mail(alice.addresses().get(0), "to bob", bob.addresses().get(0)));
        bob.send(mail(bob.addresses().get(0), "to alice", alice.addresses().get(0)));
        assertTrue(aliceGets.await(2, SOON) && bobGets.await(2, SOON));
        awaitNothingLeft(CablesHome.open(alices), CablesHome.open(bobs));
        assertEquals(Set.of("mail", ".receipt"), kinds(aliceGets));
        assertEquals(Set.of("mail", ".receipt"), kinds(bobGets));
        assertEquals("LIBERTE CABLE 3.0", alice.ping(bob.addresses().get(0)).text());
        assertFalse(alice.ping(new CablesAddress(alice.user(), BOBS)).isThere());
    }

    @Test
    void mailGoesBothWaysOverHttp() throws Exception {
        final MemoryMailbox aliceGets = new MemoryMailbox();
        final MemoryMailbox bobGets = new MemoryMailbox();
        final InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        final CablesNode bob =
                start(CablesNode.builder(bobs).retry(RETRY).listen(anyPort).mailbox(bobGets));
        final CablesNode alice = start(CablesNode.builder(alices)
                .retry(RETRY)
                .listen(anyPort)
                .mailbox(aliceGets)
                .carrier(Carrier.none().mapped(BOBS, bob.listening())));
        assertTrue(alice.ping(bob.addresses().get(0)).isThere());
        final int bobsPort = bob.listening().getPort();
        bob.close(); // a node knows its peers from the start; here each wants to know where the other is
        final CablesNode bobAgain = start(CablesNode.builder(bobs)
                .retry(RETRY)
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), bobsPort))
                .mailbox(bobGets)
                .carrier(Carrier.none().mapped(ALICES, alice.listening())));
        alice.send(mail(alice.addresses().get(0), "to bob", bobAgain.addresses().get(0)));
        bobAgain.send(
                mail(bobAgain.addresses().get(0), "to alice", alice.addresses().get(0)));
        assertTrue(aliceGets.await(2, SOON) && bobGets.await(2, SOON));
        awaitNothingLeft(CablesHome.open(alices), CablesHome.open(bobs));
        assertEquals(Set.of("mail", ".receipt"), kinds(aliceGets));
        assertEquals(Set.of("mail", ".receipt"), kinds(bobGets));
    }

    @Test
    void aMailProgramSubmitsBySmtpAlsoToWhomTheHeaderDoesNotName() throws Exception {
        final MemoryMailbox aliceGets = new MemoryMailbox();
        final MemoryMailbox bobGets = new MemoryMailbox();
        final CablesNode alice = start(node(alices, ALICES)
                .mailbox(aliceGets)
                .smtp(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        final CablesNode bob = start(node(bobs, BOBS).mailbox(bobGets));
        final CablesAddress self = alice.addresses().get(0);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), alice.smtpPort())) {
            final OutputStream out = socket.getOutputStream();
            out.write(("EHLO x\r\nMAIL FROM:<" + self + ">\r\nRCPT TO:<"
                            + bob.addresses().get(0) + ">\r\nDATA\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.write(("From: " + self + "\r\nTo: " + self + "\r\nSubject: bcc\r\n\r\nhello\r\n.\r\nQUIT\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            assertTrue(
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).contains("250 queued"));
        }
        assertTrue(bobGets.await(1, SOON) && aliceGets.await(1, SOON));
        assertEquals(Set.of("mail"), kinds(bobGets));
        assertEquals(Set.of(".receipt"), kinds(aliceGets));
    }

    @Test
    void mailThatAnotherProcessSubmitsIsFoundAlsoBeforeTheNodeRuns() throws Exception {
        final MemoryMailbox aliceGets = new MemoryMailbox();
        final MemoryMailbox bobGets = new MemoryMailbox();
        final CablesHome alice = CablesHome.open(alices);
        final CablesAddress bob = CablesHome.open(bobs).addresses().get(0);
        alice.send(mail(alice.addresses().get(0), "before", bob));
        assertEquals(1, alice.status().size());
        assertEquals("waiting for the recipient's key", alice.status().get(0).state());
        start(node(alices, ALICES).mailbox(aliceGets));
        start(node(bobs, BOBS).mailbox(bobGets));
        assertTrue(aliceGets.await(1, SOON));
        alice.send(mail(alice.addresses().get(0), "while it runs", bob));
        assertTrue(aliceGets.await(2, SOON) && bobGets.await(2, SOON));
        assertTrue(alice.runner().contains("this process"));
    }

    @Test
    void aMailToSeveralGoesToEach() throws Exception {
        final MemoryMailbox aliceGets = new MemoryMailbox();
        final MemoryMailbox bobGets = new MemoryMailbox();
        final CablesNode alice = start(node(alices, ALICES).mailbox(aliceGets));
        final CablesNode bob = start(node(bobs, BOBS).mailbox(bobGets));
        final CablesAddress self = alice.addresses().get(0);
        alice.send(mail(self, "to both", bob.addresses().get(0), self));
        assertTrue(aliceGets.await(3, SOON) && bobGets.await(1, SOON));
        assertEquals(1, bobGets.take().size());
        assertEquals(3, aliceGets.take().size());
    }

    @Test
    void whatMayNotBeSentIsRefusedWhole() throws Exception {
        final CablesHome alice = CablesHome.open(alices);
        final CablesAddress self = alice.addresses().get(0);
        final CablesAddress bob = CablesHome.open(bobs).addresses().get(0);
        assertEquals(MailRefused.Reason.SENDER, refused(alice, mail(bob, "forged", bob)));
        assertEquals(
                MailRefused.Reason.RECIPIENT,
                refused(
                        alice,
                        ("From: " + self + "\nTo: " + bob + ", x@example.org\n\n").getBytes(StandardCharsets.UTF_8)));
        assertEquals(MailRefused.Reason.TOO_LONG, refused(alice, new byte[(64 << 20) + 1]));
        assertEquals(List.of(), alice.status());
        assertTrue(alice.send(("From: " + self + "\nSubject: to nobody\n\n").getBytes(StandardCharsets.UTF_8))
                .isEmpty());
    }

    private static MailRefused.Reason refused(CablesHome home, byte[] mail) {
        return assertThrows(MailRefused.class, () -> home.send(mail)).reason();
    }

    @Test
    void aSecondNodeInOneHomeIsRefusedAndTheFirstGoesOn() throws Exception {
        final MemoryMailbox gets = new MemoryMailbox();
        final CablesNode first = start(node(alices, ALICES).mailbox(gets));
        final String said = assertThrows(
                        IOException.class, () -> node(alices, ALICES).start())
                .getMessage();
        assertTrue(said.contains(String.valueOf(ProcessHandle.current().pid())), said);
        first.send(
                mail(first.addresses().get(0), "still here", first.addresses().get(0)));
        assertTrue(gets.await(2, SOON));
        first.close();
        start(node(alices, ALICES).mailbox(gets));
    }

    /** One of the two dies at a random change of its disk, is started again, and so on; in the end there is one of each. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void nodesThatAreKilledAtRandomMomentsDeliverOnceAndConfirmOnce(long seed) throws Exception {
        final Random random = new Random(seed);
        final MemoryMailbox aliceGets = new MemoryMailbox();
        final MemoryMailbox bobGets = new MemoryMailbox();
        final FaultyVolume[] disks = new FaultyVolume[2];
        final CablesNode[] nodes = new CablesNode[2];
        final CablesAddress alice = CablesHome.open(alices).addresses().get(0);
        final CablesAddress bob = CablesHome.open(bobs).addresses().get(0);
        final int mails = 6;
        for (int i = 0; i < mails; i++) {
            for (int which = 0; which < 2; which++) {
                if (nodes[which] == null || random.nextBoolean()) {
                    if (nodes[which] != null) {
                        disks[which].crashAt(random.nextInt(6), random.nextBoolean());
                        new CountDownLatch(1).await(random.nextInt(300), TimeUnit.MILLISECONDS);
                        disks[which].crashAt(0, false); // dead by now: nothing that is still under way is written
                        nodes[which].close();
                    }
                    disks[which] = new FaultyVolume();
                    nodes[which] = start((which == 0 ? node(alices, ALICES) : node(bobs, BOBS))
                            .volume(disks[which])
                            .mailbox(which == 0 ? aliceGets : bobGets));
                }
            }
            CablesHome.open(alices).send(mail(alice, "mail " + i, bob));
        }
        for (int which = 0; which < 2; which++) {
            disks[which].crashAt(0, false);
            nodes[which].close();
            nodes[which] = start(
                    (which == 0 ? node(alices, ALICES) : node(bobs, BOBS)).mailbox(which == 0 ? aliceGets : bobGets));
        }
        assertTrue(bobGets.await(mails, SOON), "arrived: " + bobGets.keys());
        assertTrue(aliceGets.await(mails, SOON), "confirmed: " + aliceGets.keys());
        awaitNothingLeft(CablesHome.open(alices), CablesHome.open(bobs));
        assertEquals(mails, bobGets.keys().size());
        assertEquals(mails, aliceGets.keys().size());
        assertEquals(Set.of("mail"), kinds(bobGets));
        assertEquals(Set.of(".receipt"), kinds(aliceGets));
    }

    @Test
    void aFullDiskDelaysAndLosesNothing() throws Exception {
        final MemoryMailbox aliceGets = new MemoryMailbox();
        final MemoryMailbox bobGets = new MemoryMailbox();
        final FaultyVolume disk = new FaultyVolume();
        final CountDownLatch told = new CountDownLatch(1);
        final CablesNode alice =
                start(node(alices, ALICES).mailbox(aliceGets).volume(disk).listener(new CablesListener() {
                    @Override
                    public void diskTrouble(String why) {
                        told.countDown();
                    }
                }));
        final CablesNode bob = start(node(bobs, BOBS).mailbox(bobGets));
        alice.send(mail(alice.addresses().get(0), "hello", bob.addresses().get(0)));
        disk.full(true);
        assertThrows(
                IOException.class,
                () -> alice.send(
                        mail(alice.addresses().get(0), "no", bob.addresses().get(0))));
        assertTrue(told.await(SOON, TimeUnit.MILLISECONDS));
        disk.full(false);
        assertTrue(aliceGets.await(1, SOON) && bobGets.await(1, SOON));
        assertEquals(Set.of(".receipt"), kinds(aliceGets));
        assertEquals(1, bobGets.take().size());
    }

    @Test
    void queuesThatAreAwayAreWaitedForAndNotMadeAnew() throws Exception {
        final MemoryMailbox aliceGets = new MemoryMailbox();
        final MemoryMailbox bobGets = new MemoryMailbox();
        final Path mounted = temp.resolve("volume");
        final CountDownLatch away = new CountDownLatch(1);
        final CountDownLatch back = new CountDownLatch(1);
        final CablesNode alice = start(node(alices, ALICES)
                .mailbox(aliceGets)
                .queues(mounted.resolve("cables"))
                .listener(new CablesListener() {
                    @Override
                    public void standby(boolean isAway) {
                        (isAway ? away : back).countDown();
                    }
                }));
        final CablesAddress self = alice.addresses().get(0);
        final CablesNode bob = start(node(bobs, BOBS).mailbox(bobGets));
        Files.move(mounted.resolve("cables"), temp.resolve("elsewhere"));
        assertTrue(away.await(SOON, TimeUnit.MILLISECONDS));
        assertThrows(
                IOException.class,
                () -> alice.send(mail(self, "away", bob.addresses().get(0))));
        bob.send(mail(bob.addresses().get(0), "to the one who is away", self));
        pause();
        assertTrue(Files.notExists(mounted.resolve("cables")));
        Files.move(temp.resolve("elsewhere"), mounted.resolve("cables"));
        assertTrue(back.await(SOON, TimeUnit.MILLISECONDS));
        assertTrue(bobGets.await(1, SOON));
        assertEquals(Set.of(".receipt"), kinds(bobGets));
    }

    @Test
    void aNodeThatStartsWhileItsQueuesAreAwayWaitsForThem() throws Exception {
        final Path queues = temp.resolve("volume/cables");
        start(node(alices, ALICES).mailbox(new MemoryMailbox()).queues(queues)).close();
        Files.move(queues, temp.resolve("elsewhere"));
        final CountDownLatch away = new CountDownLatch(1);
        start(node(alices, ALICES).mailbox(new MemoryMailbox()).queues(queues).listener(new CablesListener() {
            @Override
            public void standby(boolean isAway) {
                away.countDown();
            }
        }));
        assertTrue(away.await(SOON, TimeUnit.MILLISECONDS));
        assertTrue(Files.notExists(queues));
    }

    @Test
    void aClockThatJumpsBackAndForthGivesNothingUp() throws Exception {
        final MemoryMailbox aliceGets = new MemoryMailbox();
        final MemoryMailbox bobGets = new MemoryMailbox();
        final AtomicReference<Duration> off = new AtomicReference<>(Duration.ZERO);
        final AtomicInteger looks = new AtomicInteger();
        final CountDownLatch jumped = new CountDownLatch(1);
        final CablesNode alice = start(node(alices, ALICES)
                .mailbox(aliceGets)
                .clocks(
                        () -> {
                            looks.incrementAndGet();
                            return Instant.now().plus(off.get());
                        },
                        System::nanoTime)
                .listener(new CablesListener() {
                    @Override
                    public void clockJumped(Duration by) {
                        jumped.countDown();
                    }
                }));
        final CablesAddress bob = CablesHome.open(bobs).addresses().get(0);
        alice.send(mail(alice.addresses().get(0), "hello", bob)); // nobody is there yet
        off.set(Duration.ofDays(400));
        assertTrue(jumped.await(SOON, TimeUnit.MILLISECONDS));
        for (int days : new int[] {-400, 30, -3_000}) {
            off.set(Duration.ofDays(days));
            final int before = looks.get();
            while (looks.get() < before + 2) {
                pause();
            }
        }
        off.set(Duration.ZERO);
        start(node(bobs, BOBS).mailbox(bobGets));
        assertTrue(aliceGets.await(1, SOON) && bobGets.await(1, SOON));
        assertEquals(Set.of(".receipt"), kinds(aliceGets));
    }

    @Test
    void whatIsTooOldIsGivenUpWithANotice() throws Exception {
        final MemoryMailbox aliceGets = new MemoryMailbox();
        final CablesHome home = CablesHome.open(alices);
        final CablesAddress self = home.addresses().get(0);
        home.send(mail(self, "hello", new CablesAddress(CablesHome.open(bobs).user(), BOBS)));
        // Begun a week ago, as the file says that tells it.
        final Path user =
                temp.resolve("alice/queue").resolve(home.status().get(0).id() + "/username");
        Files.setLastModifiedTime(
                user, java.nio.file.attribute.FileTime.from(Instant.now().minus(Duration.ofDays(8))));
        start(node(alices, ALICES).mailbox(aliceGets));
        assertTrue(aliceGets.await(1, SOON));
        assertEquals(Set.of(".fail"), kinds(aliceGets));
    }

    @Test
    void mailGoesIntoTheMaildirOfTheHome() throws Exception {
        final CablesNode alice = start(node(alices, ALICES));
        alice.send(mail(alice.addresses().get(0), "to myself", alice.addresses().get(0)));
        awaitNothingLeft(CablesHome.open(alices));
        assertEquals(2, new RealVolume().names(alices.resolve("Maildir/new")).size());
    }
}
