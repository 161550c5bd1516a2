package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.Delivery;
import dev.cutlass.Peer;
import dev.cutlass.event.DeliveryState;
import dev.cutlass.event.Message;
import dev.cutlass.event.MessageId;
import dev.cutlass.event.PeerState;
import dev.cutlass.event.Permissions;
import dev.cutlass.fixtures.Partition;
import dev.cutlass.spi.OfflineMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages to a peer that is away, and the mail that brings them. docs/offline.md. */
final class OfflineTest {
    private static final Duration AWAY = Duration.ofMinutes(5);
    private static final Duration LONG = Duration.ofMinutes(30);

    @TempDir
    Path temp;

    private final TestNetwork network = TestNetwork.simulated(7);
    private final PostOffice office = new PostOffice();
    private TestPeer left;
    private TestPeer right;

    @AfterEach
    void close() {
        network.close();
    }

    private TestPeer peer(String nick, boolean stores) {
        return network.peer(nick, settings -> {
            office.serve(settings, AWAY);
            if (stores) {
                settings.home(temp.resolve(nick));
            }
        });
    }

    /** Two peers that know each other and where the other one gets mail. */
    private Peer meet(boolean stores) {
        left = peer("left", stores);
        right = peer("right", stores);
        final Peer peer = left.connect(right);
        PostOffice.introduce(left, right);
        final Delivery hello = peer.send("hello");
        assertTrue(network.runUntil(() -> isDelivered(hello), LONG));
        return peer;
    }

    /** Takes the right one away, until left knows. */
    private Partition isolate(Peer peer) {
        final Partition partition = network.conditions().isolate(right.host());
        assertTrue(network.runUntil(() -> peer.state() != PeerState.CONNECTED, LONG));
        return partition;
    }

    private boolean isMailed(int count) {
        return network.runUntil(() -> office.underWay.size() == count, LONG);
    }

    private void comeBack(Partition partition, Peer peer) {
        partition.heal();
        assertTrue(network.runUntil(() -> peer.state() == PeerState.CONNECTED, LONG));
    }

    private void settle() {
        network.runFor(Duration.ofSeconds(20));
    }

    private static boolean isDelivered(Delivery delivery) {
        return delivery.state() == DeliveryState.DELIVERED;
    }

    @Test
    void aMessageForAPeerThatIsAwayGoesByMailAfterTheTimeThatWasSetAndIsDeliveredOnce() {
        final Peer peer = meet(false);
        final Partition partition = isolate(peer);
        final Delivery delivery = peer.send("by mail");
        network.runFor(AWAY.minusSeconds(1));
        assertTrue(office.underWay.isEmpty());
        assertEquals(DeliveryState.QUEUED, delivery.state());
        network.runFor(Duration.ofSeconds(2));
        assertEquals(1, office.underWay.size());
        assertEquals(DeliveryState.SENT, delivery.state());
        office.carry();
        settle();

        assertEquals(List.of("hello", "by mail"), right.texts(left));
        assertTrue(isDelivered(delivery));
        assertEquals(List.of(), office.box(right).kept);
        comeBack(partition, peer);
        final Delivery later = peer.send("by wire");
        assertTrue(network.runUntil(() -> isDelivered(later), LONG));
        assertEquals(List.of("hello", "by mail", "by wire"), right.texts(left));
        assertEquals(List.of(), office.underWay);
    }

    @Test
    void whoIsAwayAlreadyGetsWhatFollowsAtOnceAndHandlersHearItInOneConversation() {
        final Peer peer = meet(false);
        isolate(peer);
        peer.send("first");
        assertTrue(isMailed(1));
        peer.send("second");
        network.runFor(Duration.ofSeconds(1));
        assertEquals(2, office.underWay.size());
        office.carryAll();
        settle();

        final List<Message> heard = right.received(left);
        assertEquals(List.of("hello", "first", "second"), right.texts(left));
        assertEquals(
                List.of(0L, 1L, 2L),
                heard.stream().map(message -> message.id().number()).toList());
        assertEquals(heard.get(0).id().bootHigh(), heard.get(1).id().bootHigh());
    }

    @Test
    void aPeerWithoutAnAddressGetsNoMailUntilItIsKnown() {
        final Peer peer = meet(false);
        left.cutlass().setOfflineAddress(right.id(), "");
        isolate(peer);
        peer.send("waits");
        network.runFor(LONG);
        assertTrue(office.underWay.isEmpty());
        left.cutlass().setOfflineAddress(right.id(), PostOffice.addressOf(right));
        network.runFor(Duration.ofSeconds(1));

        assertEquals(1, office.underWay.size());
        assertEquals(
                PostOffice.addressOf(right),
                left.cutlass().offlineAddress(right.id()).orElseThrow());
        assertThrows(
                IllegalArgumentException.class, () -> left.cutlass().setOfflineAddress(right.id(), "with a space"));
    }

    @Test
    void whatChannelsCarryStaysWithTheConnection() {
        final Peer peer = meet(false);
        isolate(peer);
        peer.channel("talk", (channel, message) -> {}).send("over a channel");
        network.runFor(LONG);

        assertTrue(office.underWay.isEmpty());
    }

    @Test
    void mailThatComesAfterTheConnectionBroughtTheSameIsDropped() {
        final Peer peer = meet(false);
        final Partition partition = isolate(peer);
        final Delivery delivery = peer.send("twice");
        assertTrue(isMailed(1));
        comeBack(partition, peer);
        assertTrue(network.runUntil(() -> isDelivered(delivery), LONG));
        assertEquals(List.of("hello", "twice"), right.texts(left));
        office.carry();
        settle();

        assertEquals(List.of("hello", "twice"), right.texts(left));
        assertEquals(List.of(), office.box(right).kept);
    }

    @Test
    void theConnectionDoesNotRepeatWhatCameAsMailAlsoIfItsSenderHasNotHeardOfThat() {
        final Peer peer = meet(false);
        final Partition partition = isolate(peer);
        final Delivery delivery = peer.send("twice");
        assertTrue(isMailed(1));
        final PostOffice.Mail mail = office.underWay.get(0);
        office.leave(mail);
        settle();
        assertEquals(List.of("hello", "twice"), right.texts(left));
        assertFalse(isDelivered(delivery));
        comeBack(partition, peer);
        final Delivery next = peer.send("next");
        assertTrue(network.runUntil(() -> isDelivered(next), LONG));

        assertEquals(List.of("hello", "twice", "next"), right.texts(left));
        assertTrue(isDelivered(delivery));
        office.confirm(mail);
        settle();
        assertEquals(List.of("hello", "twice", "next"), right.texts(left));
    }

    @Test
    void mailThatOvertookAnotherWaitsForIt() {
        final Peer peer = meet(false);
        isolate(peer);
        for (int i = 0; i < 5; i++) {
            peer.send("m" + i);
        }
        assertTrue(isMailed(5));
        for (int i = 4; i >= 0; i--) {
            office.carry(office.underWay.get(i));
            settle();
            assertEquals(i == 0 ? 6 : 1, right.texts(left).size());
        }

        assertEquals(List.of("hello", "m0", "m1", "m2", "m3", "m4"), right.texts(left));
    }

    @Test
    void mailDoesNotWaitForEverForAnEarlierOneWhichComesLateThen() {
        final Peer peer = meet(false);
        isolate(peer);
        peer.send("early");
        peer.send("late");
        peer.send("last");
        assertTrue(isMailed(3));
        office.carry(office.underWay.get(1));
        network.runFor(Duration.ofMinutes(9));
        assertEquals(List.of("hello"), right.texts(left));
        network.runFor(Duration.ofMinutes(2));
        assertEquals(List.of("hello", "late"), right.texts(left));
        office.carryAll();
        settle();

        assertEquals(List.of("hello", "late", "early", "last"), right.texts(left));
        assertEquals(List.of(), office.box(right).kept);
    }

    @Test
    void theConnectionClosesAGapThatMailLeft() {
        final Peer peer = meet(false);
        final Partition partition = isolate(peer);
        final Delivery early = peer.send("early");
        peer.send("late");
        assertTrue(isMailed(2));
        office.carry(office.underWay.get(1));
        network.runFor(Duration.ofMinutes(11));
        assertEquals(List.of("hello", "late"), right.texts(left));
        peer.send("last");
        comeBack(partition, peer);
        assertTrue(network.runUntil(() -> isDelivered(early), LONG));
        settle();

        assertEquals(List.of("hello", "late", "early", "last"), right.texts(left));
    }

    @Test
    void aReceiverWithAStoreThatWasRestartedHearsNothingAgainWhicheverWayCameFirst() {
        final Peer peer = meet(true);
        Partition partition = isolate(peer);
        peer.send("mail first");
        assertTrue(isMailed(1));
        final PostOffice.Mail first = office.underWay.remove(0);
        office.leave(first); // its sender does not hear of it, and sends it over the connection, too
        settle();
        right.crash();
        right.start();
        comeBack(partition, peer);
        settle();
        assertEquals(List.of("hello", "mail first"), right.texts(left));

        partition = isolate(peer);
        final Delivery second = peer.send("wire first");
        assertTrue(isMailed(1));
        comeBack(partition, peer);
        assertTrue(network.runUntil(() -> isDelivered(second), LONG));
        network.runFor(Duration.ofSeconds(10)); // until the disk has it
        right.crash();
        right.start();
        office.carryAll();
        settle();
        assertEquals(List.of("hello", "mail first", "wire first"), right.texts(left));
        assertEquals(List.of(), office.box(right).kept);
    }

    @Test
    void mailThatNoHandlerSawBeforeTheCrashIsHeardInTheNextRun() {
        final Peer peer = meet(true);
        isolate(peer);
        peer.send("kept");
        assertTrue(isMailed(1));
        right.crash();
        office.carryAll();
        settle();
        right.start();
        settle();

        assertEquals(List.of("hello", "kept"), right.texts(left));
        assertEquals(List.of(), office.box(right).kept);
    }

    @Test
    void mailOfASenderThatWasRestartedArrivesOnceAndItsNextRunGoesOn() {
        Peer peer = meet(true);
        final Partition partition = isolate(peer);
        peer.send("of the first run");
        assertTrue(isMailed(1));
        left.crash();
        left.start();
        settle();
        office.carryAll();
        settle();
        assertEquals(List.of("hello", "of the first run"), right.texts(left));
        peer = left.peer(right);
        assertEquals(
                PostOffice.addressOf(right),
                left.cutlass().offlineAddress(right.id()).orElseThrow());
        peer.send("of the second");
        assertTrue(isMailed(1));
        comeBack(partition, peer);
        settle();
        office.carryAll();
        settle();

        assertEquals(List.of("hello", "of the first run", "of the second"), right.texts(left));
    }

    @Test
    void whoWasNotSeenSinceTheStartIsAwaySinceThen() {
        final Peer peer = meet(true);
        isolate(peer);
        left.restart();
        network.runFor(AWAY.plusSeconds(1));
        left.peer(right).send("at once");
        network.runFor(Duration.ofSeconds(1));

        assertEquals(1, office.underWay.size());
    }

    @Test
    void whatFailedStaysInTheOutboxAndGoesAgainLater() {
        final Peer peer = meet(false);
        isolate(peer);
        final Delivery delivery = peer.send("again");
        assertTrue(isMailed(1));
        office.lose(office.underWay.get(0));
        network.runFor(Duration.ofMinutes(9));
        assertTrue(office.underWay.isEmpty());
        assertEquals(DeliveryState.SENT, delivery.state());
        network.runFor(Duration.ofMinutes(2));
        assertEquals(1, office.underWay.size());
        office.carryAll();
        settle();

        assertTrue(isDelivered(delivery));
        assertEquals(List.of("hello", "again"), right.texts(left));
    }

    @Test
    void whatCannotBeHandedOverIsTriedAgainInOrder() {
        final Peer peer = meet(false);
        isolate(peer);
        office.box(left).isFull = true;
        final Delivery one = peer.send("one");
        peer.send("two");
        network.runFor(LONG);
        assertTrue(office.underWay.isEmpty());
        assertEquals(DeliveryState.QUEUED, one.state());
        office.box(left).isFull = false;
        assertTrue(isMailed(2));
        office.carryAll();
        settle();

        assertEquals(List.of("hello", "one", "two"), right.texts(left));
    }

    @Test
    void noMoreThanSoManyAreUnderWayToOnePeer() {
        final Peer peer = meet(false);
        isolate(peer);
        final List<String> all = new ArrayList<>(List.of("hello"));
        for (int i = 0; i < 100; i++) {
            peer.send("m" + i);
            all.add("m" + i);
        }
        assertTrue(isMailed(64));
        network.runFor(LONG);
        assertEquals(64, office.underWay.size());
        office.carry();
        network.runFor(Duration.ofSeconds(1));
        assertEquals(64, office.underWay.size());
        for (int i = 0; i < 100; i++) {
            office.carryAll();
            network.runFor(Duration.ofSeconds(1));
        }

        assertEquals(all, right.texts(left));
    }

    @Test
    void mailOfAPeerThatMayNotSendUsMessagesIsDropped() {
        final Peer peer = meet(false);
        isolate(peer);
        right.peer(left).permissions(Permissions.none());
        peer.send("unwanted");
        assertTrue(isMailed(1));
        office.carryAll();
        settle();

        assertEquals(List.of("hello"), right.texts(left));
        assertEquals(List.of(), office.box(right).kept);
    }

    @Test
    void mailOfAPeerWhoseAddressIsNotInOurRecordIsDropped() {
        final Peer peer = meet(false);
        isolate(peer);
        right.cutlass().setOfflineAddress(left.id(), "");
        peer.send("from nowhere");
        assertTrue(isMailed(1));
        office.carryAll();
        settle();

        assertEquals(List.of("hello"), right.texts(left));
    }

    @Test
    void whoWasForgottenGetsNoMail() {
        final Peer peer = meet(false);
        isolate(peer);
        final Delivery delivery = peer.send("never");
        peer.forget();
        network.runFor(LONG);

        assertTrue(office.underWay.isEmpty());
        assertEquals(DeliveryState.FAILED, delivery.state());
    }

    @Test
    void whatWasAbandonedBeforeItsTimeIsNotMailed() {
        final Peer peer = meet(false);
        isolate(peer);
        peer.send("not this").abandon();
        peer.send("this");
        assertTrue(isMailed(1));
        network.runFor(LONG);

        assertEquals("this", office.underWay.get(0).message().message().text());
        office.carryAll();
        settle();
        assertEquals(List.of("hello", "this"), right.texts(left));
    }

    @Test
    void aMailThatSkipsNumbersForEverCostsNoMoreThanItsPlace() {
        meet(false);
        for (int i = 0; i < 2_000; i++) {
            final Message far = Message.received(
                    "", new byte[] {'x'}, 0, 1, new MessageId(1, i % 20, 0, OfflineMessage.MAX_NUMBER - 2L * i));
            office.leave(
                    new PostOffice.Mail(left.id(), right.id(), new OfflineMessage(right.id(), far, 0, Instant.EPOCH)));
        }
        network.runFor(LONG);

        assertEquals(256, right.texts(left).size() - 1);
        assertThrows(
                IllegalArgumentException.class,
                () -> new OfflineMessage(
                        right.id(),
                        Message.received("", new byte[1], 0, 1, new MessageId(1, 1, 7, 0)),
                        0,
                        Instant.EPOCH));
    }
}
