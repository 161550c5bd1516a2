package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.Peer;
import dev.cutlass.event.CutlassEvent.Connected;
import dev.cutlass.event.CutlassEvent.Failed;
import dev.cutlass.event.DropReason;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.fixtures.SimNetwork;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged, repeated and foreign datagrams beside a conversation: dropped and counted, and the conversation does not notice. */
final class HostileWireTest {
    private static final int MESSAGES = 12;
    private static final int FLOOD = 20_000;

    static LongStream seeds() {
        return Seeds.oneIn(8);
    }

    /** Every datagram, of the handshake, of the conversation and of its end, is accompanied by damaged copies. */
    @ParameterizedTest
    @MethodSource("seeds")
    void damagedCopiesOfEveryDatagramChangeNothing(long seed) {
        Seeds.run(seed, s -> {
            try (TestNetwork network = TestNetwork.simulated(s)) {
                SplittableRandom random = new SplittableRandom(s);
                SimNetwork conditions = network.conditions().delayMillis(5, 20);
                boolean stealth = random.nextBoolean();
                int[] injected = new int[1];
                conditions.intercept((now, from, to, payload) -> {
                    for (int i = 0; i < 3; i++) {
                        injected[0]++;
                        conditions.inject(damaged(payload, random), from, to);
                    }
                    return payload;
                });
                TestPeer left = network.peer("left", settings -> settings.stealth(stealth));
                TestPeer right = network.peer("right", settings -> settings.stealth(stealth));
                Peer there = network.await(
                        left.cutlass().connect(stealth ? right.address().withStealth() : right.address()));
                List<String> texts = IntStream.range(0, MESSAGES)
                        .mapToObj(i -> i + "-".repeat(1 << i))
                        .toList();
                for (String text : texts) {
                    there.send(text);
                    right.peer(left).send(text);
                    network.runFor(Duration.ofMillis(random.nextInt(100)));
                }
                assertTrue(network.runUntil(
                        () -> right.texts(left).size() == MESSAGES
                                && left.texts(right).size() == MESSAGES,
                        Duration.ofMinutes(5)));
                network.runFor(Duration.ofMinutes(5));

                assertEquals(texts, right.texts(left));
                assertEquals(texts, left.texts(right));
                assertTrue(left.events(Failed.class).isEmpty());
                assertEquals(1, left.events(Connected.class).size());
                long counted = total(left) + total(right);
                assertTrue(counted > injected[0] / 2, counted + " drops of " + injected[0] + " injected");
            }
        });
    }

    private static long total(TestPeer peer) {
        return peer.cutlass().counters().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static byte[] damaged(byte[] datagram, SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            return Arrays.copyOf(datagram, random.nextInt(datagram.length));
        }
        byte[] changed = datagram.clone();
        int place =
                random.nextBoolean() ? random.nextInt(Math.min(32, changed.length)) : random.nextInt(changed.length);
        changed[place] ^= (byte) (1 << random.nextInt(8));
        return changed;
    }

    /** As fast as this machine can, over real sockets, into both ends of a conversation. */
    @Test
    void garbageAtFullSpeedDoesNotHurtAConversation() throws IOException {
        try (TestNetwork network = TestNetwork.loopback();
                DatagramSocket garbage = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            TestPeer left = network.peer("left");
            TestPeer right = network.peer("right");
            Peer there = left.connect(right);
            SplittableRandom random = new SplittableRandom(1);
            List<String> texts =
                    IntStream.range(0, 100).mapToObj(i -> "line " + i).toList();
            for (int i = 0; i < FLOOD; i++) {
                byte[] bytes = new byte[random.nextInt(1, 1_400)];
                random.nextBytes(bytes);
                TestPeer to = i % 2 == 0 ? left : right;
                garbage.send(new DatagramPacket(
                        bytes,
                        bytes.length,
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), to.cutlass().localPort())));
                if (i % (FLOOD / texts.size()) == 0) {
                    there.send(texts.get(i / (FLOOD / texts.size())));
                }
            }
            assertTrue(network.runUntil(() -> right.texts(left).size() == texts.size(), Duration.ofMinutes(2)));

            assertEquals(texts, right.texts(left));
            Map<DropReason, Long> dropped = right.cutlass().counters();
            assertTrue(dropped.get(DropReason.NOT_CUTLASS) + dropped.get(DropReason.LENGTH) > 0, dropped.toString());
            assertEquals(0, dropped.get(DropReason.PACKET));
            assertTrue(right.cutlass().peers().size() == 1, "garbage makes no peers");
        }
    }
}
