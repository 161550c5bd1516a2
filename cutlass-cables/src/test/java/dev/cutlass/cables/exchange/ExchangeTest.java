package dev.cutlass.cables.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.cables.address.HostName;
import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.pki.OwnKeys;
import dev.cutlass.fixtures.Seeds;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two nodes and a network that is good, bad or hostile: one copy, one confirmation, nothing left. */
final class ExchangeTest {
    private static final OwnKeys ALICE = OwnKeys.create(OwnKeys.MIN_BITS, new SecureRandom(), SimWorld.START);
    private static final OwnKeys BOB = OwnKeys.create(OwnKeys.MIN_BITS, new SecureRandom(), SimWorld.START);
    private static final HostName ALICES = HostName.of("6n53eglnjalo775k.onion");
    private static final HostName BOBS = HostName.of("ixasm4dju7k2zgwm.onion");

    static LongStream seeds() {
        return Seeds.oneIn(4); // each is a life of weeks
    }

    @Test
    void aMailArrivesOnceAndIsConfirmedOnceWithinSeconds() {
        final SimWorld world = new SimWorld(1);
        final SimNode alice = new SimNode(world, ALICE, ALICES, Limits.DEFAULT);
        final SimNode bob = new SimNode(world, BOB, BOBS, Limits.DEFAULT);
        alice.send(SimWorld.id(1), bob.address, "hello");
        world.run(Duration.ofMinutes(1));

        assertEquals(List.of(SimWorld.id(1).text()), bob.deliveries);
        assertEquals(List.of(SimWorld.id(1) + ".receipt"), alice.deliveries);
        assertTrue(bob.mailbox.get(SimWorld.id(1).text()).contains("From: <" + alice.address + ">"));
        world.run(Duration.ofMinutes(10));
        assertEquals(List.of(), alice.left());
        assertEquals(List.of(), bob.left());
    }

    @Test
    void aMailToOneselfArrives() {
        final SimWorld world = new SimWorld(1);
        final SimNode alice = new SimNode(world, ALICE, ALICES, Limits.DEFAULT);
        alice.send(SimWorld.id(1), alice.address, "hello");
        world.run(Duration.ofMinutes(10));
        assertEquals(List.of(SimWorld.id(1).text(), SimWorld.id(1) + ".receipt"), alice.deliveries);
        assertEquals(List.of(), alice.left());
    }

    /** The process of one side dies before or after each change of its disk, in both roles. */
    @ParameterizedTest
    @MethodSource("cuts")
    void deathAtAnyChangeCostsNothing(long change) {
        for (boolean ofSender : new boolean[] {true, false}) {
            for (boolean afterIt : new boolean[] {true, false}) {
                final SimWorld world = new SimWorld(change);
                final SimNode alice = new SimNode(world, ALICE, ALICES, Limits.DEFAULT);
                final SimNode bob = new SimNode(world, BOB, BOBS, Limits.DEFAULT);
                alice.send(SimWorld.id(1), bob.address, "hello");
                (ofSender ? alice : bob).volume.crashAt(change, afterIt);
                world.run(Duration.ofHours(2));
                final String what = "change " + change + (ofSender ? " of the sender" : " of the recipient") + afterIt;
                assertEquals(java.util.Set.of(SimWorld.id(1).text()), bob.mailbox.keySet(), what);
                assertEquals(java.util.Set.of(SimWorld.id(1) + ".receipt"), alice.mailbox.keySet(), what);
                assertEquals(List.of(), alice.left(), what);
                assertEquals(List.of(), bob.left(), what);
            }
        }
    }

    static LongStream cuts() {
        return LongStream.range(0, 45); // more than either side makes: the last ones do not happen
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverHappensEachMailArrivesOnceAndIsConfirmedOnce(long seed) {
        final SimWorld world = new SimWorld(seed);
        final Limits patient = new Limits(Duration.ofDays(60), 1 << 20, 1_000, 1_000);
        final SimNode alice = new SimNode(world, ALICE, ALICES, patient);
        final SimNode bob = new SimNode(world, BOB, BOBS, patient);
        world.lost = world.random.nextDouble() * 0.5;
        world.answerLost = world.random.nextDouble() * 0.3;
        final int mails = 1 + world.random.nextInt(3);
        for (int i = 0; i < mails; i++) {
            final MessageId id = SimWorld.id(i);
            final boolean byAlice = world.random.nextBoolean();
            world.at(Duration.ofSeconds(world.random.nextInt(3_600)), () -> {
                final SimNode from = byAlice ? alice : bob;
                if (from.isUp()) {
                    from.send(id, (byAlice ? bob : alice).address, "mail");
                } else {
                    world.at(Duration.ofHours(1), () -> from.send(id, (byAlice ? bob : alice).address, "mail"));
                }
            });
        }
        for (int i = world.random.nextInt(6); i > 0; i--) {
            final SimNode victim = world.random.nextBoolean() ? alice : bob;
            final int change = world.random.nextInt(20);
            final boolean afterIt = world.random.nextBoolean();
            world.at(Duration.ofSeconds(world.random.nextInt(7_200)), () -> victim.volume.crashAt(change, afterIt));
        }
        world.run(Duration.ofDays(2));
        world.lost = 0; // a good end
        world.answerLost = 0;
        alice.volume.revive();
        bob.volume.revive();
        world.run(Duration.ofDays(1));

        assertEquals(List.of(), alice.left(), "seed " + seed);
        assertEquals(List.of(), bob.left(), "seed " + seed);
        long arrived = 0;
        long confirmed = 0;
        for (SimNode node : List.of(alice, bob)) {
            for (String key : node.mailbox.keySet()) {
                assertTrue(!key.endsWith(".fail"), "seed " + seed + ": " + node.mailbox.get(key));
                if (key.endsWith(".receipt")) {
                    confirmed++;
                } else {
                    arrived++;
                }
            }
        }
        assertEquals(mails, arrived, "seed " + seed);
        assertEquals(mails, confirmed, "seed " + seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aManInTheMiddleForSomeMinutesOnlyDelays(long seed) {
        final SimWorld world = new SimWorld(seed);
        final Limits patient = new Limits(Duration.ofDays(60), 1 << 20, 1_000, 1_000);
        final SimNode alice = new SimNode(world, ALICE, ALICES, patient);
        final SimNode bob = new SimNode(world, BOB, BOBS, patient);
        alice.send(SimWorld.id(1), bob.address, "before"); // so that he has a genuine key to replay
        world.run(Duration.ofMinutes(10));
        world.substituted = 0.2 + 0.8 * world.random.nextDouble();
        alice.send(SimWorld.id(2), bob.address, "during");
        world.run(Duration.ofMinutes(1 + world.random.nextInt(30)));
        world.substituted = 0;
        world.run(Duration.ofDays(6));

        assertEquals(2, bob.mailbox.size(), "seed " + seed + bob.mailbox.keySet());
        assertEquals(2, alice.mailbox.size(), "seed " + seed + alice.mailbox.keySet());
    }
}
