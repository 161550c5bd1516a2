package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.Channel;
import dev.cutlass.ChannelHandler;
import dev.cutlass.Delivery;
import dev.cutlass.Peer;
import dev.cutlass.event.ChannelEnd;
import dev.cutlass.event.ChannelState;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.DeliveryFailure;
import dev.cutlass.event.DeliveryState;
import dev.cutlass.event.Message;
import dev.cutlass.event.Permission;
import dev.cutlass.event.Permissions;
import dev.cutlass.fixtures.Partition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Channels beside the default one, between two peers in virtual time. */
final class ChannelTest {
    private static final String SERVICE = "org.example.echo";

    /** Keeps what it is told. */
    private static final class Ear implements ChannelHandler {
        final List<String> heard = new ArrayList<>();
        final List<Channel> opened = new ArrayList<>();
        final List<ChannelEnd> ends = new ArrayList<>();

        @Override
        public void onMessage(Channel channel, Message message) {
            heard.add(message.text());
        }

        @Override
        public void onOpened(Channel channel) {
            opened.add(channel);
        }

        @Override
        public void onClosed(Channel channel, ChannelEnd why) {
            assertEquals(ChannelState.CLOSED, channel.state());
            ends.add(why);
        }
    }

    private final TestNetwork network = TestNetwork.simulated(7);
    private final Ear leftEar = new Ear();
    private final Ear rightEar = new Ear();
    private TestPeer left;
    private TestPeer right;
    private Peer toRight;

    @BeforeEach
    void connect() {
        network.conditions().delayMillis(10, 30);
        left = network.peer("left");
        right = network.peer(
                "right",
                settings -> settings.service(SERVICE, rightEar)
                        .quiet(Duration.ofSeconds(2))
                        .pingInterval(Duration.ofSeconds(1))
                        .idle(Duration.ofSeconds(6)));
        toRight = left.connect(right);
    }

    @AfterEach
    void close() {
        network.close();
    }

    private void await(BooleanSupplier condition) {
        assertTrue(network.runUntil(condition, Duration.ofMinutes(2)));
    }

    private void assertFailed(Delivery delivery) {
        await(() -> delivery.state() == DeliveryState.FAILED);
        assertEquals(
                DeliveryFailure.NO_SUCH_CHANNEL,
                delivery.failure().orElseThrow().failure());
    }

    @Test
    void bothSidesTalkOverAChannelAndTheDefaultOneHearsNothing() {
        Channel channel = toRight.channel(SERVICE, leftEar);
        assertEquals(ChannelState.WAITING, channel.state());
        channel.send("one");
        channel.send("two");
        await(() -> rightEar.heard.equals(List.of("one", "two")));
        Channel theirs = rightEar.opened.get(0);
        assertTrue(theirs.byPeer());
        assertEquals(left.id(), theirs.peer().id());
        theirs.send("three");
        await(() -> leftEar.heard.equals(List.of("three")));

        assertEquals(ChannelState.OPEN, channel.state());
        assertEquals(List.of(channel), leftEar.opened);
        assertEquals(List.of(), right.texts(left));
        assertEquals(List.of(channel), toRight.channels());
        assertEquals(channel, toRight.channel(SERVICE, leftEar), "one channel for a service");
        assertEquals(
                1, right.events(CutlassEvent.ChannelOpened.class).size(), "and the listener hears as the handler does");
        assertEquals(2, right.events(CutlassEvent.ChannelMessageReceived.class).size());
    }

    @Test
    void aServiceThatNobodyOffersIsRefused() {
        Channel channel = toRight.channel("org.example.other", leftEar);
        assertFailed(channel.send("lost"));
        assertEquals(List.of(ChannelEnd.UNKNOWN_SERVICE), leftEar.ends);
        assertFailed(channel.send("late"));
        assertEquals(List.of(), toRight.channels());
        assertNotEquals(channel, toRight.channel("org.example.other", leftEar), "it may be tried again");
    }

    @Test
    void anotherVersionIsAnotherService() {
        assertFailed(toRight.channel(SERVICE, 1, leftEar).send("lost"));
        right.cutlass().offer(SERVICE, 1, rightEar);
        toRight.channel(SERVICE, 1, leftEar).send("heard");
        await(() -> rightEar.heard.equals(List.of("heard")));
        right.cutlass().withdraw(SERVICE, 1);
        assertEquals(1, rightEar.opened.get(0).version());
    }

    @Test
    void whoMayNotSendMessagesMayNotOpenChannels() {
        right.peer(left).permissions(Permissions.all().without(Permission.MESSAGE));
        assertFailed(toRight.channel(SERVICE, leftEar).send("lost"));
        assertEquals(List.of(ChannelEnd.NOT_PERMITTED), leftEar.ends);
    }

    @Test
    void aChannelOutlivesConnectionsAndBothSidesMayGoOn() {
        Channel ours = toRight.channel(SERVICE, leftEar);
        ours.send("before");
        await(() -> rightEar.heard.size() == 1);
        Channel theirs = rightEar.opened.get(0);
        Partition partition = network.conditions().isolate(right.host());
        ours.send("meanwhile");
        theirs.send("me too");
        await(() -> right.events(CutlassEvent.TimedOut.class).size() == 1
                && left.events(CutlassEvent.TimedOut.class).size() == 1);
        assertEquals(ChannelState.WAITING, ours.state());
        assertEquals(ChannelState.WAITING, theirs.state());
        partition.heal();
        await(() -> rightEar.heard.size() == 2 && leftEar.heard.size() == 1);

        assertEquals(List.of("before", "meanwhile"), rightEar.heard);
        assertEquals(List.of("me too"), leftEar.heard);
        assertEquals(ChannelState.OPEN, ours.state());
        assertEquals(1, rightEar.opened.size(), "told once");
        assertEquals(List.of(), rightEar.ends);
    }

    @Test
    void aChannelOfOursOutlivesTheOtherEngine() {
        Channel ours = toRight.channel(SERVICE, leftEar);
        Delivery before = ours.send("before");
        await(() -> before.state() == DeliveryState.DELIVERED);
        right.restart();
        ours.send("after");
        await(() -> rightEar.heard.size() == 2);

        assertEquals(List.of("before", "after"), rightEar.heard);
        assertEquals(2, rightEar.opened.size(), "another run, another channel");
        assertEquals(List.of(), leftEar.ends);
    }

    @Test
    void aChannelOfThePeerEndsWithItsEngine() {
        toRight.channel(SERVICE, leftEar).send("before");
        await(() -> rightEar.heard.size() == 1);
        Channel theirs = rightEar.opened.get(0);
        left.crash();
        Delivery lost = theirs.send("to nobody");
        left.start();
        left.connect(right);

        assertFailed(lost);
        assertEquals(List.of(ChannelEnd.PEER_RESTARTED), rightEar.ends);
        left.peer(right).channel(SERVICE, leftEar).send("anew");
        await(() -> rightEar.heard.equals(List.of("before", "anew")));
    }

    @Test
    void aServiceThatWasWithdrawnEndsWhenItWouldBeOpenedAgain() {
        Channel ours = toRight.channel(SERVICE, leftEar);
        ours.send("before");
        await(() -> rightEar.heard.size() == 1);
        right.cutlass().withdraw(SERVICE, 0);
        ours.send("still");
        await(() -> rightEar.heard.size() == 2);
        Partition partition = network.conditions().isolate(right.host());
        await(() -> left.events(CutlassEvent.TimedOut.class).size() == 1);
        Delivery lost = ours.send("lost");
        partition.heal();

        assertFailed(lost);
        assertEquals(List.of(ChannelEnd.UNKNOWN_SERVICE), leftEar.ends);
        assertEquals(List.of(ChannelEnd.UNKNOWN_SERVICE), rightEar.ends);
    }

    @Test
    void aForgottenPeerHasNoChannels() {
        Channel ours = toRight.channel(SERVICE, leftEar);
        ours.send("before");
        await(() -> rightEar.heard.size() == 1);
        toRight.forget();
        await(() -> leftEar.ends.equals(List.of(ChannelEnd.FORGOTTEN)));
        assertEquals(List.of(), toRight.channels());
    }

    @Test
    void theNumberOfChannelsIsLimited() {
        for (int i = 0; i < 64; i++) {
            right.cutlass().offer("service", i, rightEar);
            toRight.channel("service", i, leftEar);
        }
        assertThrows(IllegalStateException.class, () -> toRight.channel("service", 64, leftEar));
        await(() -> leftEar.opened.size() == 64);
        assertEquals(64, rightEar.opened.size());
        assertTrue(toRight.channels().stream().allMatch(channel -> channel.state() == ChannelState.OPEN));
        assertThrows(IllegalArgumentException.class, () -> toRight.channel("", 0, leftEar));
        assertThrows(IllegalArgumentException.class, () -> toRight.channel("x", -1, leftEar));
        assertEquals(List.of(), leftEar.ends);
    }
}
