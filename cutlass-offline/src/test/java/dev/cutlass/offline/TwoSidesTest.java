package dev.cutlass.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.Cutlass;
import dev.cutlass.Delivery;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.cables.CablesHome;
import dev.cutlass.cables.CablesNode;
import dev.cutlass.cables.Carrier;
import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.HostName;
import dev.cutlass.cables.mailbox.MemoryMailbox;
import dev.cutlass.crypto.Identity;
import dev.cutlass.event.DeliveryState;
import dev.cutlass.event.Message;
import dev.cutlass.event.MessageId;
import dev.cutlass.event.PeerState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two engines and two cables nodes in this JVM, with their threads, disks and sockets on loopback. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TwoSidesTest {
    private static final Duration AWAY = Duration.ofMillis(500);
    private static final long WAIT_SECONDS = 60;

    @TempDir
    private Path temp;

    private Side ann;
    private Side ben;

    /** A person with an identity, a cables home, and programs that run at times. */
    private final class Side implements AutoCloseable {
        final String name;
        final HostName host;
        final Path cables;
        final InetSocketAddress place;
        final Identity identity = Identity.generate();
        final MemoryMailbox otherMail = new MemoryMailbox();
        final List<String> heard = new CopyOnWriteArrayList<>();
        final List<MessageId> ids = new CopyOnWriteArrayList<>();
        private final BlockingQueue<String> hearing = new LinkedBlockingQueue<>();

        @Nullable
        CablesOfflineDelivery offline;

        @Nullable
        Cutlass cutlass;

        Side(String name, String host, InetSocketAddress place) throws IOException {
            this.name = name;
            this.host = HostName.of(host);
            this.cables = temp.resolve(name + "-cables");
            this.place = place;
            CablesHome.create(cables, List.of(this.host), 2048, new CablesHome.Progress() {});
        }

        CablesAddress address() throws IOException {
            return CablesHome.open(cables).addresses().get(0);
        }

        void startNode(Side other) throws IOException {
            offline = CablesOfflineDelivery.start(
                    cables,
                    node -> node.listen(place)
                            .retry(Duration.ofMillis(300))
                            .carrier(Carrier.none().mapped(other.host, other.place)),
                    otherMail);
        }

        void startEngine() throws IOException {
            cutlass = Cutlass.builder()
                    .identity(identity)
                    .nick(name)
                    .home(temp.resolve(name))
                    .bind(InetAddress.getLoopbackAddress())
                    .anyPort()
                    .idle(Duration.ofSeconds(3))
                    .quiet(Duration.ofMillis(500))
                    .pingInterval(Duration.ofMillis(300))
                    .offlineDelivery(offline, AWAY)
                    .onMessage((peer, message) -> hear(message))
                    .start();
        }

        private void hear(Message message) {
            heard.add(message.text());
            ids.add(message.id());
            hearing.add(message.text());
        }

        void awaitHeard(String text) throws InterruptedException {
            assertEquals(text, hearing.poll(WAIT_SECONDS, TimeUnit.SECONDS));
        }

        Peer peer(Side other) throws InterruptedException {
            awaitTrue(() -> cutlass.peer(other.identity.id()).isPresent());
            return cutlass.peer(other.identity.id()).orElseThrow();
        }

        Peer connect(Side other) throws Exception {
            final InetSocketAddress at = other.cutlass.localAddress();
            return cutlass.connect(PeerAddress.of(
                            other.identity.id(),
                            new PeerAddress.Place(at.getAddress().getHostAddress(), at.getPort())))
                    .get(WAIT_SECONDS, TimeUnit.SECONDS);
        }

        void stopEngine() {
            cutlass.close();
        }

        @Override
        public void close() throws IOException {
            if (cutlass != null) {
                cutlass.close();
            }
            if (offline != null) {
                offline.close();
            }
            identity.close();
        }
    }

    private static void awaitTrue(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < WAIT_SECONDS * 50 && !condition.getAsBoolean(); i++) {
            new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS); // nothing tells of it
        }
        assertTrue(condition.getAsBoolean());
    }

    private static void awaitDelivered(Delivery delivery) throws Exception {
        delivery.toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    @BeforeEach
    void open() throws IOException {
        final InetAddress here = InetAddress.getLoopbackAddress();
        final int anns;
        final int bens;
        try (ServerSocket one = new ServerSocket(0, 1, here);
                ServerSocket two =
                        new ServerSocket(0, 1, here)) { // each node must know the other's port when it starts
            anns = one.getLocalPort();
            bens = two.getLocalPort();
        }
        ann = new Side("ann", "6n53eglnjalo775k.onion", new InetSocketAddress(here, anns));
        ben = new Side("ben", "ixasm4dju7k2zgwm.onion", new InetSocketAddress(here, bens));
        ann.startNode(ben);
        ben.startNode(ann);
    }

    @AfterEach
    void close() throws IOException {
        ann.close();
        ben.close();
    }

    private void introduce() throws IOException {
        ann.cutlass.setOfflineAddress(ben.identity.id(), ben.address().toString());
        ben.cutlass.setOfflineAddress(ann.identity.id(), ann.address().toString());
    }

    @Test
    void mailReachesAPeerThatIsAwayOnceAndConversationGoesOnWhenItIsBack() throws Exception {
        ann.startEngine();
        ben.startEngine();
        introduce();
        final Peer peer = ann.connect(ben);
        awaitDelivered(peer.send("hello"));
        ben.awaitHeard("hello");
        ben.stopEngine();
        awaitTrue(() -> peer.state() != PeerState.CONNECTED);
        final Delivery first = peer.send("first");
        final Delivery second = peer.send("second");
        awaitDelivered(first); // its node has it
        awaitDelivered(second);
        assertEquals(List.of("hello"), ben.heard);

        ben.startEngine();
        ben.awaitHeard("first");
        ben.awaitHeard("second");
        final Peer back = ann.connect(ben);
        awaitDelivered(back.send("third"));
        ben.awaitHeard("third");
        awaitDelivered(ben.peer(ann).send("answer"));
        ann.awaitHeard("answer");

        assertEquals(List.of("hello", "first", "second", "third"), ben.heard);
        assertEquals(
                List.of(0L, 1L, 2L, 3L), ben.ids.stream().map(MessageId::number).toList());
        assertEquals(1, ben.ids.stream().map(MessageId::bootLow).distinct().count());
        assertEquals(List.of(), ann.otherMail.keys());
        assertEquals(List.of(), ben.otherMail.keys());
    }

    @Test
    void twoThatNeverMetWriteToEachOtherAndTheConnectionDoublesNothing() throws Exception {
        ann.startEngine();
        ben.startEngine();
        introduce();
        final Delivery there = ann.peer(ben).send("from afar");
        final Delivery back = ben.peer(ann).send("likewise");
        awaitDelivered(there);
        awaitDelivered(back);
        ben.awaitHeard("from afar");
        ann.awaitHeard("likewise");
        awaitDelivered(ann.connect(ben).send("here I am"));
        ben.awaitHeard("here I am");

        assertEquals(List.of("from afar", "here I am"), ben.heard);
        assertEquals(List.of("likewise"), ann.heard);
    }

    @Test
    void aPeerThatComesBackWhileMailIsUnderWayHearsEachMessageOnce() throws Exception {
        ann.startEngine();
        ben.startEngine();
        introduce();
        ben.stopEngine();
        ben.offline.close(); // neither way is open
        final Peer peer = ann.peer(ben);
        final Delivery one = peer.send("one");
        final Delivery two = peer.send("two");
        awaitTrue(() -> two.state() == DeliveryState.SENT);
        ben.startNode(ann); // and now both are
        ben.startEngine();
        final Peer connected = ann.connect(ben);
        awaitDelivered(one);
        awaitDelivered(two);
        awaitTrue(() -> status(ann.offline.node()) + status(ben.offline.node()) == 0);
        awaitDelivered(connected.send("three"));
        ben.awaitHeard("one");
        ben.awaitHeard("two");
        ben.awaitHeard("three");

        assertEquals(List.of("one", "two", "three"), ben.heard);
    }

    private static int status(CablesNode node) {
        try {
            return node.status().size();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void mailOfAProgramThatEndedArrivesAllTheSame() throws Exception {
        ann.startEngine();
        ben.startEngine();
        introduce();
        ben.offline.close();
        ben.stopEngine();
        final Delivery delivery = ann.peer(ben).send("last words");
        awaitTrue(() -> delivery.state() == DeliveryState.SENT);
        ann.stopEngine();
        assertEquals(DeliveryState.FAILED, delivery.state());
        ann.startEngine();
        ben.startNode(ann);
        ben.startEngine();
        ben.awaitHeard("last words");
        awaitDelivered(ann.peer(ben).send("of the next run"));
        ben.awaitHeard("of the next run");

        assertEquals(List.of("last words", "of the next run"), ben.heard);
    }

    @Test
    void whoIsNotInTheRecordIsOtherMailAndOrdinaryMailIsToo() throws Exception {
        ann.startEngine();
        ben.startEngine();
        ann.cutlass.setOfflineAddress(ben.identity.id(), ben.address().toString());
        awaitDelivered(ann.peer(ben).send("who is this?"));
        ann.offline
                .node()
                .send(("From: <" + ann.address() + ">\nTo: <" + ben.address() + ">\nSubject: hello\n\nplain mail\n")
                        .getBytes(StandardCharsets.US_ASCII));
        assertTrue(ben.otherMail.await(2, TimeUnit.SECONDS.toMillis(WAIT_SECONDS)));
        assertTrue(ann.otherMail.await(1, TimeUnit.SECONDS.toMillis(WAIT_SECONDS))); // the receipt of the plain one

        assertEquals(List.of(), ben.heard);
    }
}
