package dev.cutlass.cables.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.HostName;
import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.exchange.ExchangeTools;
import dev.cutlass.cables.exchange.IncomingSteps;
import dev.cutlass.cables.exchange.Limits;
import dev.cutlass.cables.exchange.Next;
import dev.cutlass.cables.exchange.NodeDisk;
import dev.cutlass.cables.exchange.OutgoingSteps;
import dev.cutlass.cables.exchange.Remote;
import dev.cutlass.cables.exchange.Requests;
import dev.cutlass.cables.mail.Submission;
import dev.cutlass.cables.pki.DhKeyPair;
import dev.cutlass.cables.pki.OwnKeys;
import dev.cutlass.cables.queue.Books;
import dev.cutlass.cables.queue.MessageLocks;
import dev.cutlass.cables.queue.MessageQueue;
import dev.cutlass.cables.queue.Names;
import dev.cutlass.cables.queue.RealVolume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two whole nodes but for their scheduler: disks, service and client are those of a real node. They mail each other at the same time. */
final class TwoNodesTest {
    private static final HostName ALICES = HostName.of("6n53eglnjalo775k.onion");
    private static final HostName BOBS = HostName.of("2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion");

    /** A stranger's or a lost wake-up is mended by the timer, which in a node has minutes. */
    private static final int TIMER_MILLIS = 300;

    @TempDir
    private Path home;

    @Test
    void mailGoesBothWaysThroughSocks() throws Exception {
        final Map<HostName, InetSocketAddress> services = new ConcurrentHashMap<>();
        try (LoopbackServer socks = LoopbackServer.socks5(services)) {
            exchange(services, new ProxyAddress(ProxyAddress.Kind.SOCKS5, socks.address()), Map.of());
            assertTrue(
                    socks.asked.contains(ALICES + ":80") && socks.asked.contains(BOBS + ":80"), socks.asked::toString);
        }
    }

    @Test
    void mailGoesBothWaysBetweenMappedHosts() throws Exception {
        final Map<HostName, InetSocketAddress> services = new HashMap<>();
        exchange(services, null, services);
    }

    private void exchange(
            Map<HostName, InetSocketAddress> services, ProxyAddress proxy, Map<HostName, InetSocketAddress> mapped)
            throws Exception {
        try (Node alice = new Node(home.resolve("alice"), ALICES);
                Node bob = new Node(home.resolve("bob"), BOBS)) {
            services.put(ALICES, alice.service.address());
            services.put(BOBS, bob.service.address());
            try (HttpRemote remote = HttpRemote.start(proxy, mapped)) {
                alice.begin(remote);
                bob.begin(remote);
                final MessageId toBob = alice.send(bob.address, "to Bob");
                final MessageId toAlice = bob.send(alice.address, "to Alice");
                CompletableFuture.allOf(alice.isIdle, bob.isIdle).get(60, TimeUnit.SECONDS);

                assertEquals(Set.of(toAlice.text(), toBob + ".receipt"), alice.mailbox.keySet());
                assertEquals(Set.of(toBob.text(), toAlice + ".receipt"), bob.mailbox.keySet());
                assertTrue(bob.mailbox.get(toBob.text()).contains("\nFrom: <" + alice.address + ">\n"));
                assertTrue(bob.mailbox.get(toBob.text()).endsWith("\n\nto Bob\n"));
                assertTrue(alice.mailbox.get(toAlice.text()).endsWith("\n\nto Alice\n"));
                assertTrue(alice.mailbox.get(toBob + ".receipt").contains("Subject: [vfy] to Bob"));
            }
        }
    }

    private static final class Node implements AutoCloseable {
        final CablesAddress address;
        final HttpService service;
        final Map<String, String> mailbox = new TreeMap<>();
        final CompletableFuture<Void> isIdle = new CompletableFuture<>();

        private final SecureRandom random = new SecureRandom();
        private final ScheduledExecutorService workers = Executors.newScheduledThreadPool(2);
        private final OwnKeys keys = OwnKeys.create(OwnKeys.MIN_BITS, random, Instant.now());
        private final NodeDisk disk;
        private OutgoingSteps outgoing;
        private IncomingSteps incoming;

        Node(Path home, HostName host) throws IOException {
            address = new CablesAddress(keys.user(), host);
            final RealVolume volume = new RealVolume();
            volume.createDirectory(home.resolve("queue"));
            volume.createDirectory(home.resolve("rqueue"));
            disk = new NodeDisk(
                    new MessageQueue(volume, home.resolve("queue")),
                    new MessageQueue(volume, home.resolve("rqueue")),
                    new MessageLocks(),
                    new MessageLocks(),
                    Books.open(volume, home.resolve("books")));
            final Requests.Wake wake = new Requests.Wake() {
                @Override
                public void outgoing(MessageId id) {
                    soon(id, true, Next.AT_ONCE);
                }

                @Override
                public void incoming(MessageId id) {
                    soon(id, false, Next.AT_ONCE);
                }
            };
            service = HttpService.start(new Requests(keys, disk, Limits.DEFAULT, wake), ServedNode.ANY, Instant::now);
        }

        void begin(Remote remote) {
            final ExchangeTools tools = new ExchangeTools(
                    keys, disk, remote, this::deliver, Limits.DEFAULT, random, () -> DhKeyPair.draw(random));
            outgoing = new OutgoingSteps(tools);
            incoming = new IncomingSteps(tools);
            workers.scheduleWithFixedDelay(this::scan, TIMER_MILLIS, TIMER_MILLIS, TimeUnit.MILLISECONDS);
        }

        MessageId send(CablesAddress to, String text) throws Exception {
            final String mail = "From: " + address + "\nTo: " + to + "\nSubject: " + text + "\n\n" + text + "\n";
            final Submission submission = Submission.of(mail.getBytes(StandardCharsets.US_ASCII), Instant.now());
            final MessageId id = MessageId.draw(random);
            disk.outgoing()
                    .add(
                            id,
                            Map.of(
                                    Names.USER, bytes(to.user().text()),
                                    Names.HOST, bytes(to.host().text()),
                                    Names.OWN_USER, bytes(address.user().text()),
                                    Names.OWN_HOST, bytes(address.host().text()),
                                    Names.HEADER, submission.extract(),
                                    Names.MESSAGE, submission.compressed(),
                                    Names.SEND_REQ, new byte[0]));
            soon(id, true, Next.AT_ONCE);
            return id;
        }

        private static byte[] bytes(String text) {
            return (text + "\n").getBytes(StandardCharsets.US_ASCII);
        }

        private void deliver(String key, byte[] mail) {
            synchronized (mailbox) {
                mailbox.put(key, new String(mail, StandardCharsets.UTF_8));
            }
        }

        private void soon(MessageId id, boolean isOurs, Next next) {
            if (!next.isTimer()) {
                workers.schedule(
                        () -> visit(id, isOurs),
                        Math.min(TIMER_MILLIS, next.delay().toMillis()),
                        TimeUnit.MILLISECONDS);
            }
        }

        private void visit(MessageId id, boolean isOurs) {
            try {
                soon(id, isOurs, isOurs ? outgoing.visit(id, Instant.now()) : incoming.visit(id, Instant.now()));
            } catch (IOException | RuntimeException e) {
                isIdle.completeExceptionally(e);
            }
        }

        /** Visits all there is; once a mail and a receipt are there and nothing is left, this node is done. */
        private void scan() {
            try {
                for (MessageId id : disk.outgoing().ids()) {
                    visit(id, true);
                }
                for (MessageId id : disk.incoming().ids()) {
                    visit(id, false);
                }
                synchronized (mailbox) {
                    if (mailbox.size() >= 2
                            && disk.outgoing().ids().isEmpty()
                            && disk.incoming().ids().isEmpty()) {
                        isIdle.complete(null);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            service.close();
            workers.shutdownNow();
        }
    }
}
