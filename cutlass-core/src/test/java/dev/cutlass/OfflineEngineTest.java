package dev.cutlass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.Message;
import dev.cutlass.event.MessageId;
import dev.cutlass.spi.OfflineDelivery;
import dev.cutlass.spi.OfflineInbox;
import dev.cutlass.spi.OfflineMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mail of somebody who is never there, to an engine with its threads. docs/offline.md. */
final class OfflineEngineTest extends Engines {
    private static final Duration AWAY = Duration.ofMillis(200);

    @TempDir
    private Path home;

    private final PeerId sender = newPeer();
    private final Box box = new Box();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final CountDownLatch handlerMayGoOn = new CountDownLatch(1);

    private static PeerId newPeer() {
        try (Identity identity = Identity.generate()) {
            return identity.id();
        }
    }

    /** Keeps what the engine is not done with. */
    private static final class Box implements OfflineDelivery {
        final List<OfflineMessage> kept = new CopyOnWriteArrayList<>();
        final LinkedBlockingQueue<OfflineMessage> sent = new LinkedBlockingQueue<>();
        final List<String> threads = new CopyOnWriteArrayList<>();
        volatile OfflineInbox inbox;
        volatile boolean fails;

        @Override
        public void attach(OfflineInbox opened) {
            inbox = opened;
            kept.forEach(this::give);
        }

        void give(OfflineMessage message) {
            inbox.arrived(message, () -> {
                threads.add(Thread.currentThread().getName());
                kept.remove(message);
            });
        }

        @Override
        public void send(String address, OfflineMessage message) throws IOException {
            threads.add(Thread.currentThread().getName());
            if (fails) {
                throw new IllegalStateException("a defect");
            }
            sent.add(message);
        }

        @Override
        public void detach() {
            inbox = null;
        }
    }

    private CutlassBuilder settings(CutlassBuilder builder) {
        return builder.home(home).offlineDelivery(box, AWAY).onMessage((peer, message) -> {
            heard.add(message.text());
            try {
                assertTrue(handlerMayGoOn.await(TestEngine.WAIT_SECONDS, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    private void mail(int number) {
        final byte[] text = ("m" + number).getBytes(StandardCharsets.UTF_8);
        final Message message = Message.received("", text, 0, text.length, new MessageId(1, 2, 0, number));
        final OfflineMessage came = new OfflineMessage(sender, message, 0, Instant.EPOCH);
        box.kept.add(came);
        box.give(came);
    }

    private static List<String> texts(int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> "m" + number).toList();
    }

    @Test
    void mailThatFindsNoRoomInTheHandlerQueueWaitsAndKeepsItsOrder() throws Exception {
        final TestEngine engine = start("right", this::settings);
        engine.cutlass.setOfflineAddress(sender, "somewhere");
        mail(0);
        TestEngine.awaitTrue("the handler runs", () -> heard.size() == 1);
        for (int i = 1; i < 400; i++) {
            mail(i);
        }
        handlerMayGoOn.countDown();
        TestEngine.awaitTrue("all are handled", box.kept::isEmpty);

        assertEquals(texts(0, 400), heard);
        assertEquals(List.of("cutlass-offline"), box.threads.stream().distinct().toList());
    }

    @Test
    void whatNoHandlerSawBeforeTheEndIsHeardByTheNextEngine() throws Exception {
        final TestEngine engine = start("right", this::settings);
        engine.cutlass.setOfflineAddress(sender, "somewhere");
        mail(0);
        TestEngine.awaitTrue("the handler runs", () -> heard.size() == 1);
        for (int i = 1; i < 40; i++) {
            mail(i);
        }
        engine.cutlass.close();
        handlerMayGoOn.countDown();
        kept(engine.startAgain(this::settings));
        TestEngine.awaitTrue("all are handled", box.kept::isEmpty);

        // The one whose handler was running at the end could not be noted any more.
        final List<String> expected = new ArrayList<>(List.of("m0"));
        expected.addAll(texts(0, 40));
        assertEquals(expected, heard);
    }

    @Test
    void whatAnEngineHandledTheNextOneDoesNotHear() throws Exception {
        handlerMayGoOn.countDown();
        final TestEngine engine = start("right", this::settings);
        engine.cutlass.setOfflineAddress(sender, "somewhere");
        mail(0);
        mail(1);
        TestEngine.awaitTrue("all are handled", box.kept::isEmpty);
        engine.cutlass.close();
        mailAgainTo(engine);

        assertEquals(texts(0, 3), heard);
    }

    private void mailAgainTo(TestEngine before) throws IOException {
        kept(before.startAgain(this::settings));
        mail(1);
        mail(0);
        mail(2);
        TestEngine.awaitTrue("all are handled", box.kept::isEmpty);
    }

    @Test
    void aDefectOfTheDeliveryLeavesTheMessageInTheOutbox() throws Exception {
        final TestEngine engine = start("left", this::settings);
        engine.cutlass.setOfflineAddress(sender, "somewhere");
        TestEngine.awaitTrue("it is known", () -> engine.cutlass.peer(sender).isPresent());
        box.fails = true;
        engine.cutlass.peer(sender).orElseThrow().send("waits");
        TestEngine.awaitTrue("it was tried", () -> !box.threads.isEmpty());

        TestEngine.awaitTrue(
                "it waits",
                () -> engine.cutlass.peer(sender).orElseThrow().info().queuedMessages() == 1);
        assertEquals(List.of("cutlass-offline"), box.threads);
        assertTrue(box.sent.isEmpty());
    }

    @Test
    void timesOutOfRangeAreRefused() {
        for (Duration away : List.of(Duration.ZERO, Duration.ofHours(25))) {
            final IllegalArgumentException e = assertThrows(
                    IllegalArgumentException.class, () -> start("left", builder -> builder.offlineDelivery(box, away)));
            assertTrue(e.getMessage().contains("offlineDelivery"), e.getMessage());
        }
    }
}
