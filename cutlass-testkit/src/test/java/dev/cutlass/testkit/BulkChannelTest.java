package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.Channel;
import dev.cutlass.Delivery;
import dev.cutlass.Peer;
import dev.cutlass.event.ChannelClass;
import dev.cutlass.event.ConnectionInfo;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.DeliveryFailedException;
import dev.cutlass.event.DeliveryFailure;
import dev.cutlass.event.DeliveryState;
import dev.cutlass.event.Message;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two classes of messages between engines in virtual time: none fills what the other needs, and who sends too much is slowed down. */
final class BulkChannelTest {
    private static final String FILES = "org.example.files";
    private static final String TALK = "org.example.talk";
    private static final int PIECE = 16_384;
    private static final int PIECES = 2_000;
    private static final long HIGH_WATER = 256 << 10;

    /** What a peer may have in the handler queue, on the way and in the outbox at once, generously. */
    private static final int MOST_PIECES = (int) (256 + ((2 << 20) + HIGH_WATER) / PIECE + 2);

    private final TestNetwork network = TestNetwork.simulated(11);

    /** The next handlers of the right side are held back, as if one blocked. */
    private boolean hold;

    private final Queue<Runnable> held = new ArrayDeque<>();
    private final List<String> heard = new ArrayList<>();
    private final List<Channel> heardOver = new ArrayList<>();
    private int filePieces;
    private int talkPieces;
    private TestPeer left;
    private TestPeer right;
    private Peer toRight;

    @BeforeEach
    void connect() {
        network.conditions().delayMillis(5, 5).rate(20_000_000, 50_000).mtu(1_472);
        left = network.peer("left", settings -> settings.outboxHighWater(HIGH_WATER));
        right = network.peer(
                "right",
                settings -> settings.handlerExecutor(this::execute)
                        .onMessage((from, message) -> heard.add(message.text()))
                        .service(FILES, (channel, message) -> {
                            filePieces++;
                            heardOver.add(channel);
                        })
                        .service(TALK, (channel, message) -> talkPieces++));
        toRight = left.connect(right);
    }

    private void execute(Runnable task) {
        if (hold) {
            held.add(task);
        } else {
            task.run();
        }
    }

    @AfterEach
    void close() {
        network.close();
    }

    private void await(BooleanSupplier condition) {
        assertTrue(network.runUntil(condition, Duration.ofMinutes(2)));
    }

    private Channel files(ChannelClass as) {
        return toRight.channel(FILES, 0, as, (channel, message) -> {});
    }

    private BulkTransfer transfer(Channel channel) {
        final BulkTransfer transfer = new BulkTransfer(channel, PIECE, PIECES);
        transfer.run();
        return transfer;
    }

    @Test
    void bothSidesKnowTheClassOfAChannelAndAServiceCanHaveOneOfEach() {
        final Channel bulk = files(ChannelClass.BULK);
        final Channel ordinary = toRight.channel(FILES, (channel, message) -> {});
        assertNotEquals(bulk, ordinary);
        assertEquals(bulk, files(ChannelClass.BULK));
        bulk.send("one");
        await(() -> filePieces == 1);
        ordinary.send("two");
        await(() -> filePieces == 2);

        assertEquals(ChannelClass.BULK, bulk.channelClass());
        assertEquals(ChannelClass.MESSAGES, ordinary.channelClass());
        assertEquals(ChannelClass.BULK, heardOver.get(0).channelClass());
        assertEquals(ChannelClass.MESSAGES, heardOver.get(1).channelClass());
        assertEquals(
                List.of(ChannelClass.BULK, ChannelClass.MESSAGES),
                right.events(CutlassEvent.ChannelOpened.class).stream()
                        .map(opened -> opened.channel().channelClass())
                        .toList());
    }

    @Test
    void theOtherSideSendsBulkOverTheSameChannel() {
        final List<String> answers = new ArrayList<>();
        toRight.channel(FILES, 0, ChannelClass.BULK, (channel, message) -> answers.add(message.text()))
                .send("hello");
        await(() -> filePieces == 1);
        final Delivery answer = heardOver.get(0).send("hello, too");
        await(() -> answer.state() == DeliveryState.DELIVERED);
        assertEquals(List.of("hello, too"), answers);
    }

    @Test
    void whoLooksSeesHowMuchOfWhatIsUnderWayIsBulkAndHowMuchMayBe() {
        final List<Delivery> messages = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            messages.add(toRight.send("x".repeat(PIECE)));
        }
        network.runFor(Duration.ofMillis(20));
        assertTrue(info().inFlight() > 0);
        assertEquals(0, info().bulkInFlight(), "no bulk");
        assertEquals(0, info().bulkWindow());
        await(() -> messages.get(19).state() == DeliveryState.DELIVERED);

        final BulkTransfer transfer = transfer(files(ChannelClass.BULK));
        long most = 0;
        int within = 0;
        for (int i = 0; i < 100; i++) {
            network.runFor(Duration.ofMillis(10));
            final ConnectionInfo now = info();
            within += now.bulkInFlight() <= now.bulkWindow() ? 1 : 0; // not always: it shrinks while much is under way
            assertTrue(now.bulkInFlight() <= now.inFlight(), now.bulkInFlight() + " of " + now.inFlight());
            most = Math.max(most, now.bulkInFlight());
        }
        assertTrue(most > 10_000, "bulk flows");
        assertTrue(within > 50, within + " of 100 times");
        await(() -> filePieces == PIECES);
        await(() -> info().bulkInFlight() == 0);
        assertTrue(info().bulkWindow() > 0);
        network.runFor(Duration.ofMinutes(1));
        assertEquals(0, info().bulkWindow(), "at rest");
    }

    private ConnectionInfo info() {
        return toRight.info().connection().orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(names = {"VOICE", "CONTROL"})
    void otherClassesAreNotForChannels(ChannelClass as) {
        final IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> files(as));
        assertEquals("class: " + as + "; allowed for channels: MESSAGES, BULK", refused.getMessage());
    }

    @Test
    void aStuckBulkHandlerSlowsItsSenderAndNobodyElse() {
        final TestPeer third = network.peer("third");
        third.connect(right);
        network.runFor(Duration.ofSeconds(1)); // until right has heard of it
        hold = true;
        final BulkTransfer transfer = transfer(files(ChannelClass.BULK));
        network.runFor(Duration.ofSeconds(20));
        hold = false; // what is held stays held: the handler of the channel is stuck
        final long stuckAt = transfer.sent();
        assertTrue(stuckAt <= MOST_PIECES, () -> stuckAt + " pieces of " + PIECE);
        assertTrue(right.peer(left).info().heldBytes() <= 2 << 20);
        assertEquals(0, filePieces);

        final List<Delivery> said =
                IntStream.range(0, 500).mapToObj(i -> toRight.send("" + i)).toList();
        third.peer(right).send("me, too");
        await(() -> heard.size() == 501 && said.stream().allMatch(each -> each.state() == DeliveryState.DELIVERED));
        assertEquals(stuckAt, transfer.sent());
        assertEquals(0, filePieces);

        held.forEach(Runnable::run);
        await(() -> filePieces == PIECES);
        assertEquals(PIECES, transfer.sent());
    }

    @Test
    void aStuckMessageHandlerSlowsItsSenderAndNotBulk() {
        hold = true;
        final BulkTransfer talk = transfer(toRight.channel(TALK, (channel, message) -> {}));
        network.runFor(Duration.ofSeconds(20));
        hold = false;
        final long stuckAt = talk.sent();
        assertTrue(stuckAt <= MOST_PIECES, () -> stuckAt + " pieces of " + PIECE);
        transfer(files(ChannelClass.BULK));
        await(() -> filePieces == PIECES);
        assertEquals(0, talkPieces);

        held.forEach(Runnable::run);
        await(() -> talkPieces == PIECES);
    }

    @Test
    void whileBothWaitBulkGetsAnEighth() {
        transfer(files(ChannelClass.BULK));
        transfer(toRight.channel(TALK, (channel, message) -> {}));
        network.runFor(Duration.ofSeconds(2));
        final int files = filePieces;
        final int talk = talkPieces;
        network.runFor(Duration.ofSeconds(6));
        final double share = (double) (filePieces - files) / (filePieces - files + talkPieces - talk);
        assertTrue(talkPieces < PIECES, "both wait to the end");
        assertTrue(share > 0.115 && share < 0.16, () -> "bulk's share " + share);
    }

    @Test
    void thereIsNoRoomAboveTheHighWaterMarkAndThatIsTold() {
        hold = true;
        final Message piece = Message.bytes("application/octet-stream", new byte[PIECE]);
        int taken = 0;
        while (toRight.trySend(piece).isPresent()) {
            taken++;
        }
        assertEquals(HIGH_WATER / PIECE, taken, "at least the mark, and less than one piece above it");
        assertEquals(
                DeliveryState.QUEUED,
                toRight.send(piece).state(),
                "who insists is taken up to the limit of the outbox");
        final CompletableFuture<Void> room = toRight.whenRoom();
        assertFalse(room.isDone());
        assertTrue(files(ChannelClass.BULK).trySend(piece).isPresent(), "the other class has an outbox of its own");
        assertTrue(files(ChannelClass.BULK).whenRoom().isDone());
        await(room::isDone);
        assertTrue(toRight.info().queuedBytes() <= HIGH_WATER / 2 + PIECE);
        assertTrue(toRight.trySend(piece).isPresent());
        assertTrue(toRight.whenRoom().isDone());
    }

    @Test
    void whoWaitsForRoomHearsThatThereWillBeNone() {
        network.conditions().isolate(right.host());
        final Message piece = Message.bytes("application/octet-stream", new byte[PIECE]);
        while (toRight.trySend(piece).isPresent()) {
            // until there is no more room
        }
        final CompletableFuture<Void> room = toRight.whenRoom();
        toRight.forget();
        await(room::isDone);
        assertEquals(DeliveryFailure.FORGOTTEN, failure(room));

        final TestPeer third = network.peer("third", settings -> settings.outboxHighWater(1));
        final Peer toLeft = third.connect(left);
        network.conditions().isolate(left.host());
        assertTrue(toLeft.trySend(piece).isPresent());
        final CompletableFuture<Void> other = toLeft.whenRoom();
        third.stop();
        assertEquals(DeliveryFailure.CLOSED, failure(other));
        assertThrows(IllegalStateException.class, () -> toLeft.trySend(piece));
        assertThrows(IllegalStateException.class, toLeft::whenRoom);
    }

    private static DeliveryFailure failure(CompletableFuture<Void> failed) {
        final CompletionException why = assertThrows(CompletionException.class, failed::join);
        return ((DeliveryFailedException) why.getCause()).failure();
    }

    @Test
    void eachClassHasAnOutboxOfItsOwn() {
        final TestPeer third = network.peer("third", settings -> settings.outboxMessages(2));
        final Peer peer = third.connect(right);
        network.conditions().isolate(right.host());
        final Channel bulk = peer.channel(FILES, 0, ChannelClass.BULK, (channel, message) -> {});
        for (int i = 0; i < 2; i++) {
            assertEquals(DeliveryState.SENT, peer.send("" + i).state());
            assertNotEquals(DeliveryState.FAILED, bulk.send("" + i).state());
        }
        assertEquals(4, peer.info().queuedMessages());
        for (Delivery refused : List.of(peer.send("2"), bulk.send("2"))) {
            assertEquals(
                    DeliveryFailure.OUTBOX_FULL, refused.failure().orElseThrow().failure());
        }
        assertFalse(peer.trySend(Message.text("3")).isPresent());
        assertFalse(bulk.trySend(Message.text("3")).isPresent());
    }

    @Test
    void theMarkMustFitTheOutbox() {
        for (long bytes : new long[] {0, (16 << 20) + 1}) {
            final IllegalArgumentException refused = assertThrows(
                    IllegalArgumentException.class,
                    () -> network.peer("fourth " + bytes, settings -> settings.outboxHighWater(bytes)));
            assertEquals(
                    "outboxHighWater: " + bytes + "; allowed: 1 to outboxBytes, which is 16777216",
                    refused.getMessage());
        }
    }
}
